/** What an update may change of a stored object, by write path. Pure. */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { ResourceDefinition } from "#proto/resources/registry.ts";
import type { Part } from "../apply/managers.ts";
import { isRecord, jsonEqual } from "../patch/json.ts";
import { describe } from "../target.ts";
import { withNameLabel } from "./new-object.ts";

/** Which part of an object the subresource "" or "status" writes. */
export function partOf(definition: ResourceDefinition, subresource: string): Part {
  if (subresource === "status") return "status";
  return definition.subresources.includes("status") ? "main" : "whole";
}

/** The body as successor of the stored object: identity and what the server keeps stay, the other part stays. */
export function nextObject(
  definition: ResourceDefinition,
  current: KubeObject,
  body: KubeObject,
  part: Part,
): KubeObject {
  assertSameObject(definition, current, body);
  if (part === "status")
    return { ...withoutStatus(current), ...(body.status !== undefined && { status: body.status }) };
  const { uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, generation, managedFields } =
    current.metadata;
  const kept = {
    name: current.metadata.name,
    namespace: current.metadata.namespace,
    generateName: current.metadata.generateName,
    uid,
    resourceVersion: current.metadata.resourceVersion,
    creationTimestamp,
    deletionTimestamp,
    deletionGracePeriodSeconds,
    generation,
    managedFields,
  };
  const { labels, annotations, ownerReferences, finalizers } = body.metadata;
  const metadata = defined({ ...kept, labels, annotations, ownerReferences, finalizers }) as KubeObject["metadata"];
  assertFinalizers(definition, current, finalizers ?? []);
  const next: KubeObject = { ...(part === "main" ? withoutStatus(body) : body), metadata };
  if (part === "main" && current.status !== undefined) next.status = current.status;
  return definition.kind === "Namespace" ? withNameLabel({ ...next, spec: current.spec }) : next;
}

/** The finalize subresource of namespaces: who emptied one takes its finalizer away. Nothing else changes. */
export function finalized(definition: ResourceDefinition, current: KubeObject, body: KubeObject): KubeObject {
  assertSameObject(definition, current, body);
  const finalizers = isRecord(body.spec) ? body.spec.finalizers : undefined;
  return { ...current, spec: { ...(isRecord(current.spec) && current.spec), finalizers: finalizers ?? [] } };
}

/** Counts up when anything but metadata and status changed. */
export function withGeneration(current: KubeObject, next: KubeObject): KubeObject {
  const generation = current.metadata.generation;
  if (generation === undefined || jsonEqual(desired(current), desired(next))) return next;
  return { ...next, metadata: { ...next.metadata, generation: generation + 1 } };
}

function desired({ metadata: _metadata, status: _status, ...rest }: KubeObject): object {
  return rest;
}

/** Whether a write would change anything but the bookkeeping of field managers' times. */
export function isUnchanged(current: KubeObject, next: KubeObject): boolean {
  return jsonEqual(withoutVersion(current), withoutVersion(next));
}

function withoutVersion(object: KubeObject): object {
  const { resourceVersion: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function assertSameObject(definition: ResourceDefinition, current: KubeObject, body: KubeObject): void {
  const { name, namespace, uid } = body.metadata;
  const object = describe(definition, current.metadata.namespace ?? "", current.metadata.name);
  if (name !== undefined && name !== current.metadata.name) {
    throw new Problem("bad-request", `the body's name is "${name}"; a name cannot change`, { object });
  }
  if (definition.namespaced && namespace !== undefined && namespace !== current.metadata.namespace) {
    throw new Problem("bad-request", `the body's namespace is "${namespace}"; a namespace cannot change`, { object });
  }
  if (uid !== undefined && uid !== "" && uid !== current.metadata.uid) {
    throw new Problem("conflict", `${object} is another object than the one with uid ${uid}`, {
      object,
      hint: "It was deleted and created anew. Read it again.",
      retry: "never",
    });
  }
}

function assertFinalizers(definition: ResourceDefinition, current: KubeObject, finalizers: readonly string[]): void {
  if (current.metadata.deletionTimestamp === undefined) return;
  const known = current.metadata.finalizers ?? [];
  const added = finalizers.filter((finalizer) => !known.includes(finalizer));
  if (added.length === 0) return;
  const object = describe(definition, current.metadata.namespace ?? "", current.metadata.name);
  const message = "an object that is being deleted takes no new finalizers";
  throw new Problem("invalid", `${object}: ${message}`, {
    object,
    causes: [{ path: "metadata.finalizers", message, reason: "FieldValueForbidden" }],
  });
}

function withoutStatus({ status: _, ...rest }: KubeObject): KubeObject {
  return rest as KubeObject;
}

function defined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
