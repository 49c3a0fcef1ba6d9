/** What can be known about manifests without a cluster. Pure. */
import { Problem, type ProblemCause } from "#proto/kit/problem.ts";
import { findEntry, suggestResource } from "#proto/resources/catalog.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { findDefinition, type ResourceDefinition, type ValidationMode } from "#proto/resources/registry.ts";
import type { Manifest } from "../../manifests/parse-manifests.ts";
import { causeText } from "../../printers/problem.ts";

/** A manifest that its schema accepts. */
export interface Checked {
  readonly manifest: Manifest;
  readonly definition: ResourceDefinition;
  /** The file's, else that of -n; undefined leaves it to the context. */
  readonly namespace: string | undefined;
  readonly object: KubeObject;
}

/**
 * All documents, each against its schema; all that is wrong is said at once. With `mayBePartial` a document may leave out what the object
 * in the cluster has: the server is asked before the first change. It cannot answer for a namespace that comes with the same files.
 */
export function checkManifests(
  manifests: readonly Manifest[],
  mode: ValidationMode,
  namespace: string | undefined,
  done: "applied" | "created" | "replaced" | "compared" = "applied",
  mayBePartial = false,
): readonly Checked[] {
  const made = new Set(
    manifests.filter(({ object }) => object.kind === "Namespace").map(({ object }) => object.metadata.name),
  );
  const problems: ProblemCause[] = [];
  const places = new Map<string, string>();
  const checked = manifests.flatMap((manifest): Checked[] => {
    const { object } = manifest;
    const say = (cause: ProblemCause): number => problems.push({ message: located(manifest, cause) });
    const definition = findDefinition({ apiVersion: object.apiVersion, kind: object.kind });
    if (!definition) {
      say({ path: "kind", message: unknownKind(object) });
      return [];
    }
    const own = object.metadata.namespace;
    if (namespace !== undefined && own !== undefined && own !== namespace)
      say({ path: "metadata.namespace", message: `the file says ${own}, but -n says ${namespace}` });
    const isNamed = object.metadata.name !== undefined;
    const isGenerated = done === "created" && !isNamed && object.metadata.generateName !== undefined;
    if (!isNamed && !isGenerated)
      say({ path: "metadata", message: `metadata.name is missing: only a named object can be ${done}` });
    const key = `${definition.resource} ${own ?? ""} ${object.metadata.name}`;
    const before = places.get(key);
    if (before !== undefined && !isGenerated)
      say({ path: "metadata.name", message: `the same object stands at ${before} too` });
    places.set(key, placeText(manifest, "metadata.name"));
    const withDefaults = definition.applyDefaults(structuredClone(object));
    const isPartial = mayBePartial && !made.has(own ?? namespace ?? "");
    for (const cause of definition.validate(withDefaults, { mode }).causes) {
      if (isPartial && cause.reason === "FieldValueRequired") continue;
      if (isNamed || !cause.path?.startsWith("metadata.name")) say(cause);
    }
    return [{ manifest, definition, namespace: own ?? namespace, object }];
  });
  if (problems.length === 0) return checked;
  const count = problems.length === 1 ? "one thing is" : `${problems.length} things are`;
  throw new Problem("invalid", `nothing was ${done}: ${count} wrong in the files`, { causes: problems });
}

function unknownKind({ apiVersion, kind }: KubeObject): string {
  const sameKind = findEntry(kind);
  if (sameKind) return `Orch has ${sameKind.kind} as ${sameKind.apiVersion}, not as ${apiVersion}`;
  const near = suggestResource(kind);
  return `Orch has no kind ${kind} of ${apiVersion}${near ? ` (did you mean ${near}?)` : "; orchctl api-resources lists what there is"}`;
}

const placeText = (manifest: Manifest, path: string): string => {
  const place = manifest.placeOf(path);
  return `${manifest.source}:${place.line}:${place.column}`;
};

/** `app.yaml:7:5: Deployment web: spec.replicas: must be …` */
export function located(manifest: Manifest, cause: ProblemCause): string {
  const { object } = manifest;
  return `${placeText(manifest, cause.path ?? "")}: ${object.kind} ${object.metadata.name ?? ""}: ${causeText(cause)}`;
}

/** A warning that begins with the path of a field, as the server writes them, gets that field's place. */
export function locatedWarning(manifest: Manifest, warning: string): string {
  const path = /^([A-Za-z][^\s:]*(?:\["[^"]*"\][^\s:]*)*): /.exec(warning)?.[1];
  return located(manifest, {
    message: path === undefined ? warning : warning.slice(path.length + 2),
    ...(path !== undefined && { path }),
  });
}
