/** Patch: apply, merge, strategic, json. Decided anew on what is stored when another write came between. */
import { toTime } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { nameSuffix } from "#proto/kit/random.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { asObject } from "../admission/body.ts";
import { assertNamespace } from "../admission/namespace.ts";
import { newObject } from "../admission/new-object.ts";
import { nextObject, partOf } from "../admission/next-object.ts";
import { admitPodSecurity } from "../admission/pod-security.ts";
import { withSecretData } from "../admission/secret-data.ts";
import { defaultAndValidate } from "../admission/validate.ts";
import { applyConfiguration } from "../apply/apply.ts";
import { canonical } from "../apply/canonical.ts";
import { authorize } from "../authorize.ts";
import type { ApiEnvironment, Call } from "../environment.ts";
import { isRecord } from "../patch/json.ts";
import { jsonPatch } from "../patch/json-patch.ts";
import { mergePatch } from "../patch/merge-patch.ts";
import { strategicMerge } from "../patch/strategic-merge.ts";
import { describe, notFound, type Target } from "../target.ts";
import { assertVersion, changeObject, type Decision } from "../write-loop.ts";
import type { WriteOptions } from "../write-options.ts";
import type { WriteReply } from "./reply.ts";
import { admitChange, type ObjectTarget, settle, succeed, writableTarget, writeReply } from "./update.ts";

export interface PatchRequest {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
  readonly type: string;
  /** Decoded JSON. */
  readonly patch: unknown;
  readonly force: boolean;
  readonly options: WriteOptions;
}

export async function patchObject(env: ApiEnvironment, call: Call, request: PatchRequest): Promise<WriteReply> {
  const target = writableTarget(env, call, "patch", request);
  if (request.type === "apply") return apply(env, call, target, request);
  const change = patchFunction(target, request);
  let warnings: readonly string[] = [];
  const decide = async (current: KubeObject | undefined): Promise<Decision> => {
    if (!current) throw notFound(target);
    const patched = change(current);
    if (!isRecord(patched)) throw new Problem("invalid", "the patch leaves no object");
    const body = asObject(target.definition, patched);
    assertVersion(target, current, body.metadata.resourceVersion);
    const successor = await succeed(env, call, target, { current, body, options: request.options });
    warnings = successor.warnings;
    return successor.decision;
  };
  const changed = await changeObject(env, call, target, decide, {
    dryRun: request.options.dryRun,
    retry: wantedVersion(request.patch) === undefined,
  });
  return writeReply(changed, warnings);
}

function patchFunction({ definition }: Target, { type, patch }: PatchRequest): (current: KubeObject) => unknown {
  if (type === "json") return (current) => jsonPatch(current, patch);
  if (!isRecord(patch)) throw new Problem("bad-request", `a ${type} patch is a JSON object`);
  if (type === "merge") return (current) => mergePatch(current, patch);
  if (type === "strategic") return (current) => strategicMerge(definition.type, current, patch);
  throw new Problem("bad-request", `a patch is "apply", "merge", "strategic" or "json", not "${type.slice(0, 40)}"`);
}

/** The version a patch names in its metadata: then a conflict is the caller's to solve. */
function wantedVersion(patch: unknown): string | undefined {
  const metadata = isRecord(patch) ? patch.metadata : undefined;
  const version = isRecord(metadata) ? metadata.resourceVersion : undefined;
  return typeof version === "string" && version !== "" ? version : undefined;
}

