import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestPlane } from "./controllers.fixture.ts";
import type { Deployment, Node, Pod } from "./model/kinds.ts";
import { aDeployment, aNode } from "./objects.fixture.ts";

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
