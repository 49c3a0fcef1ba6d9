/** JSON Schema (draft 2020-12) of a kind, for editors and, later, OpenAPI. */
import type { ResourceDefinition } from "./registry.ts";
import type { Field, ListNode, ObjectNode, ScalarNode, TypeNode } from "./schema/fields.ts";

export type JsonSchema = Readonly<Record<string, unknown>>;

export function jsonSchemaOf(definition: ResourceDefinition): JsonSchema {
  const writer = new Writer();
  const root = writer.schema(definition.type);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `${definition.apiVersion} ${definition.kind}`,
    "x-kubernetes-group-version-kind": [
      { group: definition.group, version: definition.version, kind: definition.kind },
    ],
    ...root,
    $defs: writer.definitions,
  };
}

class Writer {
  readonly definitions: Record<string, JsonSchema> = {};
  readonly #names = new Map<ObjectNode, string>();

  schema(type: TypeNode): JsonSchema {
    switch (type.kind) {
      case "object":
        return { $ref: `#/$defs/${this.#define(type)}` };
      case "list":
        return this.#list(type);
      case "map":
        return { type: "object", additionalProperties: this.schema(type.value) };
      case "freeform":
        return { type: "object" };
      default:
        return scalarSchema(type);
    }
  }

  #define(type: ObjectNode): string {
    const known = this.#names.get(type);
    if (known !== undefined) return known;
    let name = type.name;
    for (let i = 2; name in this.definitions; i++) name = `${type.name}${i}`;
    this.#names.set(type, name);
    this.definitions[name] = {}; // holds the name while the fields are written
    this.definitions[name] = this.#object(type);
    return name;
  }

  #object(type: ObjectNode): JsonSchema {
    const fields = [...type.fields.values()];
    const required = fields.filter((field) => field.required).map((field) => field.name);
    return {
      type: "object",
      properties: Object.fromEntries(fields.map((field) => [field.name, this.#field(field)])),
      ...(required.length > 0 && { required }),
      additionalProperties: false,
    };
  }

  #field(field: Field): JsonSchema {
    const level =
      field.level === "works" ? undefined : `${field.level === "refused" ? "Refused" : "No effect"}: ${field.reason}.`;
    const description = [field.doc, level].filter((part) => part !== undefined).join(" ");
    return {
      ...this.schema(field.type),
      ...(description !== "" && { description }),
      ...(field.default !== undefined && { default: field.default }),
      ...(field.level !== "works" && { "x-orch-level": field.level, deprecated: true }),
    };
  }

  #list(type: ListNode): JsonSchema {
    return {
      type: "array",
      items: this.schema(type.item),
      "x-kubernetes-list-type": type.merge.type,
      ...(type.merge.type === "map" && { "x-kubernetes-list-map-keys": type.merge.keys }),
      ...(type.merge.patchMergeKey !== undefined && {
        "x-kubernetes-patch-merge-key": type.merge.patchMergeKey,
        "x-kubernetes-patch-strategy": type.merge.retainKeys === true ? "merge,retainKeys" : "merge",
      }),
    };
  }
}

function scalarSchema(type: ScalarNode): JsonSchema {
  switch (type.kind) {
    case "string":
      return type.choices === undefined ? { type: "string" } : { type: "string", enum: type.choices };
    case "boolean":
      return { type: "boolean" };
    case "integer":
      return { type: "integer", minimum: type.min ?? -2147483648, maximum: type.max ?? 2147483647 };
    case "quantity":
      return { type: ["string", "number"], format: "quantity" };
    case "int-or-string":
      return { type: ["integer", "string"], "x-kubernetes-int-or-string": true };
    case "time":
      return { type: "string", format: "date-time" };
    case "bytes":
      return { type: "string", contentEncoding: "base64" };
  }
}
