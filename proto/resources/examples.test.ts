import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleOf } from "./examples.ts";
import { explain } from "./explain.ts";
import type { KubeObject } from "./object.ts";
import { definitions, findDefinition, type ResourceDefinition } from "./registry.ts";
import type { TypeNode } from "./schema/fields.ts";

const definition = (kind: string): ResourceDefinition => findDefinition(kind.toLowerCase()) ?? assert.fail(kind);

/** Every path of a kind down to a depth, without what is refused. */
function paths(type: TypeNode, prefix: string, depth: number): readonly string[] {
  if (type.kind === "list") return paths(type.item, prefix, depth);
  if (type.kind !== "object" || depth === 0) return [];
  return [...type.fields.values()]
    .filter((field) => field.level !== "refused" && field.name !== "status")
    .flatMap((field) => {
      const path = prefix === "" ? field.name : `${prefix}.${field.name}`;
      return [path, ...paths(field.type, path, depth - 1)];
    });
}

test("an example has the shape that the schema asks for, wherever it stands", () => {
  let count = 0;
  for (const one of definitions) {
    for (const path of ["", ...paths(one.type, "", 7)]) {
      const example = exampleOf(one, path);
      if (!example) continue;
      count++;
      const { causes } = one.validate(example.manifest, { mode: "strict" });
      // Other fields of the object are not there: only what the example itself says may be wrong.
      const own = causes.filter(({ reason }) => reason !== "FieldValueRequired" && reason !== "FieldValueNotFound");
      assert.deepEqual(own, [], `${one.kind} ${path}: ${JSON.stringify(example.manifest)}`);
    }
  }
  assert.ok(count > 300, String(count));
});

test("examples of whole kinds and of pods' fields can be applied as they are", () => {
  const pod = definition("Pod");
  const fields = ["tolerations", "volumes", "affinity", "topologySpreadConstraints", "nodeSelector", "securityContext"];
  for (const field of fields) {
    const example = exampleOf(pod, `spec.${field}`) ?? assert.fail(field);
    const spec = { containers: [{ name: "web", image: "x" }], [field]: example.value };
    const object = { apiVersion: "v1", kind: "Pod", metadata: { name: "x", namespace: "default" }, spec };
    const filled = pod.applyDefaults(object as unknown as KubeObject);
    assert.deepEqual(pod.validate(filled, { mode: "strict" }).causes, [], field);
  }
  for (const kind of ["Pod", "Deployment", "ConfigMap", "Secret", "Namespace"]) {
    const one = definition(kind);
    const { manifest } = exampleOf(one, "") ?? assert.fail(kind);
    const object = one.applyDefaults(manifest as KubeObject);
    const named = one.namespaced ? { ...object, metadata: { ...object.metadata, namespace: "default" } } : object;
    assert.deepEqual(one.validate(named, { mode: "strict" }).causes, [], kind);
  }
});

test("what is refused, and what is not there, has no example", () => {
  const pod = definition("Pod");
  assert.equal(exampleOf(pod, "spec.initContainers"), undefined);
  assert.equal(exampleOf(pod, "spec.nothing"), undefined);
  assert.equal(explain(pod, "spec.nothing").ok, false);
  assert.equal(exampleOf(pod, "constructor"), undefined);
});
