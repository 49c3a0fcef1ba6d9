/** All objects of a resource at one resourceVersion: from the cache when it is fresh enough, else from the store. */
import { Problem } from "#proto/kit/problem.ts";
import { TimeSlice } from "#proto/kit/time-slice.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { ResourceDefinition } from "#proto/resources/registry.ts";
import { parseResourceKey, registryPrefix, resourcePrefix } from "../../store/keyspace.ts";
import { endOfRevision, parseResourceVersion, revisionOf } from "../../store/resource-version.ts";
import type { ApiEnvironment, Call } from "../environment.ts";

export interface SnapshotRequest {
  readonly definition: ResourceDefinition;
  /** "" = all. */
  readonly namespace: string;
  /** "" = nothing written before this request is missing; "0" = whatever is at hand; otherwise not older than this. */
  readonly resourceVersion: string;
  /** As JSON, where the cache has it: `objects` is empty then. */
  readonly asJson?: boolean;
}

export interface Snapshot {
  readonly objects: readonly KubeObject[];
  readonly json?: readonly Uint8Array[];
  readonly resourceVersion: string;
}

/**
 * The cache follows within milliseconds, but hears late of a revision in which only other keys were written. Then the store
 * answers: soon where it has little to list, later where waiting may spare much.
 */
const leastLagMs = 10;
const mostLagMs = 100;
const objectsPerLagMs = 50;
const notOlderThanMs = 3_000;
const pageSize = 500;

export async function snapshot(env: ApiEnvironment, call: Call, request: SnapshotRequest): Promise<Snapshot> {
  if (request.resourceVersion === "") return freshSnapshot(env, call, request);
  if (request.resourceVersion !== "0") await reach(env, call, request.resourceVersion);
  return cached(env, request);
}

async function freshSnapshot(env: ApiEnvironment, call: Call, request: SnapshotRequest): Promise<Snapshot> {
  const { revision } = await env.kv.get(
    resourcePrefix(request.definition.group, request.definition.plural),
    call.signal,
  );
  try {
    await env.cache.waitFor(endOfRevision(revision), patienceMs(env, request), call.signal);
  } catch (thrown) {
    if (!Problem.is(thrown, "timeout") || call.signal.aborted) throw thrown;
    return stored(env, call, request);
  }
  return cached(env, request);
}

function patienceMs({ cache }: ApiEnvironment, { definition }: SnapshotRequest): number {
  return Math.min(mostLagMs, leastLagMs + cache.count(definition.resource) / objectsPerLagMs);
}

/** Throws `expired` for a resourceVersion the store has not reached: it is of another store, or of one since restored. */
export async function assertReached(env: ApiEnvironment, call: Call, resourceVersion: string): Promise<void> {
  if (parseResourceVersion(resourceVersion) <= parseResourceVersion(env.cache.resourceVersion)) return;
  const { revision } = await env.kv.get(registryPrefix, call.signal);
  if (revisionOf(resourceVersion) <= revision) return;
  throw new Problem("expired", `resourceVersion ${resourceVersion} is later than anything in the store`, {
    hint: "List again, then watch from the list's resourceVersion.",
  });
}

async function reach(env: ApiEnvironment, call: Call, resourceVersion: string): Promise<void> {
  await assertReached(env, call, resourceVersion);
  await env.cache.waitFor(resourceVersion, notOlderThanMs, call.signal);
}

async function cached({ cache, clock }: ApiEnvironment, request: SnapshotRequest): Promise<Snapshot> {
  const { definition, namespace, asJson = false } = request;
  const { resourceVersion } = cache;
  const place = [definition.resource, namespace === "" ? undefined : namespace] as const;
  if (asJson) return { objects: [], json: await gathered(cache.eachJson(...place), clock), resourceVersion };
  return { objects: await gathered(cache.each(...place), clock), resourceVersion };
}

async function gathered<T>(items: Iterable<T>, clock: ApiEnvironment["clock"]): Promise<T[]> {
  const all: T[] = [];
  const slice = new TimeSlice(clock);
  for (const item of items) {
    all.push(item);
    if (slice.isOver) await slice.pause();
  }
  return all;
}

async function stored(env: ApiEnvironment, call: Call, request: SnapshotRequest): Promise<Snapshot> {
  const objects: KubeObject[] = [];
  const slice = new TimeSlice(env.clock);
  let revision: number | undefined;
  let after: string | undefined;
  while (true) {
    const page = await storedPage(env, call, { ...request, after, revision, limit: pageSize });
    revision = page.revision;
    for (const { object } of page.items) {
      objects.push(object());
      if (slice.isOver) await slice.pause();
    }
    after = page.items.at(-1)?.key;
    if (!page.more || after === undefined) return { objects, resourceVersion: endOfRevision(revision) };
  }
}

export interface PageRequest extends Pick<SnapshotRequest, "definition" | "namespace"> {
  /** Store key after which the page starts. */
  readonly after: string | undefined;
  /** Undefined: now. */
  readonly revision: number | undefined;
  readonly limit: number;
}

export interface StoredPage {
  readonly items: readonly { readonly key: string; readonly object: () => KubeObject }[];
  readonly revision: number;
  readonly more: boolean;
  /** How many the collection holds after this page. */
  readonly remaining: number;
}

/** A page straight from the store, in the order of its keys. Throws `expired` when the revision was compacted. */
export async function storedPage(env: ApiEnvironment, call: Call, request: PageRequest): Promise<StoredPage> {
  const { group, plural } = request.definition;
  const prefix = resourcePrefix(group, plural, request.namespace === "" ? undefined : request.namespace);
  const { after, revision, limit } = request;
  const page = await env.kv.list(
    { prefix, limit, ...(after !== undefined && { after }), ...(revision !== undefined && { revision }) },
    call.signal,
  );
  return {
    revision: page.revision,
    more: page.more,
    remaining: page.count - page.items.length,
    items: page.items.map((item) => ({
      key: item.key,
      object: () => {
        const key = parseResourceKey(item.key);
        if (!key) throw new Problem("internal", `the store holds a key that is not an object's: ${item.key}`);
        return env.codec.decode(key, item.value, item.modRevision);
      },
    })),
  };
}
