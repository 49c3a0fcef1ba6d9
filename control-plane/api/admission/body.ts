/** A body that claims to be an object of a kind: enough shape to work with. The schema checks the rest. */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { ResourceDefinition } from "#proto/resources/registry.ts";
import { isRecord, type JsonRecord, withoutNulls } from "../patch/json.ts";

/** Nulls are dropped: Kubernetes reads them as absent. */
export function asObject(definition: ResourceDefinition, body: JsonRecord): KubeObject {
  const { apiVersion, kind, metadata } = body;
  if (apiVersion !== definition.apiVersion || kind !== definition.kind) {
    throw new Problem(
      "bad-request",
      `the body is ${said(kind)} of ${said(apiVersion)}; ${definition.resource} are ${definition.kind} of ${definition.apiVersion}`,
    );
  }
  if (metadata !== undefined && metadata !== null && !isRecord(metadata)) throw shape("metadata", "must be an object");
  const object = withoutNulls({ ...body, metadata: metadata ?? {} });
  for (const name of ["name", "generateName", "namespace", "uid", "resourceVersion"] as const) {
    const value = isRecord(object.metadata) ? object.metadata[name] : undefined;
    if (value !== undefined && typeof value !== "string") throw shape(`metadata.${name}`, "must be text");
  }
  for (const name of ["labels", "annotations"] as const) assertTextMap(object.metadata, name);
  assertList(object.metadata, "finalizers");
  assertList(object.metadata, "ownerReferences");
  return object as unknown as KubeObject;
}

function assertTextMap(metadata: JsonRecord, name: string): void {
  const value = metadata[name];
  if (value === undefined) return;
  if (!isRecord(value)) throw shape(`metadata.${name}`, "must be an object");
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== "string") throw shape(`metadata.${name}.${key}`, "must be text; put it in quotes");
  }
}

function assertList(metadata: JsonRecord, name: string): void {
  if (metadata[name] !== undefined && !Array.isArray(metadata[name])) throw shape(`metadata.${name}`, "must be a list");
}

function shape(path: string, message: string): Problem {
  return new Problem("invalid", `${path} ${message}`, {
    causes: [{ path, message, reason: "FieldValueTypeInvalid" }],
  });
}

const said = (value: unknown): string => (typeof value === "string" ? `"${value.slice(0, 100)}"` : "nothing");
