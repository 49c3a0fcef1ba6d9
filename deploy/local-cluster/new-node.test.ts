import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { withNode, withoutNode } from "./new-node.ts";
import type { LocalCluster } from "./state.ts";

const cluster = (...names: readonly string[]): LocalCluster => ({
  version: 1,
  name: "test",
  subnet: "10.64.0.0/24",
  nodes: names.map((name, index) => ({ name, index, milliCpu: 500 + index, memoryBytes: 1000 + index })),
  programs: "/p",
  agentArguments: [],
  controlPlaneArguments: [],
});

test("a new node gets the next free name and number, and as much as the smallest has", () => {
  const { node } = withNode(cluster("node-1", "node-2"), {});
  assert.deepEqual(node, { name: "node-3", index: 2, milliCpu: 500, memoryBytes: 1000 });
});

test("the number of a node that is gone is not used again at once", () => {
  const less = withoutNode(cluster("node-1", "node-2", "node-3"), "node-3");
  const { cluster: more, node } = withNode(less, {});
  assert.deepEqual([node.name, node.index], ["node-3", 3]);
  assert.equal(withNode(more, { name: "gpu" }).node.index, 4);
});

test("when all numbers were used, free ones are used again, until there are none", () => {
  const names = Array.from({ length: 200 }, (_, index) => `node-${index + 1}`);
  const full = { ...cluster(...names), nextIndex: 200 };
  assert.throws(
    () => withNode(full, {}),
    (thrown) => Problem.is(thrown, "unavailable"),
  );
  assert.equal(withNode(withoutNode(full, "node-7"), {}).node.index, 6);
});

test("a name that is taken or no name is refused, and so is removing the last node", () => {
  assert.throws(
    () => withNode(cluster("a"), { name: "a" }),
    (thrown) => Problem.is(thrown, "already-exists"),
  );
  assert.throws(
    () => withNode(cluster("a"), { name: "A b" }),
    (thrown) => Problem.is(thrown, "invalid"),
  );
  assert.throws(
    () => withoutNode(cluster("a"), "a"),
    (thrown) => Problem.is(thrown, "conflict"),
  );
});
