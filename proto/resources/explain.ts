/** What a field means: type, description, level and default, read off the schema. For `orchctl explain` and the docs. */
import type { ResourceDefinition } from "./registry.ts";
import type { Field, Level, ObjectNode, TypeNode } from "./schema/fields.ts";
import { nearestWord } from "./schema/suggest.ts";

export interface FieldDoc {
  readonly name: string;
  /** As `string`, `[]Container`, `map[string]Quantity`. */
  readonly type: string;
  readonly level: Level;
  readonly required: boolean;
  readonly description?: string;
  /** Why it is refused or has no effect. */
  readonly reason?: string;
  readonly default?: unknown;
  readonly choices?: readonly string[];
}

export interface Explanation {
  readonly kind: string;
  readonly apiVersion: string;
  /** As `spec.containers.image`; empty for the kind itself. */
  readonly path: string;
  readonly field: FieldDoc;
  /** Fields below, in alphabetical order; none for a single value. */
  readonly fields: readonly FieldDoc[];
}

export type ExplainResult =
  | { readonly ok: true; readonly explanation: Explanation }
  | { readonly ok: false; readonly message: string };

const kindDocs: Readonly<Record<string, string>> = {
  Pod: "Containers that run together on one node, with one address and shared volumes.",
  Deployment: "Keeps a number of equal pods running and replaces them step by step when their template changes.",
  ReplicaSet: "Keeps a number of equal pods running. Deployments make these; there is seldom a reason to write one.",
  ConfigMap: "Configuration as keys and values, for the environment and the files of pods.",
  Registry: "How the nodes talk to a registry of images: TLS, mirrors, credentials, limits. Applied live.",
  Secret: "As a ConfigMap, for what must stay confidential: encrypted where it is kept, in memory where it is used.",
  Namespace: "A space of names. Deleting it deletes what is in it.",
  Node: "A machine that runs pods.",
  Event: "Something that happened to an object. Kept for a while only.",
};

export function typeText(type: TypeNode): string {
  switch (type.kind) {
    case "object":
      return type.name;
    case "list":
      return `[]${typeText(type.item)}`;
    case "map":
      return `map[string]${typeText(type.value)}`;
    case "quantity":
      return "Quantity";
    case "time":
      return "Time";
    case "int-or-string":
      return "IntOrString";
    case "freeform":
      return "Object";
    default:
      return type.kind;
  }
}

/** The object whose fields a path goes on with: lists and maps are stepped through. */
function objectBelow(type: TypeNode): ObjectNode | undefined {
  if (type.kind === "list") return objectBelow(type.item);
  if (type.kind === "map") return objectBelow(type.value);
  return type.kind === "object" ? type : undefined;
}

const choicesOf = (type: TypeNode): readonly string[] | undefined =>
  type.kind === "list" ? choicesOf(type.item) : "choices" in type ? type.choices : undefined;

function docOf(field: Field): FieldDoc {
  const { name, level, required, doc, reason } = field;
  const choices = choicesOf(field.type);
  return {
    name,
    type: typeText(field.type),
    level,
    required,
    ...(doc !== undefined && { description: doc }),
    ...(reason !== undefined && { reason }),
    ...(field.default !== undefined && { default: field.default }),
    ...(choices !== undefined && { choices }),
  };
}

const fieldsBelow = (type: TypeNode): readonly FieldDoc[] =>
  [...(objectBelow(type)?.fields.values() ?? [])].map(docOf).sort((a, b) => (a.name < b.name ? -1 : 1));

/** `path` as typed: `spec.containers.image`; `[]` and `[0]` after lists are allowed. */
export function explain(definition: ResourceDefinition, path: string): ExplainResult {
  const { kind, apiVersion } = definition;
  const steps = path
    .replaceAll(/\[\d*\]/g, "")
    .split(".")
    .filter((step) => step !== "");
  let type: TypeNode = definition.type;
  let field: FieldDoc = { name: kind, type: kind, level: "works", required: true, description: kindDocs[kind] ?? "" };
  for (const [i, step] of steps.entries()) {
    const at: ObjectNode | undefined = objectBelow(type);
    const next: Field | undefined = at?.fields.get(step);
    if (next === undefined) return { ok: false, message: missing(kind, steps.slice(0, i), step, at) };
    type = next.type;
    field = docOf(next);
  }
  return { ok: true, explanation: { kind, apiVersion, path: steps.join("."), field, fields: fieldsBelow(type) } };
}

function missing(kind: string, before: readonly string[], step: string, at: ObjectNode | undefined): string {
  const place = before.length === 0 ? kind : `${kind} ${before.join(".")}`;
  if (at === undefined) return `${place} is a single value: it has no field \`${step}\``;
  const near = nearestWord(step, at.fields.keys());
  return `${place} has no field \`${step}\`${near === undefined ? "" : `; did you mean \`${near}\`?`}`;
}

export interface FieldLevel {
  readonly path: string;
  readonly level: Level;
  readonly reason: string;
}

/** Every field of a kind that is accepted without effect or refused. Below a refused field nothing is listed. */
export function fieldLevels(definition: Pick<ResourceDefinition, "type">): readonly FieldLevel[] {
  const levels: FieldLevel[] = [];
  collectLevels(definition.type, "", levels);
  return levels;
}

function collectLevels(type: TypeNode, path: string, levels: FieldLevel[]): void {
  const object = objectBelow(type);
  for (const field of object?.fields.values() ?? []) {
    const at = path === "" ? field.name : `${path}.${field.name}`;
    if (field.level !== "works") levels.push({ path: at, level: field.level, reason: field.reason ?? "" });
    if (field.level !== "refused") collectLevels(field.type, at, levels);
  }
}
