/** Get and List. */
import { Problem } from "#proto/kit/problem.ts";
import { TimeSlice } from "#proto/kit/time-slice.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { resourcePrefix } from "../../store/keyspace.ts";
import { endOfRevision } from "../../store/resource-version.ts";
import { authorize } from "../authorize.ts";
import type { ApiEnvironment, Call } from "../environment.ts";
import { collectionTarget, notFound, objectTarget, type Target } from "../target.ts";
import { formatContinueToken, parseContinueToken } from "./continue-token.ts";
import type { ObjectEncoder } from "./encode.ts";
import { readSelection, type Selection } from "./selection.ts";
import { snapshot, storedPage } from "./snapshot.ts";

export interface GetRequest {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
}

const readableSubresources = new Set(["", "status", "scale"]);

/** Linearizable. */
export async function getObject(env: ApiEnvironment, call: Call, request: GetRequest): Promise<KubeObject> {
  const target = objectTarget(request);
  const { definition, namespace, name, subresource } = target;
  authorize(env.authorizer, call.caller, { verb: "get", resource: definition.resource, subresource, namespace, name });
  if (!readableSubresources.has(subresource)) {
    throw new Problem("unsupported", `${definition.resource}/${subresource} is not an object that can be read`);
  }
  const object = await env.store.get(target.key, call.signal);
  if (!object) throw notFound(target);
  return object;
}

export interface ListRequest {
  readonly resource: string;
  readonly namespace: string;
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly limit: number;
  readonly continueToken: string;
  readonly resourceVersion: string;
}

export interface ListReply {
  readonly items: Uint8Array[];
  readonly resourceVersion: string;
  readonly continue: string;
  /** 0 when nothing follows, and when a selector makes it unknown. */
  readonly remaining: number;
}

const maxPageSize = 500;
/** A page that reaches this ends there, whatever its limit: the caller asks for the next. */
const fullPageBytes = 6 * 1024 * 1024;

export async function listObjects(
  env: ApiEnvironment,
  call: Call,
  request: ListRequest,
  encoder: ObjectEncoder,
): Promise<ListReply> {
  const target = collectionTarget(request);
  const { definition, namespace } = target;
  authorize(env.authorizer, call.caller, { verb: "list", resource: definition.resource, namespace, name: "" });
  const selection = readSelection(definition, request);
  if (request.limit > 0 || request.continueToken !== "")
    return listPage(env, call, { request, target, selection }, encoder);
  const { objects, json, resourceVersion } = await snapshot(env, call, {
    definition,
    namespace,
    resourceVersion: request.resourceVersion,
    asJson: selection.isEverything && definition.resource !== "secrets",
  });
  const gathered = new Gathered(encoder, definition.plural, env.sizes.listBytes);
  for (const bytes of json ?? []) gathered.addJson(bytes);
  const slice = new TimeSlice(env.clock);
  for (const object of objects) {
    if (selection.matches(object)) gathered.add(object);
    if (slice.isOver) await slice.pause();
    if (call.signal.aborted) throw call.signal.reason;
  }
  return { items: gathered.items, resourceVersion, continue: "", remaining: 0 };
}

interface PageOf {
  readonly request: ListRequest;
  readonly target: Target;
  readonly selection: Selection;
}

/** Every page is read from the store at the revision of the first: the whole is one moment. */
async function listPage(env: ApiEnvironment, call: Call, of: PageOf, encoder: ObjectEncoder): Promise<ListReply> {
  const { definition, namespace } = of.target;
  const prefix = resourcePrefix(definition.group, definition.plural, namespace === "" ? undefined : namespace);
  const start = startOf(of.request, prefix);
  const limit = of.request.limit > 0 ? of.request.limit : Number.POSITIVE_INFINITY;
  const gathered = new Gathered(encoder, definition.plural, env.sizes.listBytes);
  const slice = new TimeSlice(env.clock);
  let { after, revision } = start;
  while (true) {
    const wanted = Math.min(maxPageSize, of.selection.isEverything ? limit - gathered.items.length : maxPageSize);
    const page = await storedPage(env, call, { definition, namespace, after, revision, limit: wanted });
    revision = page.revision;
    let seen = 0;
    for (const item of page.items) {
      if (gathered.items.length === limit || gathered.bytes >= fullPageBytes) break;
      const object = item.object();
      if (of.selection.matches(object)) gathered.add(object);
      after = item.key;
      seen++;
      if (slice.isOver) await slice.pause();
    }
    const remaining = page.remaining + page.items.length - seen;
    const resourceVersion = endOfRevision(revision);
    if (remaining === 0 || after === undefined || page.items.length === 0) {
      return { items: gathered.items, resourceVersion, continue: "", remaining: 0 };
    }
    if (gathered.items.length === limit || gathered.bytes >= fullPageBytes) {
      const next = formatContinueToken({ revision, after });
      return {
        items: gathered.items,
        resourceVersion,
        continue: next,
        remaining: of.selection.isEverything ? remaining : 0,
      };
    }
  }
}

interface PageStart {
  readonly after: string | undefined;
  readonly revision: number | undefined;
}

function startOf(request: ListRequest, prefix: string): PageStart {
  if (request.continueToken === "") return { after: undefined, revision: undefined };
  if (request.resourceVersion !== "" && request.resourceVersion !== "0") {
    throw new Problem("bad-request", "a continue token and a resourceVersion exclude each other");
  }
  return parseContinueToken(request.continueToken, prefix);
}

/** The bytes of a reply, within its bound: a list is never cut in silence. */
class Gathered {
  readonly items: Uint8Array[] = [];
  readonly #encoder: ObjectEncoder;
  readonly #plural: string;
  readonly #maxBytes: number;
  bytes = 0;

  constructor(encoder: ObjectEncoder, plural: string, maxBytes: number) {
    this.#encoder = encoder;
    this.#plural = plural;
    this.#maxBytes = maxBytes;
  }

  add(object: KubeObject): void {
    this.addJson(this.#encoder.encode(object));
  }

  addJson(bytes: Uint8Array): void {
    this.bytes += bytes.byteLength;
    if (this.bytes > this.#maxBytes) {
      throw new Problem("too-large", `the list of ${this.#plural} takes more than ${this.#maxBytes} bytes`, {
        hint: "List in pages: set a limit and follow the continue token.",
      });
    }
    this.items.push(bytes);
  }
}
