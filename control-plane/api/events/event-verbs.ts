/** The verbs of `events`, which live in their own log: get, list, watch, create, delete. They do not change once written. */
import { toTime } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { nameSuffix } from "#proto/kit/random.ts";
import { encodeProblem } from "#proto/kit/rpc/problem-status.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { EventChange } from "../../store/event-store.ts";
import { eventKey, eventsPrefix } from "../../store/keyspace.ts";
import { parseResourceVersion, revisionOf } from "../../store/resource-version.ts";
import { asObject } from "../admission/body.ts";
import { assertNamespace } from "../admission/namespace.ts";
import { newObject } from "../admission/new-object.ts";
import { defaultAndValidate } from "../admission/validate.ts";
import { type Access, authorize } from "../authorize.ts";
import type { ApiEnvironment, Call } from "../environment.ts";
import { type ContinueToken, formatContinueToken, parseContinueToken } from "../read/continue-token.ts";
import type { ObjectEncoder } from "../read/encode.ts";
import type { GetRequest, ListReply, ListRequest } from "../read/list.ts";
import { readSelection, type Selection } from "../read/selection.ts";
import type { WatchEvent, WatchRequest } from "../read/watch.ts";
import { collectionTarget, notFound, objectTarget } from "../target.ts";
import { type CreateRequest, namespaceOf } from "../verbs/create.ts";
import type { DeleteCollectionRequest, Deleted, DeleteRequest } from "../verbs/delete.ts";
import type { WriteReply } from "../verbs/reply.ts";

const pageSize = 500;

/** Requests for events go this way. */
export const isForEvents = ({ resource }: { readonly resource: string }): boolean => resource === "events";

export async function getEvent(env: ApiEnvironment, call: Call, request: GetRequest): Promise<KubeObject> {
  const target = objectTarget(request);
  may(env, call, { verb: "get", namespace: target.namespace, name: target.name });
  const event = await env.events.get(target.namespace, target.name, call.signal);
  if (!event) throw notFound(target);
  return event;
}

export async function listEvents(
  env: ApiEnvironment,
  call: Call,
  request: ListRequest,
  encoder: ObjectEncoder,
): Promise<ListReply> {
  const { definition, namespace } = collectionTarget(request);
  may(env, call, { verb: "list", namespace, name: "" });
  const selection = readSelection(definition, request);
  const prefix = namespace === "" ? eventsPrefix : eventKey(namespace, "");
  const start: Partial<ContinueToken> =
    request.continueToken === "" ? {} : parseContinueToken(request.continueToken, prefix);
  const limit = request.limit > 0 ? request.limit : Number.POSITIVE_INFINITY;
  const items: Uint8Array[] = [];
  let { after, revision } = start;
  while (true) {
    const position = { ...(after !== undefined && { after }), ...(revision !== undefined && { revision }) };
    const size = Math.min(pageSize, limit - items.length);
    const page = await env.events.list({ ...inNamespace(namespace), limit: size, ...position }, call.signal);
    for (const object of page.items) if (selection.matches(object)) items.push(encoder.encode(object));
    after = page.next;
    revision = revisionOf(page.resourceVersion);
    if (after !== undefined && items.length < limit) continue;
    const next = after === undefined ? "" : formatContinueToken({ revision, after });
    return { items, resourceVersion: page.resourceVersion, continue: next, remaining: 0 };
  }
}

const inNamespace = (namespace: string): { readonly namespace?: string } => (namespace === "" ? {} : { namespace });

/** All of them at one moment. */
async function allEvents(env: ApiEnvironment, call: Call, namespace: string) {
  const objects: KubeObject[] = [];
  let position: { after?: string; revision?: number } = {};
  while (true) {
    const page = await env.events.list({ ...inNamespace(namespace), limit: pageSize, ...position }, call.signal);
    objects.push(...page.items);
    if (page.next === undefined) return { objects, resourceVersion: page.resourceVersion };
    position = { after: page.next, revision: revisionOf(page.resourceVersion) };
  }
}

