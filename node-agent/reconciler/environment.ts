/** A container's environment as Kubernetes resolves it: envFrom, then env, later names over earlier ones, `$(NAME)` expanded. */
import { Problem } from "#proto/kit/problem.ts";
import type { Container, EnvVar, Pod } from "#proto/resources/pod.ts";
import type { PodObjects } from "../volumes/volume-store.ts";
import { fieldValue, type PodFacts } from "./field-value.ts";
import { resourceValue } from "./resource-value.ts";

export interface EnvironmentSources {
  readonly pod: Pod;
  readonly container: Container;
  readonly objects: PodObjects;
  readonly facts: PodFacts;
}

export interface EnvEntry {
  readonly name: string;
  readonly value: string;
}

/** Problem `invalid` with a sentence that names the missing object or key: Kubernetes' CreateContainerConfigError. */
export function resolveEnvironment(sources: EnvironmentSources): readonly EnvEntry[] {
  const values = new Map<string, string>();
  for (const from of sources.container.envFrom ?? []) {
    for (const [key, value] of Object.entries(allKeys(from, sources))) {
      const name = `${from.prefix ?? ""}${key}`;
      if (isVariableName(name)) values.set(name, value);
    }
  }
  for (const variable of sources.container.env ?? []) {
    const value = variable.valueFrom ? fromSource(variable, sources) : expand(variable.value ?? "", values);
    if (value !== undefined) values.set(variable.name, value);
  }
  return [...values].map(([name, value]) => ({ name, value }));
}

/**
 * Kubernetes' `$(NAME)`: replaced when NAME is known, kept as it is when not; `$$` is an escaped dollar.
 */
export function expand(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\$\$|\$\(([^()]*)\)/g, (match: string, name: string | undefined) => {
    if (match === "$$") return "$";
    return name === undefined ? match : (values.get(name) ?? match);
  });
}

type EnvFrom = NonNullable<Container["envFrom"]>[number];

function allKeys(from: EnvFrom, sources: EnvironmentSources): Readonly<Record<string, string>> {
  if (from.configMapRef) {
    const data = configMapData(from.configMapRef.name ?? "", sources);
    if (data) return data;
    if (from.configMapRef.optional) return {};
    throw missing("ConfigMap", from.configMapRef.name ?? "", sources);
  }
  if (from.secretRef) {
    const data = secretData(from.secretRef.name ?? "", sources);
    if (data) return data;
    if (from.secretRef.optional) return {};
    throw missing("Secret", from.secretRef.name ?? "", sources);
  }
  return {};
}

function fromSource(variable: EnvVar, sources: EnvironmentSources): string | undefined {
  const source = variable.valueFrom;
  if (source?.configMapKeyRef) {
    const { name = "", key, optional } = source.configMapKeyRef;
    return oneKey({ kind: "ConfigMap", name, key, optional }, configMapData(name, sources), sources);
  }
  if (source?.secretKeyRef) {
    const { name = "", key, optional } = source.secretKeyRef;
    return oneKey({ kind: "Secret", name, key, optional }, secretData(name, sources), sources);
  }
  if (source?.fieldRef) return fieldValue(sources.pod, source.fieldRef.fieldPath, sources.facts);
  if (source?.resourceFieldRef)
    return resourceValue(sources.pod, sources.container, source.resourceFieldRef, sources.facts);
  return "";
}

interface KeyReference {
  readonly kind: "ConfigMap" | "Secret";
  readonly name: string;
  readonly key: string;
  readonly optional: boolean | undefined;
}

function oneKey(
  reference: KeyReference,
  data: Readonly<Record<string, string>> | undefined,
  sources: EnvironmentSources,
): string | undefined {
  const value = data && Object.hasOwn(data, reference.key) ? data[reference.key] : undefined;
  if (value !== undefined || reference.optional) return value;
  if (!data) throw missing(reference.kind, reference.name, sources);
  const namespace = sources.pod.metadata.namespace ?? "default";
  throw new Problem(
    "invalid",
    `couldn't find key ${reference.key} in ${reference.kind} ${namespace}/${reference.name}`,
    {
      hint: `Add the key to the ${reference.kind}, or mark the reference optional.`,
    },
  );
}

function missing(kind: string, name: string, { pod }: EnvironmentSources): Problem {
  return new Problem("invalid", `${kind.toLowerCase()} "${name}" not found`, {
    object: `${kind} ${pod.metadata.namespace ?? "default"}/${name}`,
    hint: `Create the ${kind} in the pod's namespace; the container starts as soon as it is there.`,
  });
}

function configMapData(name: string, { objects }: EnvironmentSources): Readonly<Record<string, string>> | undefined {
  const object = objects.configMap(name);
  return object && stringMap(object.data);
}

/** Environment variables are text: bytes that are not UTF-8 cannot come through unharmed, as in Kubernetes. */
function secretData(name: string, { objects }: EnvironmentSources): Readonly<Record<string, string>> | undefined {
  const object = objects.secret(name);
  if (!object) return undefined;
  const entries = Object.entries(stringMap(object.data));
  return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]));
}

function stringMap(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => typeof entry === "string"));
}

function isVariableName(name: string): boolean {
  return name !== "" && !name.includes("=") && !name.includes("\0");
}
