/**
 * The words schemas are written in. Each builds a zod schema and, beside it, the small record (`TypeNode`) that reading,
 * defaulting, explaining and merging walk. Shapes are functions, so that loading a schema file builds nothing.
 */
import { z } from "zod";

/** What Orch does with a field: acts on it, takes it without effect (one warning), or refuses the object. */
export type Level = "works" | "accepted" | "refused";

export interface FieldOptions {
  readonly doc?: string;
  /** Set when the field is absent from an object that is present. */
  readonly default?: unknown;
  /** Values that mean the same as leaving the field out: they pass in silence at any level. */
  readonly harmless?: readonly unknown[];
}

export interface FieldNote extends FieldOptions {
  readonly level: Level;
  /** Why it is refused, or why it has no effect. */
  readonly reason?: string;
  readonly required: boolean;
}

/** How lists merge in server-side apply (`type`, `keys`) and in strategic merge patches (`patchMergeKey`). */
export interface ListMerge {
  readonly type: "atomic" | "set" | "map";
  readonly keys: readonly string[];
  readonly patchMergeKey?: string;
  /** Strategic merge: a changed element keeps only the keys the patch names. */
  readonly retainKeys?: boolean;
}

export interface Field extends FieldNote {
  readonly name: string;
  readonly type: TypeNode;
}

export type ScalarKind = "string" | "integer" | "boolean" | "quantity" | "int-or-string" | "time" | "bytes";

export interface ScalarNode {
  readonly kind: ScalarKind;
  readonly choices?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  /** Its value never appears in a message. */
  readonly secret?: boolean;
}
export interface ListNode {
  readonly kind: "list";
  readonly item: TypeNode;
  readonly merge: ListMerge;
}
export interface MapNode {
  readonly kind: "map";
  readonly value: TypeNode;
  readonly atomic: boolean;
}
/** JSON that only its owner reads: copied, never looked into. */
export interface FreeformNode {
  readonly kind: "freeform";
}
export interface ObjectNode {
  readonly kind: "object";
  readonly name: string;
  readonly fields: ReadonlyMap<string, Field>;
  /** Fields whose absence matters: required ones, and those with a default. */
  readonly absentable: readonly Field[];
  readonly merge: { readonly atomic: boolean; readonly retainKeys: boolean };
}
export type TypeNode = ScalarNode | ListNode | MapNode | FreeformNode | ObjectNode;

// What zod's own registries do, without their type mapping: facts beside a schema, held as long as the schema.
const nodes = new WeakMap<z.core.$ZodType, TypeNode>();
const notes = new WeakMap<z.core.$ZodType, FieldNote>();

/** The record beside a schema made by this file. */
export function nodeOf(schema: z.core.$ZodType): TypeNode {
  const node = nodes.get(schema);
  if (node === undefined) throw new TypeError("this schema was not built by schema/fields.ts");
  return node;
}

function typed<S extends z.ZodType>(schema: S, node: TypeNode): S {
  nodes.set(schema, node);
  return schema;
}

export const text = () => typed(z.string(), { kind: "string" });
export const flag = () => typed(z.boolean(), { kind: "boolean" });
/** A closed set of words. */
export const choice = <const T extends readonly [string, ...string[]]>(...choices: T) =>
  typed(z.enum(choices), { kind: "string", choices });
export const integer = (min = -2147483648, max = 2147483647) =>
  typed(z.int().min(min).max(max), { kind: "integer", min, max });
export const int64 = () => integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
/** `500m`, `1.5`, `128Mi`. A plain number is taken too and kept as text. */
export const quantity = () => typed(z.string(), { kind: "quantity" });
export const intOrString = () => typed(z.union([z.int(), z.string()]), { kind: "int-or-string" });
/** RFC 3339, as `2026-01-31T12:00:00Z`. */
export const time = () => typed(z.string(), { kind: "time" });
/** Base64. */
export const bytes = () => typed(z.string(), { kind: "bytes" });
/** As text and bytes, but never quoted in a message. */
export const secretText = () => typed(z.string(), { kind: "string", secret: true });
export const secretBytes = () => typed(z.string(), { kind: "bytes", secret: true });
export const freeform = () => typed(z.record(z.string(), z.unknown()), { kind: "freeform" });

export function map<V extends z.ZodType>(value: V, options: { readonly atomic?: boolean } = {}) {
  const node = nodeOf(value);
  return typed(z.record(z.string(), value), { kind: "map", value: node, atomic: options.atomic ?? false });
}

/** A list that is replaced as a whole. */
export function list<V extends z.ZodType>(item: V, merge: ListMerge = { type: "atomic", keys: [] }) {
  const node = nodeOf(item);
  return typed(z.array(item), { kind: "list", item: node, merge });
}
/** A list whose elements are found by `keys`; strategic merge uses the first. */
export const listByKey = <V extends z.ZodType>(item: V, ...keys: [string, ...string[]]) =>
  list(item, { type: "map", keys, patchMergeKey: keys[0] });
export const setOf = <V extends z.ZodType>(item: V) => list(item, { type: "set", keys: [] });

export interface ObjectOptions {
  readonly atomic?: boolean;
  readonly retainKeys?: boolean;
}

export function object<S extends z.core.$ZodShape>(name: string, shape: () => S, options: ObjectOptions = {}) {
  let built: S | undefined;
  const build = (): S => {
    built ??= shape();
    return built;
  };
  let fields: ReadonlyMap<string, Field> | undefined;
  let absentable: readonly Field[] | undefined;
  return typed(
    z.lazy(() => z.strictObject(build())),
    {
      kind: "object",
      name,
      merge: { atomic: options.atomic ?? false, retainKeys: options.retainKeys ?? false },
      get fields() {
        fields ??= fieldsOf(build());
        return fields;
      },
      get absentable() {
        absentable ??= [...this.fields.values()].filter((field) => field.required || field.default !== undefined);
        return absentable;
      },
    },
  );
}

function fieldsOf(shape: z.core.$ZodShape): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  for (const [name, schema] of Object.entries(shape)) {
    const note = notes.get(schema);
    if (note === undefined) throw new TypeError(`field ${name} has no level`);
    fields.set(name, { name, type: nodeOf(schema), ...note });
  }
  return fields;
}

type Notes = string | FieldOptions;
const optionsOf = (given: Notes | undefined): FieldOptions =>
  typeof given === "string" ? { doc: given } : (given ?? {});

function annotate<S extends z.ZodType>(schema: S, inner: z.ZodType, note: FieldNote): S {
  nodes.set(schema, nodeOf(inner));
  notes.set(schema, note);
  return schema;
}

/** An optional field that does what Kubernetes says it does. */
export const works = <S extends z.ZodType>(schema: S, given?: Notes) =>
  annotate(z.optional(schema), schema, { ...optionsOf(given), level: "works", required: false });
export const required = <S extends z.ZodType>(schema: S, given?: Notes) =>
  annotate(z.nonoptional(schema), schema, { ...optionsOf(given), level: "works", required: true });
/** Taken without effect: `reason` says why that is harmless. */
export const accepted = <S extends z.ZodType>(schema: S, reason: string, given?: Notes) =>
  annotate(z.optional(schema), schema, { ...optionsOf(given), level: "accepted", reason, required: false });
/** Leaving it out in silence would change what the manifest means: `reason` says what is missing. */
export const refused = <S extends z.ZodType>(schema: S, reason: string, given?: Notes) =>
  annotate(z.optional(schema), schema, { ...optionsOf(given), level: "refused", reason, required: false });
