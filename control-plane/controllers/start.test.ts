import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestPlane, type TestPlane } from "./controllers.fixture.ts";
import type { Deployment, Node, Pod } from "./model/kinds.ts";
import { isLost } from "./model/pod-state.ts";
import { aDeployment, aNamespace, aNode, aPod } from "./objects.fixture.ts";

test("a Deployment becomes pods, spread over the nodes, each node with a range of addresses", async () => {
  const plane = await startTestPlane();
  for (const name of ["n1", "n2", "n3"]) {
    plane.liveness.beat(name, 0);
    await plane.create("nodes", aNode(name));
  }
  await plane.create("deployments.apps", aDeployment("web", 6));
  await plane.settle();
  const pods = plane.cache.list("pods", "default") as readonly Pod[];
  assert.equal(pods.length, 6);
  const perNode = Object.groupBy(pods, (pod) => pod.spec.nodeName ?? "none");
  assert.deepEqual(Object.fromEntries(Object.entries(perNode).map(([name, list]) => [name, list?.length])), {
    n1: 2,
    n2: 2,
    n3: 2,
  });
  const ranges = (plane.cache.list("nodes", "") as readonly Node[]).map((node) => node.spec?.podCIDR);
  assert.deepEqual([...ranges].sort(), ["10.128.0.0/24", "10.128.1.0/24", "10.128.2.0/24"]);
  const deployment = plane.cache.get("deployments.apps", "default", "web") as Deployment;
  assert.equal(deployment.status?.replicas, 6);
  await plane.stop();
});

test("a hundred pods are made and bound within a fraction of a second of work", async () => {
  const plane = await startTestPlane();
  for (const name of ["n1", "n2", "n3"]) {
    plane.liveness.beat(name, 0);
    await plane.create(
      "nodes",
      aNode(name, { status: { ...aNode(name).status, allocatable: { cpu: "64", memory: "64Gi", pods: "200" } } }),
    );
  }
  await plane.create("deployments.apps", aDeployment("web", 1));
  await plane.settle();
  const deployment = plane.cache.get("deployments.apps", "default", "web") as Deployment;
  const before = process.cpuUsage();
  await plane.update("deployments.apps", {
    ...deployment,
    spec: { ...deployment.spec, replicas: 100 },
    metadata: { ...deployment.metadata, generation: 2 },
  });
  await plane.settle();
  const used = process.cpuUsage(before);
  const bound = (plane.cache.list("pods", "default") as readonly Pod[]).filter((pod) => pod.spec.nodeName);
  assert.equal(bound.length, 100);
  // Far above what it takes (50 ms, cold), far below what a clone or a scan per pod would.
  assert.ok((used.user + used.system) / 1000 < 1_000);
  await plane.stop();
});

async function threeNodes(plane: TestPlane): Promise<void> {
  for (const name of ["n1", "n2", "n3"]) {
    plane.liveness.beat(name, plane.clock.monotonicMs());
    await plane.create("nodes", aNode(name));
  }
}

const beat = (plane: TestPlane, ...names: readonly string[]): void => {
  for (const name of names) plane.liveness.beat(name, plane.clock.monotonicMs());
};

const pods = (plane: TestPlane): readonly Pod[] => plane.cache.list("pods", "default") as readonly Pod[];

