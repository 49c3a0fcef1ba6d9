/** What the server sets on an object at its birth. Pure. */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject, ObjectMeta } from "#proto/resources/object.ts";
import type { ResourceDefinition } from "#proto/resources/registry.ts";
import { isRecord } from "../patch/json.ts";

export interface Birth {
  readonly namespace: string;
  /** From the address of the request; "" when only the body says it. */
  readonly name: string;
  readonly uid: string;
  /** RFC 3339. */
  readonly now: string;
  /** Completes `generateName`. */
  readonly nameSuffix: string;
}

const maxGeneratedBase = 58;
const nameLabel = "kubernetes.io/metadata.name";

export function newObject(definition: ResourceDefinition, body: KubeObject, birth: Birth): KubeObject {
  const { metadata } = body;
  if (metadata.resourceVersion !== undefined && metadata.resourceVersion !== "") {
    throw new Problem("bad-request", "an object to be created has no resourceVersion", {
      hint: "Remove metadata.resourceVersion, or update the object instead.",
    });
  }
  const name = nameOf(metadata, birth);
  const {
    uid: _uid,
    resourceVersion: _resourceVersion,
    generation: _generation,
    creationTimestamp: _creation,
    deletionTimestamp: _deletion,
    deletionGracePeriodSeconds: _grace,
    managedFields: _managed,
    selfLink: _selfLink,
    ...kept
  } = metadata as ObjectMeta & { readonly selfLink?: string };
  const born: KubeObject = {
    ...body,
    metadata: {
      ...kept,
      name,
      ...(definition.namespaced && { namespace: birth.namespace }),
      uid: birth.uid,
      creationTimestamp: birth.now,
      ...(definition.type.fields.has("spec") && { generation: 1 }),
    },
  };
  if (!definition.namespaced) delete born.metadata.namespace;
  return withFirstStatus(definition, born);
}

function nameOf(metadata: ObjectMeta, birth: Birth): string {
  if (birth.name !== "" && metadata.name !== undefined && metadata.name !== birth.name) {
    throw new Problem("bad-request", `the request names "${birth.name}", the body "${metadata.name}"`);
  }
  const name = metadata.name || birth.name;
  if (name) return name;
  if (metadata.generateName) return metadata.generateName.slice(0, maxGeneratedBase) + birth.nameSuffix;
  throw new Problem("invalid", "metadata.name is missing", {
    causes: [{ path: "metadata.name", message: "is required, or metadata.generateName", reason: "FieldValueRequired" }],
  });
}

/** A status is observed, never given: who creates an object cannot say what it is doing. */
function withFirstStatus(definition: ResourceDefinition, object: KubeObject): KubeObject {
  const { status: _, ...rest } = object;
  switch (definition.kind) {
    case "Pod":
      return { ...rest, status: { phase: "Pending" } } as KubeObject;
    case "Namespace":
      return withNameLabel({ ...rest, spec: namespaceSpec(object.spec), status: { phase: "Active" } } as KubeObject);
    case "Node":
    case "Event":
      return object;
    default:
      return definition.subresources.includes("status") ? (rest as KubeObject) : object;
  }
}

/** So that selectors can name a namespace, as in Kubernetes. */
export function withNameLabel(namespace: KubeObject): KubeObject {
  const { name, labels } = namespace.metadata;
  return { ...namespace, metadata: { ...namespace.metadata, labels: { ...labels, [nameLabel]: name } } };
}

function namespaceSpec(given: unknown): unknown {
  const spec = isRecord(given) ? given : {};
  const finalizers = Array.isArray(spec.finalizers) ? spec.finalizers : [];
  return { ...spec, finalizers: finalizers.includes("kubernetes") ? finalizers : ["kubernetes", ...finalizers] };
}
