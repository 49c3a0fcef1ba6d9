/** Delete of one object, and of all that a selector finds. */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { authorize } from "../authorize.ts";
import type { ApiEnvironment, Call } from "../environment.ts";
import { readSelection } from "../read/selection.ts";
import { snapshot } from "../read/snapshot.ts";
import { collectionTarget, describe, notFound, objectTarget, type Target } from "../target.ts";
import { changeObject, type Decision } from "../write-loop.ts";
import { type DeleteOptions, planDeletion } from "./deletion.ts";

export interface DeleteRequest {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly preconditionUid: string;
  readonly preconditionResourceVersion: string;
  readonly options: DeleteOptions;
  readonly dryRun: boolean;
}

export interface Deleted {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

const protectedNamespaces = new Set(["default", "kube-system", "kube-public", "kube-node-lease"]);

export async function deleteObject(env: ApiEnvironment, call: Call, request: DeleteRequest): Promise<Deleted> {
  const { definition, namespace, name } = objectTarget(request);
  authorize(env.authorizer, call.caller, { verb: "delete", resource: definition.resource, namespace, name });
  return removeObject(env, call, request);
}

/** The caller was authorized: to delete, or to evict. */
export async function removeObject(env: ApiEnvironment, call: Call, request: DeleteRequest): Promise<Deleted> {
  const target = objectTarget(request);
  assertDeletable(target);
  const decide = (current: KubeObject | undefined): Decision => {
    if (!current) throw notFound(target);
    assertPreconditions(target, current, request);
    return planDeletion(current, request.options, env.clock.nowMs());
  };
  const { object } = await changeObject(env, call, target, decide, { dryRun: request.dryRun, retry: true });
  return { object, warnings: [] };
}

function assertDeletable({ definition, name }: Target): void {
  if (definition.kind !== "Namespace" || !protectedNamespaces.has(name)) return;
  throw new Problem("forbidden", `the namespace "${name}" is part of the cluster and cannot be deleted`, {
    object: `Namespace ${name}`,
  });
}

function assertPreconditions(target: Target, current: KubeObject, request: DeleteRequest): void {
  const { uid, resourceVersion } = current.metadata;
  const object = describe(target.definition, target.namespace, target.name);
  const refuse = (what: string, wanted: string, actual: string | undefined): never => {
    throw new Problem("conflict", `${object} has ${what} ${actual}, not ${wanted}`, { object, retry: "never" });
  };
  if (request.preconditionUid !== "" && request.preconditionUid !== uid) refuse("uid", request.preconditionUid, uid);
  const version = request.preconditionResourceVersion;
  if (version !== "" && version !== resourceVersion) refuse("resourceVersion", version, resourceVersion);
}

export interface DeleteCollectionRequest {
  readonly resource: string;
  readonly namespace: string;
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly options: DeleteOptions;
  readonly dryRun: boolean;
}

const concurrentDeletions = 16;

/** Answers how many objects were deleted or marked. What vanishes meanwhile is deleted too. */
export async function deleteCollection(
  env: ApiEnvironment,
  call: Call,
  request: DeleteCollectionRequest,
): Promise<{ readonly count: number }> {
  const { definition, namespace } = collectionTarget(request);
  authorize(env.authorizer, call.caller, {
    verb: "deletecollection",
    resource: definition.resource,
    namespace,
    name: "",
  });
  if (definition.namespaced && namespace === "") {
    throw new Problem("bad-request", `say in which namespace ${definition.plural} are to be deleted`);
  }
  const selection = readSelection(definition, request);
  const { objects } = await snapshot(env, call, { definition, namespace, resourceVersion: "" });
  const waiting = objects.filter(selection.matches).map(({ metadata }) => metadata);
  if (definition.kind === "Namespace") {
    for (const { name } of waiting) assertDeletable({ definition, namespace: "", name, subresource: "" });
  }
  let count = 0;
  const worker = async (): Promise<void> => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { name, namespace: space = "", uid = "" } = next;
      const single = { ...request, namespace: space, name, preconditionUid: uid, preconditionResourceVersion: "" };
      if (await isDeleted(env, call, single)) count++;
    }
  };
  await Promise.all(Array.from({ length: concurrentDeletions }, worker));
  return { count };
}

async function isDeleted(env: ApiEnvironment, call: Call, request: DeleteRequest): Promise<boolean> {
  const target = objectTarget(request);
  const decide = (current: KubeObject | undefined): Decision => {
    if (!current || current.metadata.uid !== request.preconditionUid) throw notFound(target);
    return planDeletion(current, request.options, env.clock.nowMs());
  };
  try {
    await changeObject(env, call, target, decide, { dryRun: request.dryRun, retry: true });
    return true;
  } catch (thrown) {
    if (Problem.is(thrown, "not-found")) return false;
    throw thrown;
  }
}
