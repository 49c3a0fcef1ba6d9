/** Every kind with its schema, defaults, rules and merge behaviour. Needs zod: programs that only name kinds use `catalog.ts`. */
import type { z } from "zod";
import type { ProblemCause } from "../kit/problem.ts";
import { type CatalogEntry, catalog, findEntry, type GroupKind } from "./catalog.ts";
import { configMap } from "./config-map.ts";
import { deployment } from "./deployment.ts";
import { event } from "./event.ts";
import { imageRegistry } from "./image-registry.ts";
import { namespace } from "./namespace.ts";
import { node } from "./node.ts";
import type { KubeObject } from "./object.ts";
import { pod } from "./pod.ts";
import { replicaSet } from "./replica-set.ts";
import { type KindRules, rulesOf } from "./rules/rules.ts";
import { nodeOf, type ObjectNode } from "./schema/fields.ts";
import { Findings } from "./schema/findings.ts";
import { type MergeKeys, mergeKeysOf } from "./schema/merge-keys.ts";
import { read, type UnknownFields } from "./schema/read.ts";
import { secret } from "./secret.ts";

export type ValidationMode = "strict" | "warn" | "ignore";

export interface ValidateOptions {
  /** The stored object, for an update: what cannot change is compared with it. */
  readonly previous?: KubeObject | undefined;
  /** What becomes of unknown fields. */
  readonly mode: ValidationMode;
}

export interface Validation {
  readonly causes: readonly ProblemCause[];
  readonly warnings: readonly string[];
}

export interface ResourceDefinition extends CatalogEntry {
  readonly schema: z.ZodType;
  /** The schema as a tree to walk: fields, levels, defaults, list types. */
  readonly type: ObjectNode;
  /** How lists and maps merge, by path as `spec.containers[].ports`. */
  readonly mergeKeys: MergeKeys;
  /** A new object with Kubernetes' defaults, nulls dropped, quantities canonical. Unknown fields stay, for `validate` to name. */
  readonly applyDefaults: (object: KubeObject) => KubeObject;
  /** For objects with defaults applied. Never throws. */
  readonly validate: (object: unknown, options: ValidateOptions) => Validation;
  /** Without the fields the schema does not know. */
  readonly prune: (object: KubeObject) => KubeObject;
}

const schemas: Readonly<Record<string, z.ZodType>> = {
  Pod: pod,
  Deployment: deployment,
  ReplicaSet: replicaSet,
  ConfigMap: configMap,
  Secret: secret,
  Namespace: namespace,
  Node: node,
  Event: event,
  Registry: imageRegistry,
};

function define(entry: CatalogEntry): ResourceDefinition {
  const schema = schemas[entry.kind];
  if (schema === undefined) throw new TypeError(`${entry.kind} has no schema`);
  const type = nodeOf(schema) as ObjectNode;
  const rules = rulesOf(entry);
  let mergeKeys: MergeKeys | undefined;
  return {
    ...entry,
    schema,
    type,
    get mergeKeys() {
      mergeKeys ??= mergeKeysOf(type);
      return mergeKeys;
    },
    applyDefaults: (object) => withDefaults(type, rules, object),
    validate: (object, options) => validate(type, rules, object, options),
    prune: (object) => readAs(type, object, "ignore") as KubeObject,
  };
}

function readAs(type: ObjectNode, object: unknown, unknown: UnknownFields): unknown {
  return read(type, object, new Findings(), { unknown, defaults: false, levels: false });
}

function withDefaults(type: ObjectNode, rules: KindRules, object: KubeObject): KubeObject {
  const findings = new Findings();
  const filled = read(type, object, findings, { unknown: "keep", defaults: true, levels: false }) as KubeObject;
  if (!findings.misshapen) rules.applyDefaults(filled);
  return filled;
}

function validate(type: ObjectNode, rules: KindRules, object: unknown, options: ValidateOptions): Validation {
  const findings = new Findings();
  const clean = read(type, object, findings, { unknown: options.mode, defaults: false, levels: true });
  if (!findings.misshapen) rules.validate(clean as KubeObject, options.previous, findings);
  return findings;
}

export const definitions: readonly ResourceDefinition[] = catalog.map(define);

/** As `findEntry`: `po`, `pods`, `deployments.apps`, or `{apiVersion, kind}`. */
export function findDefinition(wanted: string | GroupKind): ResourceDefinition | undefined {
  const entry = findEntry(wanted);
  return entry === undefined ? undefined : definitions.find((definition) => definition.kind === entry.kind);
}
