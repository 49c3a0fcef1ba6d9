/** orchctl patch, label, annotate, taint and set against the real API. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { KubeObject } from "#proto/resources/object.ts";
import { OrchctlUnderTest, type Ran } from "../../support/orchctl.ts";

let cli: OrchctlUnderTest;
before(async () => {
  cli = await OrchctlUnderTest.start();
});
after(() => cli.stop());

let spaces = 0;
async function newSpace(): Promise<string> {
  const name = `fields-${spaces++}`;
  await cli.calls.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  return name;
}

async function webIn(namespace: string): Promise<(...words: readonly string[]) => Promise<Ran>> {
  const containers = [
    { name: "main", image: "web:1", env: [{ name: "OLD", value: "1" }] },
    { name: "side", image: "proxy:1" },
  ];
  await cli.calls.create("deployments.apps", {
    ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace, labels: { app: "web" } } },
    spec: {
      ...{ replicas: 1, selector: { matchLabels: { app: "web" } } },
      template: { metadata: { labels: { app: "web" } }, spec: { containers } },
    },
  });
  return (...words) => cli.run([...words, "-n", namespace]);
}

interface Live extends KubeObject {
  readonly spec: {
    readonly replicas: number;
    readonly template: { readonly spec: { readonly containers: readonly Record<string, unknown>[] } };
  };
}
const live = async (namespace: string): Promise<Live> =>
  (await cli.calls.get("deployments.apps", namespace, "web")) as Live;
const containers = async (namespace: string) => (await live(namespace)).spec.template.spec.containers;

test("patch: strategic keeps other containers, merge replaces lists, json goes step by step", async () => {
  const space = await newSpace();
  const run = await webIn(space);
  const strategic = await run(
    "patch",
    "deploy",
    "web",
    "-p",
    "spec: {template: {spec: {containers: [{name: side, image: 'proxy:2'}]}}}",
  );
  assert.deepEqual(strategic, { code: 0, err: "", out: "deployment.apps/web patched\n" });
  assert.deepEqual(
    (await containers(space)).map((one) => one.image),
    ["web:1", "proxy:2"],
  );
  const json = await run(
    "patch",
    "deploy/web",
    "--type",
    "json",
    "-p",
    '[{"op":"test","path":"/spec/replicas","value":1},{"op":"replace","path":"/spec/replicas","value":4}]',
  );
  assert.equal(json.code, 0, json.err);
  assert.equal((await live(space)).spec.replicas, 4);
  const merge = await run(
    "patch",
    "deploy/web",
    "--type",
    "merge",
    "-p",
    '{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"web:9"}]}}}}',
  );
  assert.equal(merge.code, 0, merge.err);
  assert.equal((await containers(space)).length, 1);
  cli.file("p.yaml", "metadata:\n  labels: {a: b}\n");
  assert.equal(
    (await run("patch", "deploy/web", "--patch-file", "p.yaml", "-o", "jsonpath={.metadata.labels.a}")).out,
    "b",
  );
  const scaled = await run(
    "patch",
    "deploy/web",
    "--subresource",
    "scale",
    "--type",
    "merge",
    "-p",
    "spec: {replicas: 2}",
  );
  assert.equal(scaled.code, 0, scaled.err);
  assert.equal((await live(space)).spec.replicas, 2);
});

test("patch: a dry run changes nothing; the same again is unchanged", async () => {
  const space = await newSpace();
  const run = await webIn(space);
  const patch = ["patch", "deploy/web", "--type", "merge", "-p", '{"spec":{"replicas":7}}'] as const;
  assert.equal((await run(...patch, "--dry-run=server")).out, "deployment.apps/web patched (server dry run)\n");
  assert.equal((await run(...patch, "--dry-run=client", "-o", "jsonpath={.spec.replicas}")).out, "7");
  assert.equal((await live(space)).spec.replicas, 1);
  await run(...patch);
  assert.equal((await run(...patch)).out, "deployment.apps/web unchanged\n");
});

test("patch: what is wrong is said with its place, and nothing changes", async () => {
  const space = await newSpace();
  const run = await webIn(space);
  const before = (await live(space)).metadata.resourceVersion;
  const cases = [
    [["-p", "{spec: {replicas: 1}"], 5, /--patch:1:\d+: this is neither JSON nor YAML/],
    [["-p", "[1]"], 5, /a strategic patch is an object/],
    [["--type", "json", "-p", "{}"], 5, /a json patch is a list of operations/],
    [["-p", "{}", "--patch-file", "x"], 2, /either -p or --patch-file/],
    [[], 2, /either -p or --patch-file/],
    [["--patch-file", "nowhere"], 3, /nowhere: there is no such file/],
    [["-p", "spec: {replicas: many}"], 5, /spec\.replicas: must be a whole number/],
    [["-p", "spec: {replica: 3}"], 5, /spec\.replica: unknown field; did you mean `replicas`\?/],
    [["-p", "spec: {replicas: 3}", "--dry-run=client"], 2, /strategic patch can be tried on the server only/],
    [["--type", "json", "-p", '[{"op":"remove","path":"/spec/nothing"}]'], 5, /\/spec\/nothing/],
  ] as const;
  for (const [flags, code, pattern] of cases) {
    const ran = await run("patch", "deploy/web", ...flags);
    assert.equal(ran.code, code, `${flags.join(" ")}: ${ran.err}`);
    assert.match(ran.err, pattern);
    assert.equal(ran.out, "");
  }
  assert.equal((await live(space)).metadata.resourceVersion, before);
});

for (const [verb, field, done] of [
  ["label", "labels", "labeled"],
  ["annotate", "annotations", "annotated"],
] as const) {
  test(`${verb}: set, refuse to overwrite, overwrite, remove, list, by selector`, async () => {
    const space = await newSpace();
    const run = await webIn(space);
    const pairs = async (): Promise<Record<string, string>> => (await live(space)).metadata[field] ?? {};
    assert.equal((await run(verb, "deploy", "web", "tier=front", "x=")).out, `deployment.apps/web ${done}\n`);
    assert.equal((await pairs()).tier, "front");
    assert.equal((await pairs()).x, "");
    const taken = await run(verb, "deploy/web", "tier=back", "new=1");
    assert.equal(taken.code, 4);
    assert.match(
      taken.err,
      new RegExp(
        `some ${field} have another value already\\n {2}metadata\\.${field}: tier is "front"\\n {2}→ add --overwrite`,
      ),
    );
    assert.equal((await pairs()).new, undefined);
    assert.equal((await run(verb, "deploy/web", "tier=back", "--overwrite")).code, 0);
    assert.equal((await run(verb, "deploy/web", "tier=back")).out, "deployment.apps/web unchanged\n");
    assert.match((await run(verb, "deploy/web", "--list")).out, /^tier=back$/m);
    assert.equal((await run(verb, "deploy", "-l", "app=web", "tier-")).code, 0);
    assert.equal((await pairs()).tier, undefined);
    const absent = await run(verb, "deploy/web", "nothing-");
    assert.deepEqual(absent, {
      ...{ code: 0, out: "deployment.apps/web unchanged\n" },
      err: `deployment.apps/web has no ${field.slice(0, -1)} nothing\n`,
    });
    const stale = await run(verb, "deploy/web", "late=1", "--resource-version", "1");
    assert.equal(stale.code, 4, stale.err);
    for (const words of [
      ["deploy/web"],
      ["deploy/web", "=v"],
      ["deploy/web", "a=1", "a-"],
      ["deploy", "a=1"],
      ["deploy/web", "-l", "a=b", "c=d"],
    ])
      assert.equal((await run(verb, ...words)).code, 2, words.join(" "));
  });
}

test("a label that cannot be one is refused with its field; the others have their turn", async () => {
  const space = await newSpace();
  const run = await webIn(space);
  const bad = await run("label", "deploy/web", "a b=c");
  assert.equal(bad.code, 5);
  assert.match(bad.err, /metadata\.labels/);
  const half = await run("label", "deploy/web", "deploy/none", "good=1");
  assert.equal(half.code, 3);
  assert.equal(half.out, "deployment.apps/web labeled\n");
  assert.match(half.err, /none does not exist\n[\s\S]*error: 1 of 2 could not be labeled\n$/);
  assert.equal((await run("label", "deploy/web", "good=2", "--overwrite=true")).code, 0);
});

test("taint: set, another value, overwrite, remove by effect and by key", async () => {
  await cli.calls.create("nodes", { apiVersion: "v1", kind: "Node", metadata: { name: "n1" } });
  const taints = async (): Promise<readonly string[]> => {
    const { spec } = (await cli.calls.get("nodes", "", "n1")) as {
      spec?: { taints?: readonly { key: string; value?: string; effect: string }[] };
    };
    return (spec?.taints ?? []).map(({ key, value, effect }) => `${key}=${value ?? ""}:${effect}`);
  };
  assert.equal((await cli.run(["taint", "node", "n1", "a=1:NoSchedule", "b:NoExecute"])).out, "node/n1 tainted\n");
  assert.deepEqual(await taints(), ["a=1:NoSchedule", "b=:NoExecute"]);
  assert.equal((await cli.run(["taint", "node", "n1", "a=1:NoSchedule"])).out, "node/n1 unchanged\n");
  const taken = await cli.run(["taint", "node", "n1", "a=2:NoSchedule"]);
  assert.equal(taken.code, 4);
  assert.match(taken.err, /has the taint a=1:NoSchedule already\n {2}→ add --overwrite/);
  assert.equal((await cli.run(["taint", "node/n1", "a=2:NoSchedule", "a:PreferNoSchedule", "--overwrite"])).code, 0);
  assert.equal((await cli.run(["taint", "nodes", "--all", "a:NoSchedule-"])).out, "node/n1 untainted\n");
  assert.deepEqual(await taints(), ["b=:NoExecute", "a=:PreferNoSchedule"]);
  assert.equal((await cli.run(["taint", "node", "n1", "a-", "b-"])).code, 0);
  assert.deepEqual(await taints(), []);
  const missing = await cli.run(["taint", "node", "n1", "zz-"]);
  assert.equal(missing.code, 3);
  for (const words of [["n1"], ["n1", "a=b:Never"], ["n1", "a=b"], ["n1", ":NoSchedule"]])
    assert.equal((await cli.run(["taint", "node", ...words])).code, 2, words.join(" "));
});

test("taint: other kinds are refused before anything is asked, with what a taint is for", async () => {
  for (const words of [
    ["pod", "X"],
    ["pods", "no-such", "a=b:NoSchedule"],
    ["deploy/web", "a-"],
  ]) {
    const refused = await cli.run(["taint", ...words]);
    assert.equal(refused.code, 2, words.join(" "));
    assert.match(
      refused.err,
      /^error: (pods|deployments) take no taints: only nodes do\n {2}→ .*orchctl taint node NAME/,
    );
  }
  for (const words of [[], ["node", "n1"], ["nodes"]])
    assert.match((await cli.run(["taint", ...words])).err, /^error: no taint was given\n {2}→ .* orchctl taint node /);
});

test("set image, env and resources change what they name and nothing else", async () => {
  const space = await newSpace();
  const run = await webIn(space);
  assert.equal((await run("set", "image", "deploy/web", "main=web:2")).out, "deployment.apps/web image updated\n");
  assert.deepEqual(
    (await containers(space)).map((one) => one.image),
    ["web:2", "proxy:1"],
  );
  await run("set", "image", "deploy", "web", "*=same:1");
  assert.deepEqual(
    (await containers(space)).map((one) => one.image),
    ["same:1", "same:1"],
  );
  const unknown = await run("set", "image", "deploy/web", "nobody=x:1");
  assert.equal(unknown.code, 3);
  assert.match(unknown.err, /deployment\.apps\/web: it has no container "nobody"\n {2}→ it has: main, side/);

  assert.equal((await run("set", "env", "deploy/web", "-c", "main", "NEW=a=b", "OLD-")).code, 0);
  const [main, side] = await containers(space);
  assert.deepEqual(main?.env, [{ name: "NEW", value: "a=b" }]);
  assert.equal(side?.env, undefined);
  await run("create", "configmap", "settings", "--from-literal", "log.level=debug");
  assert.equal((await run("set", "env", "deploy/web", "--from", "cm/settings", "--prefix", "APP_")).code, 0);
  assert.match(
    (await run("set", "env", "deploy/web", "--list")).out,
    /^# deployment\.apps\/web, container main\nNEW=a=b\nAPP_LOG_LEVEL=<.*settings.*>$/m,
  );
  await run("set", "env", "deploy/web", "APP_LOG_LEVEL=plain");
  assert.deepEqual((await containers(space))[1]?.env, [{ name: "APP_LOG_LEVEL", value: "plain" }]);

  await run("set", "resources", "deploy/web", "-c", "main", "--requests", "cpu=100m,memory=64Mi", "--limits", "cpu=1");
  await run("set", "resources", "deploy/web", "-c", "main", "--requests", "memory=0", "--limits", "cpu=2000m");
  assert.deepEqual((await containers(space))[0]?.resources, { requests: { cpu: "100m" }, limits: { cpu: "2" } });
  for (const words of [
    ["image", "deploy/web"],
    ["env", "deploy/web"],
    ["resources", "deploy/web"],
    ["resources", "deploy/web", "--limits", "cpu=much"],
    ["env", "deploy/web", "--from", "pod/x"],
  ])
    assert.equal((await run("set", ...words)).code, 2, words.join(" "));
  const none = await run("set", "image", "cm/settings", "a=b");
  assert.match(none.err, /ConfigMap settings has no containers/);
});
