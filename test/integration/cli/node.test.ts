/** orchctl drain, node and get --raw against the real API; nobody runs pods here. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { replaceRequestedAnnotation } from "#proto/resources/replace-request.ts";
import { OrchctlUnderTest } from "../../support/orchctl.ts";

let cli: OrchctlUnderTest;
const raw: string[] = [];
before(async () => {
  cli = await OrchctlUnderTest.start({
    extensions: {
      createJoinToken: async () => ({ token: "T", joinCommand: "orch-node-agent join --token T", expiresAtMs: 0 }),
      raw: async ({ path }) => {
        raw.push(path);
        const isWell = !path.startsWith("/readyz");
        return {
          status: isWell ? 200 : 500,
          contentType: "text/plain",
          body: Buffer.from(isWell ? "ok" : "not ready\n"),
        };
      },
    },
  });
});
after(() => cli.stop());

async function makeNode(name: string, ready: "True" | "Unknown"): Promise<void> {
  await cli.calls.create("nodes", { apiVersion: "v1", kind: "Node", metadata: { name } });
  const conditions = [{ type: "Ready", status: ready }];
  await cli.calls.patch({ resource: "nodes", namespace: "", name, subresource: "status" }, "merge", {
    status: { conditions },
  });
}

async function makePod(name: string, nodeName: string, more: { labels?: object; owner?: string; uid?: string } = {}) {
  const { labels = {}, owner, uid = "u" } = more;
  const ownerReferences = owner
    ? [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: owner, uid, controller: true }]
    : [];
  const spec = { nodeName, containers: [{ name: "main", image: "example" }] };
  const metadata = { name, namespace: "default", labels, ownerReferences };
  return (await cli.calls.create("pods", { apiVersion: "v1", kind: "Pod", metadata, spec }, { namespace: "default" }))
    .object;
}

async function makeReplicaSet(name: string): Promise<string> {
  const template = { metadata: { labels: { app: name } }, spec: { containers: [{ name: "main", image: "example" }] } };
  const spec = { replicas: 1, selector: { matchLabels: { app: name } }, template };
  const body = { apiVersion: "apps/v1", kind: "ReplicaSet", metadata: { name, namespace: "default" }, spec };
  return (await cli.calls.create("replicasets.apps", body, { namespace: "default" })).object.metadata.uid ?? "";
}

test("cordon, uncordon and drain take nodes by label, and as get -o name prints them", async () => {
  await makeNode("r1", "True");
  await makeNode("r2", "True");
  assert.equal((await cli.run(["label", "node", "r1", "r2", "rack=7"])).code, 0);
  assert.equal((await cli.run(["cordon", "-l", "rack=7"])).out, "node/r1 cordoned\nnode/r2 cordoned\n");
  assert.equal((await cli.run(["uncordon", "node/r1", "nodes/r2"])).out, "node/r1 uncordoned\nnode/r2 uncordoned\n");
  const drained = await cli.run(["drain", "--selector", "rack=7"]);
  assert.equal(drained.out, "node/r1 cordoned\nnode/r2 cordoned\nnode/r1 drained\nnode/r2 drained\n", drained.err);
  for (const verb of ["cordon", "uncordon", "drain"]) {
    const none = await cli.run([verb]);
    assert.deepEqual([none.code, none.err.split("\n")[0]], [2, "error: which nodes?"]);
    assert.equal((await cli.run([verb, "r1", "-l", "rack=7"])).code, 2);
    const unmatched = await cli.run([verb, "-l", "rack=8"]);
    assert.deepEqual([unmatched.code, unmatched.err.split("\n")[0]], [3, "error: no node has the labels rack=8"]);
  }
});

test("drain: what would be lost is named first and nothing is asked; a dry run cordons nothing; a selector limits it", async () => {
  await makeNode("d1", "True");
  await makePod("bare", "d1", { labels: { app: "x" } });
  const refused = await cli.run(["drain", "d1"]);
  assert.equal(refused.code, 4);
  assert.match(refused.err, /d1 is cordoned, but not drained[\s\S]*default\/bare has no controller/);
  await cli.run(["uncordon", "d1"]);
  const dry = await cli.run(["drain", "d1", "--dry-run=client", "--force"]);
  assert.equal(dry.out, "pod/bare (default) would leave\n");
  assert.doesNotMatch((await cli.run(["get", "node", "d1", "-o", "yaml"])).out, /unschedulable: true/);
  assert.equal(
    (await cli.run(["drain", "d1", "--pod-selector", "app=other"])).out,
    "node/d1 cordoned\nnode/d1 drained\n",
  );
});

test("drain: a copy of a ReplicaSet is asked to be replaced and stays; the time-out says what it waits for; asked again, it is asked once", async () => {
  await makeNode("d2", "True");
  const uid = await makeReplicaSet("web");
  await makePod("web-1", "d2", { labels: { app: "web" }, owner: "web", uid });
  const late = await cli.run(["drain", "d2", "--timeout", "300ms"]);
  assert.equal(late.code, 8, late.err);
  assert.match(late.err, /pod\/web-1 \(default\) leaves when another copy is available/);
  assert.match(late.err, /1 of 1 pod is still on d2 after 0\.3 s[\s\S]*default\/web-1 waits for another copy/);
  assert.match(late.err, /--no-surge takes pods away before others are ready/);
  const asked = (await cli.calls.get("pods", "default", "web-1")).metadata;
  assert.ok(asked.annotations?.[replaceRequestedAnnotation]);
  assert.equal(asked.deletionTimestamp, undefined);
  await cli.run(["drain", "d2", "--timeout", "300ms"]);
  assert.equal((await cli.calls.get("pods", "default", "web-1")).metadata.resourceVersion, asked.resourceVersion);
  const evicted = await cli.run(["drain", "d2", "--no-surge", "--timeout", "300ms"]);
  assert.match(evicted.err, /default\/web-1 is stopping and has 30 s to do so/);
});

test("node remove takes only machines that are not heard of", async () => {
  await makeNode("alive", "True");
  await makeNode("gone", "Unknown");
  const refused = await cli.run(["node", "remove", "alive"]);
  assert.equal(refused.code, 4);
  assert.match(refused.err, /it leaves by itself[\s\S]*orch-node-agent leave/);
  assert.equal((await cli.run(["node", "remove", "gone"])).code, 0);
  assert.equal((await cli.run(["get", "node", "gone"])).code, 3);
  assert.equal((await cli.run(["node", "remove", "gone"])).code, 3);
});

test("node join prints labels and taints along, and refuses those that a machine may not give itself", async () => {
  const joined = await cli.run(["node", "join", "--label", "disk=ssd", "--taint", "gpu=yes:NoSchedule"]);
  assert.equal(joined.out, "orch-node-agent join --token T --label disk=ssd --taint gpu=yes:NoSchedule\n");
  for (const flags of [
    ["--label", "orch/trusted=1"],
    ["--label", "x"],
    ["--taint", "gpu=yes"],
  ])
    assert.equal((await cli.run(["node", "join", ...flags])).code, 2, flags.join(" "));
});

test("get --raw passes paths on; an answer that is not well is printed and fails", async () => {
  assert.deepEqual(await cli.run(["get", "--raw", "/metrics"]), { code: 0, out: "ok", err: "" });
  assert.deepEqual(await cli.run(["get", "--raw", "/readyz?verbose"]), { code: 1, out: "not ready\n", err: "" });
  await cli.run(["node", "metrics", "a/b"]);
  assert.deepEqual(raw, ["/metrics", "/readyz?verbose", "/nodes/a%2Fb/metrics"]);
  assert.equal((await cli.run(["get", "pods", "--raw", "/x"])).code, 2);
  await cli.writeContext("viewer", "CN=vera, O=orch:viewers");
  assert.equal((await cli.run(["get", "--raw", "/metrics"])).code, 0);
  await cli.writeContext("nobody", "CN=nora, O=others");
  assert.equal((await cli.run(["get", "--raw", "/metrics"])).code, 6);
  await cli.writeContext("admin", "CN=admin, O=system:masters");
});
