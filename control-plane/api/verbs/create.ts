/** Create: a new object, or refused when its name is taken. */
import { toTime } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { nameSuffix } from "#proto/kit/random.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { ResourceDefinition } from "#proto/resources/registry.ts";
import { asObject } from "../admission/body.ts";
import { assertNamespace } from "../admission/namespace.ts";
import { newObject } from "../admission/new-object.ts";
import { partOf } from "../admission/next-object.ts";
import { admitPodSecurity } from "../admission/pod-security.ts";
import { defaultAndValidate } from "../admission/validate.ts";
import { trackUpdate, type Writer } from "../apply/managers.ts";
import { authorize } from "../authorize.ts";
import type { ApiEnvironment, Call } from "../environment.ts";
import type { JsonRecord } from "../patch/json.ts";
import { collectionTarget, describe, objectTarget } from "../target.ts";
import type { WriteOptions } from "../write-options.ts";
import type { WriteReply } from "./reply.ts";

export interface CreateRequest {
  readonly resource: string;
  readonly namespace: string;
  /** May be empty: the body says it then. */
  readonly name: string;
  readonly body: JsonRecord;
  readonly options: WriteOptions;
}

/** A generated name that is taken is drawn again so often. */
const maxNameDraws = 8;

export async function create(env: ApiEnvironment, call: Call, request: CreateRequest): Promise<WriteReply> {
  const { definition } = collectionTarget(request);
  const body = asObject(definition, request.body);
  const namespace = namespaceOf(definition, request.namespace, body);
  const name = request.name || body.metadata.name || "";
  authorize(env.authorizer, call.caller, { verb: "create", resource: definition.resource, namespace, name });
  if (namespace !== "") await assertNamespace(env, namespace, call.signal);
  const now = toTime(env.clock.nowMs());
  const writer: Writer = { name: request.options.fieldManager, subresource: "", time: now };
  const isGenerated = name === "";
  for (let draw = 0; ; draw++) {
    const suffix = isGenerated ? nameSuffix(env.random) : "";
    const birth = { namespace, name: request.name, uid: env.random.uuid(), now, nameSuffix: suffix };
    const born = newObject(definition, body, birth);
    const admitted = defaultAndValidate(definition, born, { mode: request.options.mode });
    const { dryRun } = request.options;
    const warnings = await admitPodSecurity(env, call, { object: admitted.object, dryRun });
    const object = trackUpdate(definition.type, undefined, admitted.object, { writer, part: partOf(definition, "") });
    const stored = await store(env, call, definition, { object, dryRun });
    if (stored) return { object: stored, warnings: [...admitted.warnings, ...warnings], outcome: "created" };
    if (!isGenerated || draw >= maxNameDraws) throw alreadyExists(definition, object);
  }
}

/** Undefined when the name is taken. */
async function store(
  env: ApiEnvironment,
  { signal }: Call,
  definition: ResourceDefinition,
  { object, dryRun }: { readonly object: KubeObject; readonly dryRun: boolean },
): Promise<KubeObject | undefined> {
  const { name, namespace = "" } = object.metadata;
  const { key } = objectTarget({ resource: definition.resource, namespace, name });
  if (dryRun) return (await env.store.get(key, signal)) ? undefined : object;
  const result = await env.store.write({ kind: "create", key, object }, { signal });
  if (result.ok) return result.object;
  if (result.reason === "exists") return undefined;
  throw new Problem("unavailable", "the object could not be written; try again");
}

/** From the address, else from the body, else `default`. */
export function namespaceOf(definition: ResourceDefinition, requested: string, body: KubeObject): string {
  if (!definition.namespaced) return "";
  const said = body.metadata.namespace ?? "";
  if (requested !== "" && said !== "" && requested !== said) {
    throw new Problem("bad-request", `the request is for namespace "${requested}", the body for "${said}"`);
  }
  const { namespace } = collectionTarget({ resource: definition.resource, namespace: requested || said || "default" });
  return namespace;
}

function alreadyExists(definition: ResourceDefinition, { metadata }: KubeObject): Problem {
  const object = describe(definition, metadata.namespace ?? "", metadata.name);
  const hint = "Choose another name, or apply instead of create.";
  return new Problem("already-exists", `${object} already exists`, { object, hint });
}
