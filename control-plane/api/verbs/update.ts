/** Update: replaces an object, or only its status. With resourceVersion in the body a lost update is refused. */
import { toTime } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { asObject } from "../admission/body.ts";
import { withEphemeralContainers } from "../admission/ephemeral-containers.ts";
import { finalized, nextObject, partOf, withGeneration } from "../admission/next-object.ts";
import { admitPodSecurity } from "../admission/pod-security.ts";
import { defaultAndValidate } from "../admission/validate.ts";
import { type Part, trackUpdate } from "../apply/managers.ts";
import { authorize } from "../authorize.ts";
import type { ApiEnvironment, Call } from "../environment.ts";
import type { JsonRecord } from "../patch/json.ts";
import { type Address, notFound, objectTarget, type Target } from "../target.ts";
import { assertVersion, changeObject, type Decision } from "../write-loop.ts";
import type { WriteOptions } from "../write-options.ts";
import { isFinallyGone } from "./deletion.ts";
import type { WriteReply } from "./reply.ts";

export interface UpdateRequest {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
  readonly body: JsonRecord;
  readonly options: WriteOptions;
}

export async function update(env: ApiEnvironment, call: Call, request: UpdateRequest): Promise<WriteReply> {
  const target = writableTarget(env, call, "update", request);
  const body = asObject(target.definition, request.body);
  const wanted = body.metadata.resourceVersion;
  let warnings: readonly string[] = [];
  const decide = async (current: KubeObject | undefined): Promise<Decision> => {
    if (!current) throw notFound(target);
    assertVersion(target, current, wanted);
    const successor = await succeed(env, call, target, { current, body, options: request.options });
    warnings = successor.warnings;
    return successor.decision;
  };
  const changed = await changeObject(env, call, target, decide, {
    dryRun: request.options.dryRun,
    retry: wanted === undefined || wanted === "",
  });
  return writeReply(changed, warnings);
}

const writableSubresources = new Set(["", "status", "finalize", "ephemeralcontainers"]);

export type ObjectTarget = ReturnType<typeof objectTarget>;

/** What the caller may change as an object; subresources that are verbs of their own are `unsupported`. */
export function writableTarget(env: ApiEnvironment, call: Call, verb: "update" | "patch", at: Address): ObjectTarget {
  const target = objectTarget(at);
  const { resource } = target.definition;
  const { subresource, namespace, name } = target;
  authorize(env.authorizer, call.caller, { verb, resource, subresource, namespace, name });
  if (writableSubresources.has(subresource)) return target;
  throw new Problem("unsupported", `${resource}/${subresource} cannot be changed as an object`);
}

export interface Succession {
  readonly current: KubeObject;
  /** The wanted object as a whole; for the status path only its status counts. */
  readonly body: KubeObject;
  readonly options: WriteOptions;
}

/** Admission of a changed object, common to update and the patches that are not apply. */
export async function succeed(
  env: ApiEnvironment,
  call: Call,
  target: Target,
  { current, body, options }: Succession,
): Promise<{ readonly decision: Decision; readonly warnings: readonly string[] }> {
  const { definition, subresource } = target;
  const part = partOf(definition, subresource);
  const { next, previous } = successorOf(target, current, body, part);
  const admitted = defaultAndValidate(definition, next, { previous, mode: options.mode });
  const writer = { name: options.fieldManager, subresource, time: toTime(env.clock.nowMs()) };
  const tracked = trackUpdate(definition.type, current, admitted.object, { writer, part });
  const warnings = await admitChange(env, call, target, { current, next: tracked, dryRun: options.dryRun });
  return { decision: settle(current, tracked), warnings: [...admitted.warnings, ...warnings] };
}

/** What is to follow the stored object, and what of that was there before as far as the rules are concerned. */
function successorOf(
  { definition, subresource }: Target,
  current: KubeObject,
  body: KubeObject,
  part: Part,
): { readonly next: KubeObject; readonly previous: KubeObject } {
  if (subresource === "ephemeralcontainers") return withEphemeralContainers(definition, current, body);
  const succeeds = subresource === "finalize" ? finalized : nextObject;
  return { next: succeeds(definition, current, body, part), previous: current };
}

interface Change {
  readonly current: KubeObject;
  readonly next: KubeObject;
  readonly dryRun: boolean;
}

/** What a status says, and who finishes a namespace, is nobody's wish. */
export async function admitChange(
  env: ApiEnvironment,
  call: Call,
  { subresource }: Target,
  { current, next, dryRun }: Change,
): Promise<readonly string[]> {
  if (subresource === "status" || subresource === "finalize") return [];
  return admitPodSecurity(env, call, { object: next, previous: current, dryRun });
}

/** Counts the generation; an object that only waited for its last finalizer leaves. */
export function settle(current: KubeObject, next: KubeObject): Decision {
  if (isFinallyGone(next)) return { kind: "remove", object: next };
  return { kind: "write", object: withGeneration(current, next) };
}

export function writeReply(
  { object, outcome }: Awaited<ReturnType<typeof changeObject>>,
  warnings: readonly string[],
): WriteReply {
  return { object, warnings, outcome: outcome === "removed" ? "configured" : outcome };
}
