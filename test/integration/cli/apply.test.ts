/** orchctl apply against the real API. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { OrchctlUnderTest } from "../../support/orchctl.ts";

let cli: OrchctlUnderTest;
before(async () => {
  cli = await OrchctlUnderTest.start();
});
after(() => cli.stop());

const configMap = (name: string, more = "data: {a: b}\n"): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n${more}`;
const deployment = (name: string, replicas = 1): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: busybox}]}
`;
const names = async (resource: string, namespace: string): Promise<readonly string[]> =>
  (await cli.calls.list(resource, { namespace })).items.map((item) => item.metadata.name);
async function namespace(name: string): Promise<string> {
  await cli.calls.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  return name;
}

test("one line an object says what became of it, in an order in which each finds what it needs", async () => {
  const text = `${deployment("web")}---\n${configMap("settings")}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n`;
  const first = await cli.run(["apply", "-f", "-", "-n", "shop"], { input: text });
  assert.deepEqual(first, {
    ...{ code: 0, err: "" },
    out: "namespace/shop created\nconfigmap/settings created\ndeployment.apps/web created\n",
  });
  const again = await cli.run(["apply", "-f", "-", "-n", "shop"], { input: text.replace("a: b", "a: c") });
  assert.equal(again.out, "namespace/shop unchanged\nconfigmap/settings configured\ndeployment.apps/web unchanged\n");
});

test("the third of five documents wrong: nothing is applied", async () => {
  const space = await namespace("all-or-none");
  const text = ["a", "b", "c", "d", "e"]
    .map((name) => configMap(name, name === "c" ? "data: [1]\n" : ""))
    .join("---\n");
  const ran = await cli.run(["apply", "-f", "-", "-n", space], { input: text });
  assert.equal(ran.code, 5);
  assert.match(
    ran.err,
    /^error: nothing was applied: one thing is wrong in the files\n {2}stdin:12:1: ConfigMap c: data: /,
  );
  assert.deepEqual(await names("configmaps", space), []);
});

test("what only the server knows is refused before the first change too", async () => {
  const space = await namespace("server-check");
  await cli.run(["apply", "-f", "-", "-n", space], { input: deployment("web") });
  const text = `${configMap("new")}---\n${deployment("web").replaceAll("app: web", "app: other")}`;
  const ran = await cli.run(["apply", "-f", "-", "-n", space], { input: text });
  assert.equal(ran.code, 5, ran.err);
  assert.match(
    ran.err,
    /nothing was applied: the server refused 1 of 2 documents\n {2}stdin:\d+:\d+: Deployment web: spec\.selector/,
  );
  assert.deepEqual(await names("configmaps", space), []);
});

test("a namespace that comes with the same files may be used by them", async () => {
  const text = `${configMap("x", "").replace("name: x", "name: x, namespace: brought")}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: brought}\n`;
  assert.equal((await cli.run(["apply", "-f", "-"], { input: text })).code, 0);
  assert.deepEqual(await names("configmaps", "brought"), ["x"]);
});

test("files, folders in order of names, and folders below", async () => {
  const space = await namespace("folders");
  const { mkdirSync } = await import("node:fs");
  const { join } = await import("node:path");
  mkdirSync(join(cli.folder, "dir/below"), { recursive: true });
  cli.file("dir/2.yaml", configMap("two"));
  cli.file(
    "dir/1.json",
    JSON.stringify({
      apiVersion: "v1",
      kind: "List",
      items: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "one" } }],
    }),
  );
  cli.file("dir/notes.txt", "not a manifest");
  cli.file("dir/below/3.yml", configMap("three"));
  const flat = await cli.run(["apply", "-f", "dir", "-n", space]);
  assert.equal(flat.out, "configmap/one created\nconfigmap/two created\n");
  const deep = await cli.run(["apply", "-R", "-f", "dir", "-n", space]);
  assert.equal(deep.out, "configmap/one unchanged\nconfigmap/two unchanged\nconfigmap/three created\n");
});

test("what cannot be read is said in one sentence, with its exit code", async () => {
  cli.file("latin1.yaml", "");
  const { writeFileSync } = await import("node:fs");
  const { join } = await import("node:path");
  writeFileSync(join(cli.folder, "latin1.yaml"), Buffer.from([0x61, 0x3a, 0xff]));
  const cases = [
    [["-f", "nowhere.yaml"], 3, /there is no file nowhere\.yaml/],
    [["-f", "https://example.com/a.yaml"], 3, /curl -fsSL https:\/\/example\.com\/a\.yaml \| orchctl apply/],
    [["-f", "latin1.yaml"], 5, /latin1\.yaml is no UTF-8 text/],
    [["-f", "-"], 3, /there are no manifests in -/],
  ] as const;
  for (const [flags, code, pattern] of cases) {
    const ran = await cli.run(["apply", ...flags]);
    assert.equal(ran.code, code, ran.err);
    assert.match(ran.err, pattern);
    assert.doesNotMatch(ran.err, /\n\s+at /);
  }
});

test("a dry run changes nothing, here or there", async () => {
  const space = await namespace("dry");
  const there = await cli.run(["apply", "-f", "-", "-n", space, "--dry-run"], { input: configMap("x") });
  assert.equal(there.out, "configmap/x created (server dry run)\n");
  const here = await cli.run(["apply", "-f", "-", "-n", space, "--dry-run=client"], { input: configMap("x") });
  assert.equal(here.out, "configmap/x read (client dry run)\n");
  assert.deepEqual(await names("configmaps", space), []);
});

test("a field that somebody else owns is a conflict that names the owner, until it is taken over", async () => {
  const space = await namespace("owners");
  await cli.run(["apply", "-f", "-", "-n", space, "--field-manager", "other"], { input: configMap("x") });
  const changed = configMap("x", "data: {a: mine}\n");
  const ran = await cli.run(["apply", "-f", "-", "-n", space], { input: changed });
  assert.equal(ran.code, 4, ran.err);
  assert.match(ran.err, /stdin:4:\d+: ConfigMap x: .*data\.a.*other/s);
  assert.equal((await cli.run(["apply", "-f", "-", "-n", space, "--force-conflicts"], { input: changed })).code, 0);
});

test("several appliers share an object, each with its part; what is missing of a new one is said before the first change", async () => {
  const space = await namespace("shared");
  const apply = (input: string, ...flags: string[]) => cli.run(["apply", "-f", "-", "-n", space, ...flags], { input });
  assert.equal((await apply(deployment("web"))).code, 0);
  const part = (name: string, image: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  minReadySeconds: 1
  template:
    spec:
      containers:
        - name: main
          image: ${image}
`;
  const shared = await apply(part("web", "busybox"), "--field-manager", "ci");
  assert.deepEqual([shared.code, shared.out], [0, "deployment.apps/web configured\n"], shared.err);
  const taken = await apply(part("web", "busybox:2"), "--field-manager", "ci");
  assert.equal(taken.code, 4);
  assert.match(taken.err, /stdin:10:11: Deployment web: .*containers\[name="main"\]\.image: owned by "orchctl"/);
  const added = `${configMap("before")}---\n${part("new", "busybox")}`;
  const missing = await apply(added);
  assert.equal(missing.code, 5);
  assert.match(missing.err, /stdin:\d+:1: Deployment new: spec\.selector: is required/);
  assert.deepEqual(await names("configmaps", space), []);
  const withSpace = `apiVersion: v1\nkind: Namespace\nmetadata: {name: comes-with-it}\n---\n${added}`;
  const early = await cli.run(["apply", "-f", "-", "-n", "comes-with-it"], { input: withSpace });
  assert.match(early.err, /wrong in the files[\s\S]*spec\.selector: is required/);
  assert.ok(!(await names("namespaces", "")).includes("comes-with-it"));
});

test("unknown fields are refused where they stand, or warned about, or let go", async () => {
  const space = await namespace("unknown");
  const text = configMap("x", "frobs: 1\n");
  const strict = await cli.run(["apply", "-f", "-", "-n", space], { input: text });
  assert.equal(strict.code, 5);
  assert.match(strict.err, /stdin:4:1: ConfigMap x: frobs: /);
  const warn = await cli.run(["apply", "-f", "-", "-n", space, "--validate", "warn"], { input: text });
  assert.equal(warn.code, 0, warn.err);
  assert.match(warn.err, /^warning: stdin:\d+:\d+: ConfigMap x: .*frobs/);
  const ignore = await cli.run(["apply", "-f", "-", "-n", space, "--validate=false"], { input: text });
  assert.deepEqual([ignore.code, ignore.err], [0, ""]);
});

test("-o prints the objects instead of sentences", async () => {
  const space = await namespace("printed");
  const ran = await cli.run(["apply", "-f", "-", "-n", space, "-o", "json"], { input: configMap("x") });
  assert.equal(JSON.parse(ran.out).metadata.name, "x");
  const two = await cli.run(["apply", "-f", "-", "-n", space, "-o", "name"], {
    input: `${configMap("x")}---\n${configMap("z")}`,
  });
  assert.equal(two.out, "configmap/x\nconfigmap/z\n");
});

test("--wait waits for the rollout, and a time-out says how far it came", async () => {
  const space = await namespace("waits");
  const ran = await cli.run(["apply", "-f", "-", "-n", space, "--wait", "--timeout", "200ms"], {
    input: deployment("web", 2),
  });
  assert.equal(ran.code, 8);
  assert.equal(ran.out, "deployment.apps/web created\n");
  assert.match(
    ran.err,
    /error: web is not rolled out after 0\.2 s: web: .*\n {2}→ orchctl describe deployment web shows why\n$/,
  );
});

test("--wait: a time-out names the pods that are not ready, and what they wait for", async () => {
  const space = await namespace("waits-why");
  const message = "0/3 nodes are available: 3 insufficient memory";
  await cli.calls.create("pods", {
    ...{ apiVersion: "v1", kind: "Pod", metadata: { name: "web-1", namespace: space, labels: { app: "web" } } },
    spec: { containers: [{ name: "main", image: "busybox" }] },
  });
  const pod = await cli.calls.get("pods", space, "web-1");
  const conditions = [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }];
  await cli.calls.update("pods", { ...pod, status: { phase: "Pending", conditions } }, { subresource: "status" });
  const input = deployment("web");
  const ran = await cli.run(["apply", "-f", "-", "-n", space, "--wait", "--timeout", "200ms"], { input });
  assert.equal(ran.code, 8);
  assert.match(
    ran.err,
    /web is not rolled out after 0\.2 s: .*\n {2}web-1: Pending: 0\/3 nodes are available: 3 insufficient memory\n {2}→/,
  );
});

test("one way of filling a field makes room for another: strategies, probes, volumes; others' fields stay", async () => {
  const space = await namespace("other-ways");
  const workload = (strategy: string, container: string, volume: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  ${strategy}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: main, image: busybox, ${container}}]
      volumes: [{name: v, ${volume}}]
`;
  const first = workload("replicas: 1", "livenessProbe: {httpGet: {port: 80}}", "configMap: {name: c}");
  const second = workload(
    "strategy: {type: Recreate}",
    "livenessProbe: {tcpSocket: {port: 80}}",
    "secret: {secretName: s}",
  );
  const apply = (input: string, ...flags: readonly string[]) =>
    cli.run(["apply", "-f", "-", "-n", space, ...flags], { input });
  const spec = async () => {
    const { strategy, template } = (await cli.calls.get("deployments.apps", space, "web")).spec as {
      strategy: unknown;
      template: { spec: { containers: readonly Record<string, unknown>[]; volumes: readonly unknown[] } };
    };
    return { strategy, main: template.spec.containers[0], volumes: template.spec.volumes };
  };
  assert.equal((await apply(first)).code, 0);
  const changed = await apply(second);
  assert.equal(changed.code, 0, changed.err);
  const { strategy, main, volumes } = await spec();
  assert.deepEqual(strategy, { type: "Recreate" });
  const handlers = Object.keys(main?.livenessProbe as object).filter((key) => /httpGet|tcpSocket/.test(key));
  assert.deepEqual(handlers, ["tcpSocket"]);
  assert.deepEqual(volumes, [{ name: "v", secret: { secretName: "s", defaultMode: 420 } }]);
  assert.equal((await apply(second)).out, "deployment.apps/web unchanged\n");
  assert.equal((await apply(first)).code, 0);
  const rolling = { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } };
  assert.deepEqual((await spec()).strategy, rolling);
  await cli.run(["delete", "deploy", "web", "-n", space]);
  // What was created is its maker's too: no other way is in the way of his apply.
  assert.equal((await cli.run(["create", "-f", "-", "-n", space], { input: first })).code, 0);
  const remade = await apply(second.replace("livenessProbe: {tcpSocket", "readinessProbe: {tcpSocket"));
  assert.equal(remade.code, 0, remade.err);
  assert.deepEqual((await spec()).strategy, { type: "Recreate" });
  await cli.run(["delete", "deploy", "web", "-n", space]);
  // Somebody else's field in the same object is not taken along.
  await apply(first);
  await apply(
    workload("strategy: {rollingUpdate: {maxSurge: 3}}", "tty: false", "emptyDir: {}").replace(/ {6}volumes.*\n/, ""),
    "--field-manager",
    "other",
  );
  const refused = await apply(second);
  assert.match(refused.err, /rollingUpdate: can be set only with type RollingUpdate/);
});