/** The agents' word: all assigned pods serve. */
async function allServe(plane: TestPlane): Promise<void> {
  for (const pod of pods(plane)) {
    if (!pod.spec.nodeName || pod.status?.phase === "Running") continue;
    await plane.update("pods", {
      ...pod,
      status: { ...pod.status, phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
    });
  }
  await plane.settle();
}

test("a node silent for five seconds has its copies replaced; back in time, the oldest ready copies stay", async () => {
  const plane = await startTestPlane();
  await threeNodes(plane);
  await plane.create("deployments.apps", aDeployment("web", 3));
  await plane.settle();
  await allServe(plane);
  const original = pods(plane).map((pod) => pod.metadata.name);
  for (let second = 0; second < 6; second++) {
    beat(plane, "n2", "n3");
    await plane.pass(1_000);
  }
  assert.equal(pods(plane).length, 4, "one replacement, and the lost copy is still there");
  assert.equal(pods(plane).filter(isLost).length, 1);
  await allServe(plane);
  beat(plane, "n1", "n2", "n3");
  await plane.settle();
  const lost = pods(plane).find(isLost);
  assert.ok(lost);
  await plane.update("pods", { ...lost, status: { ...lost.status, conditions: [{ type: "Ready", status: "True" }] } });
  await plane.settle();
  const staying = pods(plane).filter((pod) => pod.metadata.deletionTimestamp === undefined);
  assert.deepEqual(
    staying.map((pod) => pod.metadata.name),
    original,
  );
  await plane.stop();
});

test("pods of a node gone for five minutes leave the API", async () => {
  const plane = await startTestPlane({ nodeGoneMs: 20_000 });
  await threeNodes(plane);
  await plane.create("deployments.apps", aDeployment("web", 3));
  await plane.settle();
  for (let second = 0; second < 27; second++) {
    beat(plane, "n2", "n3");
    await plane.pass(1_000);
  }
  assert.equal(pods(plane).length, 3);
  assert.ok(pods(plane).every((pod) => pod.spec.nodeName !== "n1"));
  await plane.stop();
});

test("a control plane that cannot judge takes nobody for lost", async () => {
  const plane = await startTestPlane();
  await threeNodes(plane);
  await plane.create("deployments.apps", aDeployment("web", 3));
  await plane.settle();
  plane.liveness.judges = undefined;
  await plane.pass(20_000);
  assert.equal(pods(plane).length, 3);
  assert.equal(pods(plane).filter(isLost).length, 0);
  await plane.stop();
});

test("with a deleted Deployment its ReplicaSets and pods go", async () => {
  const plane = await startTestPlane();
  await plane.create("deployments.apps", aDeployment("web", 3));
  await plane.settle();
  assert.equal(pods(plane).length, 3);
  const key = { group: "apps", plural: "deployments", namespace: "default", name: "web" };
  const guard = plane.cache.get("deployments.apps", "default", "web")?.metadata.resourceVersion ?? "";
  await plane.store.write({ kind: "delete", key, guard });
  await plane.settle();
  assert.equal(pods(plane).length, 0);
  assert.equal(plane.cache.count("replicasets.apps"), 0);
  await plane.stop();
});

test("a terminating namespace is emptied and goes", async () => {
  const plane = await startTestPlane();
  const namespace = await plane.create("namespaces", aNamespace("default"));
  await plane.create("deployments.apps", aDeployment("web", 3));
  await plane.create("configmaps", {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "settings", namespace: "default" },
  });
  await plane.settle();
  await plane.update("namespaces", {
    ...namespace,
    metadata: { ...namespace.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" },
  });
  await plane.settle();
  for (const resource of ["namespaces", "deployments.apps", "replicasets.apps", "pods", "configmaps"]) {
    assert.equal(plane.cache.count(resource), 0, resource);
  }
  await plane.stop();
});

test("a pod nobody can run says why, and runs when a node can", async () => {
  const plane = await startTestPlane();
  await plane.create(
    "pods",
    aPod("big", { spec: { containers: [{ name: "c", image: "x", resources: { requests: { cpu: "8" } } }] } }),
  );
  await plane.settle();
  const sentence = () => pods(plane)[0]?.status?.conditions?.[0]?.message;
  assert.equal(sentence(), "0/0 nodes are available: no node has joined the cluster.");
  beat(plane, "n1");
  await plane.create("nodes", aNode("n1"));
  await plane.settle();
  assert.equal(sentence(), "0/1 nodes are available: 1 insufficient cpu (asks 8, at most 4 free).");
  beat(plane, "n2");
  await plane.create(
    "nodes",
    aNode("n2", { status: { ...aNode("n2").status, allocatable: { cpu: "16", memory: "8Gi", pods: "10" } } }),
  );
  await plane.settle();
  assert.equal(pods(plane)[0]?.spec.nodeName, "n2");
  await plane.stop();
});

test("a Deployment whose pods are refused by their namespace says so, and comes up when the namespace is opened", async () => {
  const plane = await startTestPlane();
  await threeNodes(plane);
  const namespace = await plane.create("namespaces", aNamespace("default"));
  const wanted = aDeployment("web", 2);
  const template = { ...wanted.spec.template, spec: { ...wanted.spec.template.spec, hostNetwork: true } };
  await plane.create("deployments.apps", { ...wanted, spec: { ...wanted.spec, template } });
  await plane.settle();
  const failure = (): string | undefined =>
    (plane.cache.get("deployments.apps", "default", "web") as Deployment).status?.conditions?.find(
      ({ type }) => type === "ReplicaFailure",
    )?.message;
  assert.equal(plane.cache.list("pods", "default").length, 0);
  assert.match(
    failure() ?? "",
    /"baseline" of namespace default \(the default\) forbids it: spec\.template\.spec\.hostNetwork/,
  );
  assert.equal(plane.events.filter(({ reason }) => reason === "FailedCreate").length, 1);
  const labels = { "pod-security.kubernetes.io/enforce": "privileged" };
  await plane.update("namespaces", { ...namespace, metadata: { ...namespace.metadata, labels } });
  await plane.settle();
  assert.equal(plane.cache.list("pods", "default").length, 2);
  assert.equal(failure(), undefined);
  await plane.stop();
});
