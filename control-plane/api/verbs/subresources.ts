/** Verbs on the subresources that are no part of the object itself: scale, binding, eviction. */
import { toTime } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { defaultAndValidate } from "../admission/validate.ts";
import { trackUpdate } from "../apply/managers.ts";
import { authorize } from "../authorize.ts";
import type { ApiEnvironment, Call } from "../environment.ts";
import { isRecord, type JsonRecord } from "../patch/json.ts";
import { jsonPatch } from "../patch/json-patch.ts";
import { mergePatch } from "../patch/merge-patch.ts";
import { notFound, objectTarget, type Target } from "../target.ts";
import { assertVersion, changeObject, type Decision } from "../write-loop.ts";
import { bindPod } from "./binding.ts";
import type { CreateRequest } from "./create.ts";
import { removeObject } from "./delete.ts";
import { readPropagation } from "./deletion.ts";
import type { PatchRequest } from "./patch.ts";
import type { WriteReply } from "./reply.ts";
import { scaleOf, withScale } from "./scale.ts";
import { settle, type UpdateRequest, writeReply } from "./update.ts";

export function createSubresource(
  env: ApiEnvironment,
  call: Call,
  request: CreateRequest & { readonly subresource: string },
): Promise<WriteReply> {
  if (request.subresource === "binding") return bindPod(env, call, request);
  if (request.subresource === "eviction") return evictPod(env, call, request);
  throw new Problem("unsupported", `the subresource "${request.subresource.slice(0, 40)}" cannot be created`);
}

/** Eviction of policy/v1: a deletion that may be refused for the sake of availability, once there are disruption budgets. */
async function evictPod(env: ApiEnvironment, call: Call, request: CreateRequest): Promise<WriteReply> {
  const { kind, metadata, deleteOptions } = request.body;
  if (kind !== undefined && kind !== "Eviction")
    throw new Problem("bad-request", "the body of the eviction subresource is an Eviction of policy/v1");
  const named = isRecord(metadata) && typeof metadata.name === "string" ? metadata.name : "";
  if (request.name !== "" && named !== "" && named !== request.name)
    throw new Problem("bad-request", `the request names "${request.name}", the body "${named}"`);
  const name = request.name || named;
  const { definition, namespace } = objectTarget({ ...request, name, subresource: "eviction" });
  const access = { resource: definition.resource, subresource: "eviction", namespace, name };
  authorize(env.authorizer, call.caller, { verb: "create", ...access });
  const options = isRecord(deleteOptions) ? deleteOptions : {};
  const grace = options.gracePeriodSeconds;
  const preconditions = isRecord(options.preconditions) ? options.preconditions : {};
  const { object } = await removeObject(env, call, {
    ...{ resource: request.resource, namespace, name },
    preconditionUid: textOf(preconditions.uid),
    preconditionResourceVersion: textOf(preconditions.resourceVersion),
    options: {
      propagation: readPropagation(textOf(options.propagationPolicy)),
      graceSeconds: typeof grace === "number" && grace >= 0 ? grace : undefined,
    },
    dryRun: request.options.dryRun || (Array.isArray(options.dryRun) && options.dryRun.includes("All")),
  });
  return { object, warnings: [], outcome: "configured" };
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

export function updateScale(env: ApiEnvironment, call: Call, request: UpdateRequest): Promise<WriteReply> {
  return changeScale(env, call, { ...request, verb: "update" }, () => request.body);
}

export function patchScale(env: ApiEnvironment, call: Call, request: PatchRequest): Promise<WriteReply> {
  const change = (scale: KubeObject): JsonRecord => {
    const patched = request.type === "json" ? jsonPatch(scale, request.patch) : mergePatch(scale, request.patch);
    if (isRecord(patched)) return patched;
    throw new Problem("invalid", "the patch leaves no object");
  };
  return changeScale(env, call, { ...request, verb: "patch" }, change);
}

type ScaleRequest = Pick<UpdateRequest, "resource" | "namespace" | "name" | "subresource" | "options"> & {
  readonly verb: "update" | "patch";
};

async function changeScale(
  env: ApiEnvironment,
  call: Call,
  request: ScaleRequest,
  change: (scale: KubeObject) => JsonRecord,
): Promise<WriteReply> {
  const target = objectTarget(request);
  const { definition, namespace, name, subresource } = target;
  authorize(env.authorizer, call.caller, {
    verb: request.verb,
    resource: definition.resource,
    subresource,
    namespace,
    name,
  });
  let warnings: readonly string[] = [];
  const decide = (current: KubeObject | undefined): Decision => {
    if (!current) throw notFound(target);
    const scale = change(scaleOf(current));
    const metadata = isRecord(scale.metadata) ? scale.metadata : {};
    assertVersion(target, current, typeof metadata.resourceVersion === "string" ? metadata.resourceVersion : undefined);
    const scaled = admitScale(env, target, { current, scale, request });
    warnings = scaled.warnings;
    return settle(current, scaled.object);
  };
  const changed = await changeObject(env, call, target, decide, { dryRun: request.options.dryRun, retry: true });
  const reply = writeReply(changed, warnings);
  return { ...reply, object: scaleOf(reply.object) };
}

interface Scaling {
  readonly current: KubeObject;
  readonly scale: JsonRecord;
  readonly request: ScaleRequest;
}

function admitScale(env: ApiEnvironment, { definition }: Target, { current, scale, request }: Scaling) {
  const { fieldManager, mode } = request.options;
  const admitted = defaultAndValidate(definition, withScale(current, scale), { previous: current, mode });
  const writer = { name: fieldManager, subresource: "scale", time: toTime(env.clock.nowMs()) };
  return { ...admitted, object: trackUpdate(definition.type, current, admitted.object, { writer, part: "main" }) };
}
