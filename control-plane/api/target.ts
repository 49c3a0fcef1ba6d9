/** What a request is about: resource, namespace and name as they were sent, made into a definition and a key. */
import { Problem } from "#proto/kit/problem.ts";
import { suggestResource } from "#proto/resources/catalog.ts";
import { dnsLabel, dnsSubdomain } from "#proto/resources/name-rules.ts";
import { definitions, type ResourceDefinition } from "#proto/resources/registry.ts";
import type { ResourceKey } from "../store/keyspace.ts";

export interface Target {
  readonly definition: ResourceDefinition;
  /** "" for cluster-scoped resources, and for all namespaces. */
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
}

export interface Address {
  readonly resource: string;
  readonly namespace: string;
  readonly name?: string;
  readonly subresource?: string;
}

const byResource: ReadonlyMap<string, ResourceDefinition> = new Map(
  definitions.map((definition) => [definition.resource, definition]),
);

/** One object. A namespaced one without namespace is in `default`. */
export function objectTarget(address: Address): Target & { readonly key: ResourceKey } {
  const target = collectionTarget(address);
  const { definition, name } = target;
  if (name === "") throw new Problem("bad-request", `the name of the ${definition.singular} is missing`);
  const problem = dnsSubdomain(name);
  if (problem !== undefined) throw new Problem("bad-request", `the name "${name.slice(0, 100)}" ${problem}`);
  const namespace = definition.namespaced && target.namespace === "" ? "default" : target.namespace;
  return { ...target, namespace, key: keyOf(definition, namespace, name) };
}

/** A resource, in one namespace or in all. */
export function collectionTarget(address: Address): Target {
  const definition = byResource.get(address.resource);
  if (!definition) throw unknownResource(address.resource);
  const subresource = address.subresource ?? "";
  if (subresource !== "" && !definition.subresources.includes(subresource)) {
    throw new Problem("not-found", `${definition.resource} have no subresource "${subresource.slice(0, 100)}"`);
  }
  // A namespace given for what has none is what tools send along with every request.
  const namespace = definition.namespaced ? address.namespace : "";
  const problem = namespace === "" ? undefined : dnsLabel(namespace);
  if (problem !== undefined) throw new Problem("bad-request", `the namespace "${namespace.slice(0, 100)}" ${problem}`);
  return { definition, namespace, name: address.name ?? "", subresource };
}

export function keyOf(definition: ResourceDefinition, namespace: string, name: string): ResourceKey {
  return { group: definition.group, plural: definition.plural, namespace, name };
}

/** As people name it: `Deployment default/web`, `Node worker-1`. */
export function describe(definition: ResourceDefinition, namespace: string, name: string): string {
  return `${definition.kind} ${namespace === "" ? "" : `${namespace}/`}${name}`;
}

export function notFound({ definition, namespace, name }: Target): Problem {
  const object = describe(definition, namespace, name);
  const hint = `orchctl get ${definition.plural}${namespace === "" ? "" : ` -n ${namespace}`} lists those there are.`;
  return new Problem("not-found", `${object} does not exist`, { object, hint });
}

function unknownResource(resource: string): Problem {
  const near = suggestResource(resource);
  const message = `the server does not know the resource "${resource.slice(0, 100)}"`;
  return new Problem("not-found", message, {
    hint: near === undefined ? "See `orchctl api-resources`." : `Did you mean ${near}?`,
  });
}
