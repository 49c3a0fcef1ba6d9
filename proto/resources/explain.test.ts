import assert from "node:assert/strict";
import { test } from "node:test";
import { explain, fieldLevels } from "./explain.ts";
import { jsonSchemaOf } from "./json-schema.ts";
import { definitions, findDefinition, type ResourceDefinition } from "./registry.ts";

const definitionOf = (name: string): ResourceDefinition => {
  const definition = findDefinition(name);
  assert.ok(definition);
  return definition;
};

test("a field is explained with type, default, choices and level, through lists", () => {
  const result = explain(definitionOf("deploy"), "spec.template.spec.containers[0].imagePullPolicy");
  assert.ok(result.ok);
  assert.deepEqual(result.explanation.field.choices, ["Always", "Never", "IfNotPresent"]);
  assert.equal(result.explanation.path, "spec.template.spec.containers.imagePullPolicy");
  const containers = explain(definitionOf("pods"), "spec.containers");
  assert.ok(containers.ok);
  assert.equal(containers.explanation.field.type, "[]Container");
  const names = containers.explanation.fields.map((field) => field.name);
  assert.deepEqual(names, names.toSorted());
  const devices = containers.explanation.fields.find((field) => field.name === "volumeDevices");
  assert.equal(devices?.level, "refused");
  assert.match(devices?.reason ?? "", /not built yet/);
});

test("a kind is explained by its path being empty", () => {
  for (const definition of definitions) {
    const result = explain(definition, "");
    assert.ok(result.ok);
    assert.ok(result.explanation.field.description, definition.kind);
    assert.ok(result.explanation.fields.some((field) => field.name === "metadata"));
  }
});

test("a field that is not there is answered with the nearest one", () => {
  const unknown = explain(definitionOf("deploy"), "spec.replica");
  assert.deepEqual(unknown, { ok: false, message: "Deployment spec has no field `replica`; did you mean `replicas`?" });
  const below = explain(definitionOf("deploy"), "spec.replicas.count");
  assert.deepEqual(below, {
    ok: false,
    message: "Deployment spec.replicas is a single value: it has no field `count`",
  });
});

test("every field that does not work says why, in words that go on after a colon", () => {
  for (const definition of definitions) {
    for (const { path, reason } of fieldLevels(definition)) {
      assert.ok(reason.length > 10, path);
      assert.doesNotMatch(reason, /\.$/, path);
    }
  }
});

test("the JSON Schema of each kind refers only to what it defines, and closes every object", () => {
  for (const definition of definitions) {
    const schema = jsonSchemaOf(definition);
    const defined = schema.$defs as Record<string, { additionalProperties?: unknown; properties?: object }>;
    for (const [, name = ""] of JSON.stringify(schema).matchAll(/"#\/\$defs\/([^"]+)"/g))
      assert.ok(defined[name], name);
    for (const object of Object.values(defined)) assert.equal(object.additionalProperties, false);
    assert.ok(defined[definition.kind]?.properties);
  }
});

test("the JSON Schema carries merge behaviour, defaults and levels", () => {
  const schema = jsonSchemaOf(definitionOf("pods")) as {
    $defs: Record<string, { properties: Record<string, object> }>;
  };
  const { PodSpec, Container } = schema.$defs;
  assert.deepEqual(PodSpec?.properties.restartPolicy, {
    type: "string",
    enum: ["Always", "OnFailure", "Never"],
    description: "When ended containers start again.",
    default: "Always",
  });
  assert.deepEqual(Container?.properties.ports, {
    type: "array",
    items: { $ref: "#/$defs/ContainerPort" },
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["containerPort", "protocol"],
    "x-kubernetes-patch-merge-key": "containerPort",
    "x-kubernetes-patch-strategy": "merge",
    description: "Ports the container listens on; leaving one out closes nothing.",
  });
  assert.deepEqual(schema.$defs.ContainerPort?.properties.hostIP, {
    type: "string",
    description: "Refused: publishing a port on the node is not built yet.",
    "x-orch-level": "refused",
    deprecated: true,
  });
});