async function apply(
  env: ApiEnvironment,
  call: Call,
  target: ObjectTarget,
  request: PatchRequest,
): Promise<WriteReply> {
  const { definition } = target;
  if (!isRecord(request.patch)) throw new Problem("bad-request", "an applied configuration is a JSON object");
  const config = canonical(definition.type, withSecretData(asObject(definition, request.patch)));
  assertAppliable(config);
  const wanted = config.metadata.resourceVersion;
  let warnings: readonly string[] = [];
  const decide = async (current: KubeObject | undefined): Promise<Decision> => {
    if (current) assertVersion(target, current, wanted);
    else if (wanted || config.metadata.uid || target.subresource !== "") throw notFound(target);
    else await assertCreatable(env, call, target);
    const applied = current ? applyTo(env, target, current, config, request) : applyNew(env, target, config, request);
    const { dryRun } = request.options;
    const { object } = applied.decision;
    const secured = current
      ? await admitChange(env, call, target, { current, next: object, dryRun })
      : await admitPodSecurity(env, call, { object, dryRun });
    warnings = [...applied.warnings, ...secured];
    return applied.decision;
  };
  const changed = await changeObject(env, call, target, decide, { dryRun: request.options.dryRun, retry: !wanted });
  return writeReply(changed, warnings);
}

function assertAppliable(config: KubeObject): void {
  if (config.metadata.managedFields === undefined || config.metadata.managedFields.length === 0) return;
  throw new Problem("bad-request", "metadata.managedFields must be left out of what is applied", {
    hint: "Export the object without managedFields.",
  });
}

async function assertCreatable(
  env: ApiEnvironment,
  call: Call,
  { definition, namespace, name }: Target,
): Promise<void> {
  authorize(env.authorizer, call.caller, { verb: "create", resource: definition.resource, namespace, name });
  if (namespace !== "") await assertNamespace(env, namespace, call.signal);
}

interface Applied {
  readonly decision: Decision;
  readonly warnings: readonly string[];
}

function applyOptions(env: ApiEnvironment, target: Target, { force, options }: PatchRequest) {
  const { definition, namespace, name, subresource } = target;
  const writer = { name: options.fieldManager, subresource, time: toTime(env.clock.nowMs()) };
  const part = partOf(definition, subresource);
  return { type: definition.type, writer, part, force, describedAs: describe(definition, namespace, name) };
}

function applyNew(env: ApiEnvironment, target: Target, config: KubeObject, request: PatchRequest): Applied {
  const { definition, namespace, name } = target;
  const now = toTime(env.clock.nowMs());
  const birth = { namespace, name, uid: env.random.uuid(), now, nameSuffix: nameSuffix(env.random) };
  assertNamespaceMatches(config, target);
  const applied = applyConfiguration(undefined, config, applyOptions(env, target, request));
  const born = newObject(
    definition,
    { ...applied, metadata: { ...applied.metadata, resourceVersion: undefined } },
    birth,
  );
  const admitted = defaultAndValidate(definition, born, { mode: request.options.mode });
  const object = { ...admitted.object, metadata: withEntries(admitted.object, applied) };
  return { decision: { kind: "write", object }, warnings: admitted.warnings };
}

function withEntries(object: KubeObject, { metadata: { managedFields } }: KubeObject): KubeObject["metadata"] {
  return managedFields ? { ...object.metadata, managedFields } : object.metadata;
}

function applyTo(
  env: ApiEnvironment,
  target: Target,
  current: KubeObject,
  config: KubeObject,
  request: PatchRequest,
): Applied {
  const { definition, subresource } = target;
  const options = applyOptions(env, target, request);
  assertNamespaceMatches(config, target);
  const applied = applyConfiguration(current, config, options);
  // Identity is checked on what was applied, not on the merged object, which has the live one's.
  const claimed = { ...applied, metadata: { ...applied.metadata, uid: config.metadata.uid } };
  const next = nextObject(definition, current, claimed, partOf(definition, subresource));
  const admitted = defaultAndValidate(definition, next, { previous: current, mode: request.options.mode });
  const object = { ...admitted.object, metadata: withEntries(admitted.object, applied) };
  return { decision: settle(current, object), warnings: admitted.warnings };
}

function assertNamespaceMatches(config: KubeObject, { definition, namespace, name }: Target): void {
  const { namespace: said, name: called } = config.metadata;
  if (called !== undefined && called !== name) {
    throw new Problem("bad-request", `the request is for "${name}", the body for "${called}"`);
  }
  if (definition.namespaced && said !== undefined && said !== namespace) {
    throw new Problem("bad-request", `the request is for namespace "${namespace}", the body for "${said}"`);
  }
}