export async function* watchEvents(
  env: ApiEnvironment,
  call: Call,
  request: WatchRequest,
  encoder: ObjectEncoder,
): AsyncGenerator<WatchEvent, void, undefined> {
  const { definition, namespace } = collectionTarget(request);
  may(env, call, { verb: "watch", namespace, name: request.name });
  const selection = named(readSelection(definition, request), request.name);
  let from = request.resourceVersion;
  if (from === "" || from === "0") {
    const { objects, resourceVersion } = await allEvents(env, call, namespace);
    for (const object of objects.filter(selection.matches)) yield toWatchEvent("ADDED", object, encoder);
    from = resourceVersion;
  }
  parseResourceVersion(from);
  try {
    const changes = env.events.watch(from, call.signal, namespace === "" ? undefined : namespace);
    for await (const change of changes) {
      if (isSelected(selection, change)) yield toWatchEvent(wireTypes[change.type], change.object, encoder);
    }
  } catch (thrown) {
    if (call.signal.aborted) return;
    if (!Problem.is(thrown, "expired")) throw thrown;
    yield { type: "ERROR", object: encodeProblem(thrown), resourceVersion: "" };
  }
}

const wireTypes = { added: "ADDED", modified: "MODIFIED", deleted: "DELETED" } as const;

function toWatchEvent(type: WatchEvent["type"], object: KubeObject, encoder: ObjectEncoder): WatchEvent {
  return { type, object: encoder.encode(object), resourceVersion: object.metadata.resourceVersion ?? "" };
}

/** Of an event whose time is over only the name is known: a selector cannot say whether it was among those selected. */
function isSelected(selection: Selection, { type, object }: EventChange): boolean {
  return type === "deleted" ? selection.isEverything : selection.matches(object);
}

function named(selection: Selection, name: string): Selection {
  if (name === "") return selection;
  return { isEverything: false, matches: (object) => object.metadata.name === name && selection.matches(object) };
}

export async function createEvent(env: ApiEnvironment, call: Call, request: CreateRequest): Promise<WriteReply> {
  const { definition } = collectionTarget(request);
  const body = asObject(definition, request.body);
  const namespace = namespaceOf(definition, request.namespace, body);
  may(env, call, { verb: "create", namespace, name: request.name || body.metadata.name || "" });
  await assertNamespace(env, namespace, call.signal);
  const now = toTime(env.clock.nowMs());
  const birth = { namespace, name: request.name, uid: env.random.uuid(), now, nameSuffix: nameSuffix(env.random) };
  const { object, warnings } = defaultAndValidate(definition, newObject(definition, body, birth), {
    mode: request.options.mode,
  });
  objectTarget({ ...request, namespace, name: object.metadata.name });
  if (request.options.dryRun) return { object, warnings, outcome: "created" };
  return { object: await env.events.create(object), warnings, outcome: "created" };
}

export async function deleteEvent(env: ApiEnvironment, call: Call, request: DeleteRequest): Promise<Deleted> {
  const target = objectTarget(request);
  const { namespace, name } = target;
  may(env, call, { verb: "delete", namespace, name });
  const object = await env.events.get(namespace, name, call.signal);
  if (!object) throw notFound(target);
  if (!request.dryRun) await env.events.remove(namespace, name);
  return { object, warnings: [] };
}

export async function deleteEvents(
  env: ApiEnvironment,
  call: Call,
  request: DeleteCollectionRequest,
): Promise<{ readonly count: number }> {
  const { definition, namespace } = collectionTarget(request);
  may(env, call, { verb: "deletecollection", namespace, name: "" });
  if (namespace === "") throw new Problem("bad-request", "say in which namespace events are to be deleted");
  const selection = readSelection(definition, request);
  const { objects } = await allEvents(env, call, namespace);
  const selected = objects.filter(selection.matches);
  if (!request.dryRun) {
    for (const { metadata } of selected) await env.events.remove(namespace, metadata.name);
  }
  return { count: selected.length };
}

export function refuseEventChange(): never {
  throw new Problem("unsupported", "events cannot be changed once they are written");
}

function may(env: ApiEnvironment, { caller }: Call, access: Omit<Access, "resource">): void {
  authorize(env.authorizer, caller, { resource: "events", ...access });
}
