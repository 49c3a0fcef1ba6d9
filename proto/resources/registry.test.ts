import assert from "node:assert/strict";
import { test } from "node:test";
import { definitions, findDefinition } from "./registry.ts";

test("a kind is found by every name people and clients use", () => {
  const table: readonly (readonly [Parameters<typeof findDefinition>[0], string | undefined])[] = [
    ["po", "Pod"],
    ["pod", "Pod"],
    ["pods", "Pod"],
    ["Pod", "Pod"],
    ["pods.v1", "Pod"],
    ["deploy", "Deployment"],
    ["deployments.apps", "Deployment"],
    ["deployment.v1.apps", "Deployment"],
    ["deployments.batch", undefined],
    ["pods.apps", undefined],
    ["rs", "ReplicaSet"],
    ["cm", "ConfigMap"],
    ["secrets", "Secret"],
    ["ns", "Namespace"],
    ["no", "Node"],
    ["ev", "Event"],
    ["", undefined],
    ["__proto__", undefined],
    [{ apiVersion: "apps/v1", kind: "Deployment" }, "Deployment"],
    [{ apiVersion: "v1", kind: "Deployment" }, undefined],
  ];
  for (const [wanted, kind] of table) assert.equal(findDefinition(wanted)?.kind, kind, JSON.stringify(wanted));
});

test("every kind is complete: names, columns, fields and merge behaviour", () => {
  for (const definition of definitions) {
    assert.equal(
      definition.resource,
      definition.group === "" ? definition.plural : `${definition.plural}.${definition.group}`,
    );
    assert.ok(definition.columns.some((column) => column.priority === 0));
    assert.ok("metadata.name" in definition.fieldSelectors);
    assert.deepEqual(definition.mergeKeys.get("metadata.ownerReferences"), {
      kind: "list",
      type: "map",
      keys: ["uid"],
      patchMergeKey: "uid",
    });
  }
});

test("list types and merge keys are those of Kubernetes", () => {
  const keys = findDefinition("deploy")?.mergeKeys;
  const spec = "spec.template.spec";
  assert.deepEqual(keys?.get(`${spec}.containers[].ports`), {
    kind: "list",
    type: "map",
    keys: ["containerPort", "protocol"],
    patchMergeKey: "containerPort",
  });
  assert.deepEqual(keys?.get(`${spec}.volumes`), {
    kind: "list",
    type: "map",
    keys: ["name"],
    patchMergeKey: "name",
    retainKeys: true,
  });
  assert.deepEqual(keys?.get(`${spec}.tolerations`), { kind: "list", type: "atomic", keys: [] });
  assert.deepEqual(keys?.get("metadata.finalizers"), { kind: "list", type: "set", keys: [] });
  assert.deepEqual(keys?.get("spec.strategy"), { kind: "object", atomic: false, retainKeys: true });
  assert.deepEqual(keys?.get("spec.selector"), { kind: "object", atomic: true, retainKeys: false });
});

test("prune takes away what the schema does not know, and nothing else", () => {
  const known = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c", labels: { a: "b" } }, data: { k: "v" } };
  const given = { ...known, extra: 1, metadata: { ...known.metadata, clusterName: "x" } };
  assert.deepEqual(findDefinition("cm")?.prune(given), known);
});
