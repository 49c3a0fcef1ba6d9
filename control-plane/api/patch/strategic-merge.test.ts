import assert from "node:assert/strict";
import { test } from "node:test";
import { findDefinition } from "#proto/resources/registry.ts";
import { strategicMerge } from "./strategic-merge.ts";

const deployment = findDefinition("deployments.apps");
assert.ok(deployment);
const { type } = deployment;
/** Patches that look into the pod spec of a Deployment. */
const inPodSpec = (spec: unknown): object => ({ spec: { template: { spec } } });

// After the examples of Kubernetes' strategic-merge-patch document.
const table: readonly (readonly [string, unknown, unknown, unknown])[] = [
  [
    "a list with a merge key merges by it",
    { containers: [{ name: "a", image: "a:1", stdin: true }] },
    {
      containers: [
        { name: "b", image: "b:1" },
        { name: "a", image: "a:2" },
      ],
    },
    {
      containers: [
        { name: "a", image: "a:2", stdin: true },
        { name: "b", image: "b:1" },
      ],
    },
  ],
  [
    "a list without merge key is replaced",
    { tolerations: [{ key: "a", operator: "Exists" }] },
    { tolerations: [{ key: "b", operator: "Exists" }] },
    { tolerations: [{ key: "b", operator: "Exists" }] },
  ],
  [
    "$patch: delete removes an element",
    { containers: [{ name: "a" }, { name: "b" }] },
    { containers: [{ name: "a", $patch: "delete" }] },
    { containers: [{ name: "b" }] },
  ],
  [
    "$patch: replace replaces a list",
    { containers: [{ name: "a" }, { name: "b" }] },
    { containers: [{ name: "c", image: "c" }, { $patch: "replace" }] },
    { containers: [{ name: "c", image: "c" }] },
  ],
  [
    "$patch: replace replaces an object",
    { securityContext: { runAsUser: 1, runAsGroup: 2 } },
    { securityContext: { $patch: "replace", runAsUser: 3 } },
    { securityContext: { runAsUser: 3 } },
  ],
  [
    "$patch: delete removes an object",
    { securityContext: { runAsUser: 1 }, hostname: "x" },
    { securityContext: { $patch: "delete" } },
    { hostname: "x" },
  ],
  ["null removes a field", { hostname: "x", nodeName: "n" }, { hostname: null }, { nodeName: "n" }],
  [
    "$retainKeys drops the other members",
    { volumes: [{ name: "v", emptyDir: {} }] },
    { volumes: [{ name: "v", $retainKeys: ["name", "hostPath"], hostPath: { path: "/x" } }] },
    { volumes: [{ name: "v", hostPath: { path: "/x" } }] },
  ],
  [
    "$setElementOrder orders the elements it names",
    { containers: [{ name: "a" }, { name: "b" }, { name: "c" }] },
    {
      "$setElementOrder/containers": [{ name: "c" }, { name: "a" }],
      containers: [{ name: "a", image: "x" }],
    },
    { containers: [{ name: "c" }, { name: "b" }, { name: "a", image: "x" }] },
  ],
  [
    "elements nest: a port of a container",
    { containers: [{ name: "a", ports: [{ containerPort: 80, protocol: "TCP" }] }] },
    { containers: [{ name: "a", ports: [{ containerPort: 80, name: "http" }, { containerPort: 81 }] }] },
    {
      containers: [{ name: "a", ports: [{ containerPort: 80, protocol: "TCP", name: "http" }, { containerPort: 81 }] }],
    },
  ],
];

for (const [name, target, patch, expected] of table) {
  test(`strategic merge: ${name}`, () => {
    const before = inPodSpec(target);
    assert.deepEqual(strategicMerge(type, before, inPodSpec(patch)), inPodSpec(expected));
    assert.deepEqual(before, inPodSpec(target), "the target is not changed");
  });
}

test("strategic merge: lists of plain values are sets", () => {
  const target = { metadata: { finalizers: ["a", "b"] } };
  const added = strategicMerge(type, target, { metadata: { finalizers: ["b", "c"] } });
  assert.deepEqual(added, { metadata: { finalizers: ["a", "b", "c"] } });
  const removed = strategicMerge(type, target, { metadata: { "$deleteFromPrimitiveList/finalizers": ["a"] } });
  assert.deepEqual(removed, { metadata: { finalizers: ["b"] } });
});

test("strategic merge refuses what it cannot understand, with the path", () => {
  const noKey = inPodSpec({ containers: [{ image: "x" }] });
  assert.throws(() => strategicMerge(type, {}, noKey), { message: /containers\[0\]: needs its merge key `name`/ });
  assert.throws(() => strategicMerge(type, {}, { spec: { $patch: "explode" } }), { message: /`\$patch` is/ });
});
