/** orchctl delete, scale, rollout, cordon, drain, config and version against the real API. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { KubeObject } from "#proto/resources/object.ts";
import { OrchctlUnderTest } from "../../support/orchctl.ts";

let cli: OrchctlUnderTest;
before(async () => {
  cli = await OrchctlUnderTest.start();
});
after(() => cli.stop());

let spaces = 0;
async function newSpace(): Promise<string> {
  const name = `space-${spaces++}`;
  await cli.calls.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  return name;
}
const configMap = (namespace: string, name: string, labels: Record<string, string> = {}): KubeObject => ({
  ...{ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace, labels } },
});
const deployment = (namespace: string, name: string): KubeObject => ({
  ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace } },
  spec: {
    ...{ replicas: 1, selector: { matchLabels: { app: name } } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "main", image: "busybox:2" }] } },
  },
});

test("delete by name, label, all and file; one missing is one sentence and where to look", async () => {
  const space = await newSpace();
  for (const [name, app] of [
    ["a", "x"],
    ["b", "x"],
    ["c", "y"],
    ["d", "y"],
  ] as const)
    await cli.calls.create("configmaps", configMap(space, name, { app }));
  const run = (...words: readonly string[]): ReturnType<OrchctlUnderTest["run"]> =>
    cli.run(["delete", ...words, "-n", space]);
  assert.equal((await run("cm", "a", "--dry-run")).out, "configmap/a deleted (server dry run)\n");
  assert.deepEqual(await run("cm", "a"), { code: 0, out: "configmap/a deleted\n", err: "" });
  const missing = await run("cm", "a");
  assert.deepEqual([missing.code, missing.out, missing.err.split("\n").length], [3, "", 3]);
  assert.equal((await run("cm", "a", "--ignore-not-found")).code, 0);
  assert.equal((await run("cm", "-l", "app=x", "-o", "name")).out, "configmap/b\n");
  const half = await run("cm", "c", "zz");
  assert.deepEqual([half.code, half.out], [3, "configmap/c deleted\n"]);
  assert.match(half.err, /error: 1 of 2 could not be deleted\n$/);
  assert.equal((await run("cm", "--all")).out, "configmap/d deleted\n");
  assert.equal((await run("cm", "--all")).err, "Nothing matches.\n");
  for (const words of [["cm"], [], ["cm", "a", "-f", "x.yaml"]])
    assert.equal((await run(...words)).code, 2, words.join(" "));
});

test("delete -f goes backwards: what stands in a namespace before the namespace", async () => {
  const space = await newSpace();
  await cli.calls.create("configmaps", configMap(space, "a"));
  const file = cli.file(
    "gone.yaml",
    `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${space}}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: ${space}}\n`,
  );
  const ran = await cli.run(["delete", "-f", file, "--no-wait"]);
  assert.equal(ran.out, `configmap/a deleted\nnamespace/${space} deleted\n`);
});

test("a deletion that a finalizer holds times out and says who holds it", async () => {
  const space = await newSpace();
  const held = configMap(space, "held");
  await cli.calls.create("configmaps", { ...held, metadata: { ...held.metadata, finalizers: ["example.com/hold"] } });
  const ran = await cli.run(["delete", "cm", "held", "-n", space, "--timeout", "200ms"]);
  assert.equal(ran.code, 8);
  assert.match(ran.err, /ConfigMap held is still there after 0\.2 s: its finalizers hold it \(example\.com\/hold\)/);
});

test("scale", async () => {
  const space = await newSpace();
  await cli.calls.create("deployments.apps", deployment(space, "web"));
  const run = (...words: readonly string[]): ReturnType<OrchctlUnderTest["run"]> =>
    cli.run(["scale", ...words, "-n", space]);
  assert.equal((await run("deploy/web", "--replicas", "3")).out, "deployment.apps/web scaled\n");
  assert.match(JSON.stringify((await cli.calls.get("deployments.apps", space, "web")).spec), /"replicas":3/);
  assert.equal((await run("deployment", "web", "--replicas", "3")).out, "deployment.apps/web unchanged\n");
  assert.equal((await run("deploy/web", "--replicas", "5", "--current-replicas", "1")).code, 4);
  assert.equal((await run("deploy/none", "--replicas", "5")).code, 3);
  const pod = await run("pod/x", "--replicas", "2");
  assert.equal(pod.code, 5);
  assert.match(pod.err, /Pod x has no replicas to scale/);
});

async function rolledOut(space: string): Promise<void> {
  await cli.calls.create("deployments.apps", deployment(space, "web"));
  const { metadata } = await cli.calls.get("deployments.apps", space, "web");
  const annotate = { metadata: { annotations: { "deployment.kubernetes.io/revision": "2" } } };
  await cli.calls.patch({ resource: "deployments.apps", namespace: space, name: "web" }, "merge", annotate);
  for (const revision of [1, 2]) {
    const { spec } = deployment(space, "web") as unknown as {
      spec: { template: { spec: { containers: { image: string }[] } } };
    };
    const [container] = spec.template.spec.containers;
    if (container) container.image = `busybox:${revision}`;
    const owner = { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: metadata.uid ?? "", controller: true };
    await cli.calls.create("replicasets.apps", {
      ...{ apiVersion: "apps/v1", kind: "ReplicaSet", spec },
      metadata: {
        ...{ name: `web-${revision}`, namespace: space, ownerReferences: [owner] },
        annotations: {
          "deployment.kubernetes.io/revision": String(revision),
          "kubernetes.io/change-cause": `v${revision}`,
        },
      },
    });
  }
}

test("rollout history, undo, pause, resume, restart, status", async () => {
  const space = await newSpace();
  await rolledOut(space);
  const run = (verb: string, ...words: readonly string[]): ReturnType<OrchctlUnderTest["run"]> =>
    cli.run(["rollout", verb, "deployment/web", ...words, "-n", space]);
  const image = async (): Promise<unknown> =>
    JSON.stringify((await cli.calls.get("deployments.apps", space, "web")).spec).match(/busybox:\d/)?.[0];
  assert.equal(
    (await run("history")).out,
    "REVISION   IMAGES      PODS   CHANGE-CAUSE\n1          busybox:1   0      v1\n2          busybox:2   0      v2\n",
  );
  assert.match((await run("history", "--revision", "1")).out, /image: busybox:1/);
  assert.equal((await run("undo")).out, "deployment.apps/web goes back to revision 1\n");
  assert.equal(await image(), "busybox:1");
  const unknown = await run("undo", "--to-revision", "9");
  assert.equal(unknown.code, 3);
  assert.match(unknown.err, /has no revision 9\n {2}→ it has: 1, 2/);
  assert.equal((await run("pause")).out, "deployment.apps/web paused\n");
  assert.equal((await run("restart")).code, 4);
  assert.equal((await run("undo")).code, 4);
  assert.equal((await run("resume")).out, "deployment.apps/web resumed\n");
  assert.equal((await run("restart")).out, "deployment.apps/web restarts\n");
  const now = await run("status", "--no-watch");
  assert.deepEqual([now.code, now.out], [1, "web: the change has not been seen yet\n"]);
  const waiting = run("status", "--timeout", "20s");
  const current = await cli.calls.get("deployments.apps", space, "web");
  const counts = { replicas: 1, updatedReplicas: 1, availableReplicas: 1, readyReplicas: 1 };
  const status = { observedGeneration: current.metadata.generation, ...counts };
  await cli.calls.update("deployments.apps", { ...current, status }, { subresource: "status" });
  const done = await waiting;
  assert.deepEqual([done.code, done.out], [0, "deployment web is rolled out: 1 of 1 pods are available\n"]);
  assert.equal((await cli.run(["rollout", "status", "pod/x"])).code, 5);
});

test("cordon, uncordon and drain", async () => {
  const space = await newSpace();
  await cli.calls.create("nodes", { apiVersion: "v1", kind: "Node", metadata: { name: "n1" } });
  assert.equal((await cli.run(["cordon", "n1"])).out, "node/n1 cordoned\n");
  assert.equal((await cli.run(["cordon", "n1"])).out, "node/n1 already cordoned\n");
  assert.equal((await cli.run(["uncordon", "n1"])).out, "node/n1 uncordoned\n");
  await cli.calls.create("pods", {
    ...{ apiVersion: "v1", kind: "Pod", metadata: { name: "alone", namespace: space } },
    spec: { nodeName: "n1", terminationGracePeriodSeconds: 0, containers: [{ name: "main", image: "busybox" }] },
  });
  const refused = await cli.run(["drain", "n1"]);
  assert.equal(refused.code, 4);
  assert.match(refused.err, /n1 is cordoned, but not drained\n {2}space-\d+\/alone has no controller/);
  const drained = await cli.run(["drain", "n1", "--force", "--grace-period", "0", "--timeout", "10s"]);
  assert.equal(drained.code, 0, drained.err);
  assert.equal(drained.out, `node/n1 already cordoned\npod/alone (${space}) has left (1 of 1)\nnode/n1 drained\n`);
});

test("contexts", async () => {
  const run = (...words: readonly string[]): ReturnType<OrchctlUnderTest["run"]> => cli.run(["config", ...words]);
  assert.match(
    (await run("get-contexts")).out,
    /^CURRENT +NAME +CLUSTER +USER +SERVER +NAMESPACE\n\* +admin +test +admin +127/,
  );
  assert.equal((await run("current-context")).out, "admin\n");
  assert.equal((await run("set-context", "--current", "-n", "shop")).out, 'Context "admin" uses namespace shop.\n');
  assert.equal(
    (await cli.run(["get", "pods"])).err,
    "No pods found in namespace shop, which does not exist (orchctl get namespaces).\n",
  );
  await run("set-context", "--current", "-n", "default");
  assert.equal((await run("set-context", "--current")).code, 2);
  assert.equal((await run("use-context", "other")).code, 3);
  assert.equal((await run("import", cli.file("no-config", "a: ["))).code, 5);
  const json = JSON.parse((await run("get-contexts", "-o", "json")).out);
  assert.deepEqual(Object.keys(json[0]), ["name", "cluster", "user", "server", "namespace", "current"]);
  assert.doesNotMatch(JSON.stringify(json), /PRIVATE KEY/);
});

test("a context that is imported never takes the place of somebody else's: it is named after its user", async () => {
  await cli.writeContext("test", "CN=ana, O=orch:viewers");
  const text = readFileSync(cli.config, "utf8");
  await cli.writeContext("test", "CN=admin, O=system:masters");
  const key = (): string => JSON.parse(readFileSync(cli.config, "utf8")).contexts[0].clientKey;
  const before = key();
  const add = () => cli.run(["config", "import", cli.file("ana.yaml", text)]);
  const first = await add();
  assert.match(
    first.out,
    /^Added ana@test \(user ana\), since test is another's\.\nThe current context of .* is ana@test\.\n$/,
  );
  assert.equal(key(), before);
  assert.match((await add()).out, /^Replaced ana@test \(user ana\)/);
  const { out } = await cli.run(["config", "get-contexts"]);
  assert.match(out, /^ +test +test +admin .*\n\* +ana@test +test +ana /m);
  const foreign = text.replaceAll('"cluster": "test"', '"cluster": "other"');
  const refused = await cli.run(["config", "import", cli.file("other.yaml", foreign)]);
  assert.equal(refused.code, 4);
  assert.match(refused.err, /rename yours first: orchctl config rename-context test NAME/);
  await cli.writeContext("admin", "CN=admin, O=system:masters");
});

test("version of both sides; who may not is told so; who cannot connect is told why", async () => {
  const both = await cli.run(["version"]);
  assert.match(both.out, /^client: \S+\nserver: \S+\n$/);
  assert.deepEqual(Object.keys(JSON.parse((await cli.run(["version", "-o", "json"])).out)), ["client", "server"]);
  await cli.writeContext("viewer", "CN=ada, O=orch:viewers");
  const forbidden = await cli.run(["delete", "cm", "a"]);
  assert.equal(forbidden.code, 6, forbidden.err);
  await cli.writeContext("down", "CN=admin, O=system:masters", "127.0.0.1:1");
  const down = await cli.run(["version", "--request-timeout", "300ms"]);
  assert.equal(down.code, 7);
  assert.match(down.out, /^client: /);
  assert.match(down.err, /the control plane of cluster "test" at 127\.0\.0\.1:1 does not answer: .*ECONNREFUSED/);
  const status = await cli.run(["cluster", "status", "--request-timeout", "300ms"]);
  assert.equal(status.code, 7);
  assert.match(status.err, /→ on its machine: systemctl status orch-control-plane/);
  await cli.writeContext("admin", "CN=admin, O=system:masters");
});

test("delete: who holds it, since when, and what to do", async () => {
  const space = await newSpace();
  const held = configMap(space, "held");
  const finalizers = ["example.com/hold", "example.com/more"];
  await cli.calls.create(
    "configmaps",
    { ...held, metadata: { ...held.metadata, finalizers } },
    { options: { fieldManager: "holder" } },
  );
  const ran = await cli.run(["delete", "cm", "held", "-n", space, "--timeout", "200ms"]);
  assert.match(
    ran.err,
    /the finalizer example\.com\/hold: "holder" set it \d+s ago, and takes it away when its work is done\. .*orchctl patch configmap held -n space-\d+ --type merge -p '\{"metadata":\{"finalizers":\["example\.com\/more"\]\}\}'/,
  );
  const described = await cli.run(["describe", "cm", "held", "-n", space]);
  assert.match(described.out, /Deleting: for \d+s\n {2}held by the finalizer example\.com\/hold: "holder" set it/);
  const remedy = /orchctl (patch .*?) -p '(.*)'/.exec(ran.err);
  await cli.run([...(remedy?.[1] ?? "").split(" "), "-p", remedy?.[2] ?? ""]);
  assert.deepEqual((await cli.calls.get("configmaps", space, "held")).metadata.finalizers, ["example.com/more"]);
  const gone = await cli.run(["delete", "ns", space, "--timeout", "200ms"]);
  assert.match(gone.err, /1 object in it: they go first: configmap\/held\. Finalizers hold configmap\/held/);
});

test("delete: a pod of a lost node is told so; --force warns; --now and preconditions", async () => {
  const space = await newSpace();
  const pod = (name: string): KubeObject => ({
    ...{ apiVersion: "v1", kind: "Pod", metadata: { name, namespace: space } },
    spec: { nodeName: "lost", containers: [{ name: "c", image: "x" }] },
  });
  const run = (...words: readonly string[]): ReturnType<OrchctlUnderTest["run"]> =>
    cli.run(["delete", ...words, "-n", space]);
  for (const name of ["a", "b"]) await cli.calls.create("pods", pod(name));
  assert.match(
    (await run("pod", "a", "--timeout", "100ms")).err,
    /node lost: there is no such node any more\. Remove the pod: orchctl delete pod a -n space-\d+ --force/,
  );
  const forced = await run("pod", "a", "--force");
  assert.deepEqual([forced.code, forced.out], [0, "pod/a deleted\n"]);
  assert.match(forced.err, /warning: removed at once, without waiting for the nodes/);
  const uid = (await cli.calls.get("pods", space, "b")).metadata.uid ?? "";
  const other = await run("pod", "b", "--uid", "11111111-1111-4111-8111-111111111111");
  assert.equal(other.code, 4, other.err);
  assert.equal((await run("pod", "b", "--resource-version", "1")).code, 4);
  assert.equal((await run("pod", "b", "--dry-run=client")).out, "pod/b deleted (client dry run)\n");
  assert.equal((await run("pod", "b", "--uid", uid, "--now", "--no-wait")).code, 0);
  assert.equal((await cli.calls.get("pods", space, "b")).metadata.deletionGracePeriodSeconds, 1);
  for (const words of [["--grace-period", "0"], ["--now", "--grace-period", "5"], ["--force", "--now"], ["-A"]])
    assert.equal((await run("pod", "b", ...words)).code, 2, words.join(" "));
});

test("scale by selector, guarded by the number and the version there are", async () => {
  const space = await newSpace();
  for (const name of ["a", "b"]) await cli.calls.create("deployments.apps", deployment(space, name));
  const run = (...words: readonly string[]): ReturnType<OrchctlUnderTest["run"]> =>
    cli.run(["scale", ...words, "-n", space]);
  assert.equal(
    (await run("deploy", "--all", "--replicas", "3")).out,
    "deployment.apps/a scaled\ndeployment.apps/b scaled\n",
  );
  assert.equal(
    (await run("deploy", "a", "b", "--replicas", "2", "--current-replicas", "3", "--dry-run=server")).out,
    "deployment.apps/a scaled (server dry run)\ndeployment.apps/b scaled (server dry run)\n",
  );
  const wrong = await run("deploy/a", "--replicas", "5", "--current-replicas", "1");
  assert.deepEqual([wrong.code, /has 3 replicas, not 1/.test(wrong.err)], [4, true]);
  const stale = await run("deploy/a", "--replicas", "5", "--resource-version", "1");
  assert.equal(stale.code, 4, stale.err);
  assert.equal(
    (await run("deploy/a", "--replicas", "5", "--current-replicas", "3", "-o", "jsonpath={.spec.replicas}")).out,
    "5",
  );
});

test("rollouts of several deployments, one after the other", async () => {
  const space = await newSpace();
  for (const name of ["a", "b"]) await cli.calls.create("deployments.apps", deployment(space, name));
  const run = (...words: readonly string[]): ReturnType<OrchctlUnderTest["run"]> =>
    cli.run(["rollout", ...words, "-n", space]);
  assert.equal(
    (await run("restart", "deploy", "a", "b")).out,
    "deployment.apps/a restarts\ndeployment.apps/b restarts\n",
  );
  assert.equal((await run("pause", "deploy/a", "deployment/b")).code, 0);
  const half = await run("resume", "deploy/a", "deploy/none");
  assert.deepEqual([half.code, half.out], [3, "deployment.apps/a resumed\n"]);
  assert.equal((await run("restart", "rs/x")).code, 5);
  await cli.run(["label", "deploy", "b", "tier=front", "-n", space]);
  assert.equal((await run("resume", "deploy", "-l", "tier=front")).out, "deployment.apps/b resumed\n");
  assert.equal((await run("restart", "deploy", "-l", "tier=none")).err, "Nothing matches.\n");
  assert.equal((await run("restart", "deploy/a", "-l", "tier=front")).code, 2);
});

test("wait: conditions, fields, creation, deletion; by name, label, file; a time-out leaves with 8", async () => {
  const space = await newSpace();
  const run = (...words: readonly string[]): ReturnType<OrchctlUnderTest["run"]> =>
    cli.run(["wait", ...words, "-n", space]);
  await cli.calls.create("deployments.apps", deployment(space, "web"));
  const conditions = [{ type: "Available", status: "True" }];
  const current = await cli.calls.get("deployments.apps", space, "web");
  const status = { observedGeneration: 1, replicas: 2, conditions };
  await cli.calls.update("deployments.apps", { ...current, status }, { subresource: "status" });
  for (const what of [
    "condition=Available",
    "condition=available=true",
    "jsonpath={.status.replicas}=2",
    "jsonpath=.status.replicas",
    'jsonpath={.status.conditions[?(@.type=="Available")].status}=True',
    "create",
  ])
    assert.equal((await run("deploy/web", "--for", what)).out, "deployment.apps/web condition met\n", what);
  const late = await run("deploy/web", "--for", "jsonpath={.status.replicas}=3", "--timeout", "100ms");
  assert.equal(late.code, 8);
  assert.match(
    late.err,
    /Deployment web: not jsonpath=\{\.status\.replicas\}=3 within 0\.1 s\n {2}→ orchctl describe deployment web/,
  );
  const waiting = run("cm/later", "--for", "create", "--timeout", "30s");
  await cli.calls.create("configmaps", configMap(space, "later", { app: "x" }));
  assert.equal((await waiting).code, 0);
  const gone = run("cm", "-l", "app=x", "--for", "delete", "-o", "name", "--timeout", "30s");
  await cli.calls.delete("configmaps", space, "later");
  assert.equal((await gone).code, 0);
  assert.equal((await run("cm", "-l", "app=x", "--for", "create")).code, 3);
  for (const words of [
    ["deploy/web"],
    ["deploy", "--for", "delete"],
    ["deploy/web", "--for", "happy"],
    ["--for", "delete"],
    ["deploy/web", "--for", "jsonpath={.a"],
  ])
    assert.equal((await run(...words)).code, 2, words.join(" "));
});
