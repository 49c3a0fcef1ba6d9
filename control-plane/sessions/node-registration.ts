/** The Node object an agent stands for: made and kept up to date from what it says, within what a node may say about itself. */
import { isDeepStrictEqual } from "node:util";
import { type Clock, toTime } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { removeCondition, setCondition } from "#proto/resources/conditions.ts";
import { type Node, type NodeStatus, nodeStatus, type Taint, taint } from "#proto/resources/node.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { parseLeniently } from "#proto/resources/schema/lenient.ts";
import type { Cache } from "../cache/cache.ts";
import type { ResourceKey } from "../store/keyspace.ts";
import type { ObjectStore, ObjectWrite } from "../store/object-store.ts";
import type { EventSink } from "./agent-events.ts";
import { allowedLabels, mergeNodeStatus, refreshedLabels } from "./node-status.ts";
import { troubleEvents } from "./node-troubles.ts";
import { type Speaker, writeWhile } from "./standing.ts";

export interface NodeRegistrationOptions {
  readonly store: ObjectStore;
  readonly cache: Pick<Cache, "get" | "subscribe">;
  readonly clock: Clock;
  readonly random: Random;
  /** Told of troubles that begin and end. */
  readonly events: EventSink;
}

const maxNodeBytes = 1 << 20;
const maxTries = 8;

export class NodeRegistration {
  readonly #options: NodeRegistrationOptions;
  /** By node: the last write under way. */
  readonly #underWay = new Map<string, Promise<void>>();
  /** By node: what was last written here and the cache may not show yet. */
  readonly #written = new Map<string, NodeObject>();

  constructor(options: NodeRegistrationOptions) {
    this.#options = options;
  }

  async exists(name: string, signal?: AbortSignal): Promise<boolean> {
    return (await this.#options.store.get(keyOf(name), signal)) !== undefined;
  }

  /** `said` is the JSON of a Node: labels and taints count when it is made, its status always. */
  async register(name: string, said: Uint8Array, speaker?: Speaker): Promise<KubeObject> {
    const reported = readNode(said);
    const change: Change = (current) => {
      if (!current) return this.#create(name, reported);
      const labels = refreshedLabels(name, current.metadata.labels ?? {}, reported.metadata?.labels ?? {});
      const status = mergeNodeStatus(current.status, reported.status ?? {}, this.#options.clock.nowMs());
      return { ...current, metadata: { ...current.metadata, labels }, status };
    };
    return await this.#write(name, change, speaker);
  }

  /** `said` is the JSON of Node.status. A Node that is gone stays gone until the agent registers again. */
  async report(name: string, said: Uint8Array, speaker?: Speaker): Promise<void> {
    const status = readStatus(parse(said));
    const merge = (before: NodeStatus | undefined): NodeStatus =>
      mergeNodeStatus(before, status, this.#options.clock.nowMs());
    await this.#write(name, (current) => current && { ...current, status: merge(current.status) }, speaker);
  }

  /** Idempotent. */
  async remove(name: string, signal: AbortSignal): Promise<void> {
    const { store } = this.#options;
    const key = keyOf(name);
    for (let attempt = 0; attempt < maxTries; attempt++) {
      const guard = (await store.get(key, signal))?.metadata.resourceVersion;
      if (guard === undefined) return;
      const result = await store.write({ kind: "delete", key, guard }, { signal });
      if (result.ok || result.reason === "missing") return;
    }
    throw new Problem("conflict", `Node ${name} changes too often to be removed`, { retry: "later" });
  }

  /** `skewMs`: the node's clock minus ours; undefined when they agree again. */
  async setClockSkew(name: string, skewMs: number | undefined): Promise<void> {
    await this.#write(name, (current) => {
      if (!current) return undefined;
      const before = current.status?.conditions ?? [];
      const conditions =
        skewMs === undefined
          ? removeCondition(before, "NodeClockSkew")
          : setCondition(before, clockSkew(skewMs), this.#options.clock.nowMs());
      return { ...current, status: { ...current.status, conditions } };
    });
  }

  /** The node's address range, once a controller has given it one. Throws Problem `unavailable` after `timeoutMs`. */
  async podCidr(name: string, timeoutMs: number, signal: AbortSignal): Promise<string> {
    const { cache, clock } = this.#options;
    const known = (): string | undefined => (cache.get("nodes", "", name) as Node | undefined)?.spec?.podCIDR;
    const now = known();
    if (now) return now;
    const found = Promise.withResolvers<string>();
    const unsubscribe = cache.subscribe((change) => {
      if (change.resource !== "nodes" || change.name !== name) return;
      const podCidr = (change.object as Node).spec?.podCIDR;
      if (podCidr) found.resolve(podCidr);
    });
    const late = new Problem("unavailable", `node ${name} has no pod address range yet`, {
      hint: "A controller gives it one as soon as a control plane leads; see `orchctl cluster status`.",
    });
    const timer = clock.after(timeoutMs, () => found.reject(late));
    const onAbort = (): void => found.reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await found.promise;
    } finally {
      unsubscribe();
      timer.cancel();
      signal.removeEventListener("abort", onAbort);
    }
  }

  #create(name: string, reported: ReportedNode): NodeObject {
    const { clock, random } = this.#options;
    return {
      apiVersion: "v1",
      kind: "Node",
      metadata: {
        name,
        uid: random.uuid(),
        generation: 1,
        creationTimestamp: toTime(clock.nowMs()),
        labels: allowedLabels(name, reported.metadata?.labels ?? {}),
      },
      spec: reported.taints.length > 0 ? { taints: reported.taints } : {},
      status: mergeNodeStatus(undefined, reported.status ?? {}, clock.nowMs()),
    };
  }

  /** One after the other for each node: a report must not overtake the one before. */
  async #write(name: string, change: Change, speaker?: Speaker): Promise<KubeObject> {
    const before = this.#underWay.get(name) ?? Promise.resolve();
    const writing = before.then(() => this.#apply(name, change, speaker));
    const settled = writing.then(
      () => undefined,
      () => undefined,
    );
    this.#underWay.set(name, settled);
    void settled.then(() => {
      if (this.#underWay.get(name) === settled) this.#underWay.delete(name);
    });
    return await writing;
  }

  async #apply(name: string, change: Change, speaker: Speaker | undefined): Promise<KubeObject> {
    const { store, clock } = this.#options;
    const key = keyOf(name);
    let current = this.#newest(name) ?? ((await store.get(key)) as NodeObject | undefined);
    for (let attempt = 0; attempt < maxTries; attempt++) {
      speaker?.signal.throwIfAborted();
      const object = change(current);
      if (!object || (current && isDeepStrictEqual(plain(object), plain(current)))) {
        return current ?? placeholder(name);
      }
      const guard = current?.metadata.resourceVersion;
      const write: ObjectWrite =
        guard === undefined ? { kind: "create", key, object } : { kind: "update", key, object, guard };
      const result = await writeWhile(speaker?.standing, store, write, clock);
      if (result.ok) {
        const written = result.object as NodeObject;
        this.#written.set(name, written);
        this.#tell(current, written);
        return result.object;
      }
      current = (result.reason === "missing" ? undefined : (result.current ?? (await store.get(key)))) as
        | NodeObject
        | undefined;
    }
    throw new Problem("conflict", `Node ${name} changes too often to be written`, { retry: "later" });
  }

  /** Of a write that was made: so each change is told once. */
  #tell(before: NodeObject | undefined, after: NodeObject): void {
    for (const event of troubleEvents(before, after))
      this.#options.events.record({ ...event, regarding: after, source: "control-plane" });
  }

  /** The cache may not show our last write yet: what is said now must not be compared with less. */
  #newest(name: string): NodeObject | undefined {
    const cached = this.#options.cache.get("nodes", "", name) as NodeObject | undefined;
    const written = this.#written.get(name);
    if (cached && written && versionOf(cached) < versionOf(written)) return written;
    this.#written.delete(name);
    return cached;
  }
}

type Change = (current: NodeObject | undefined) => NodeObject | undefined;
const versionOf = (object: KubeObject): number => Number(object.metadata.resourceVersion ?? 0);

type NodeObject = KubeObject & Pick<Node, "spec" | "status">;

interface ReportedNode {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly taints: Taint[];
  readonly status?: NodeStatus;
}

function keyOf(name: string): ResourceKey {
  return { group: "", plural: "nodes", namespace: "", name };
}

function placeholder(name: string): KubeObject {
  return { apiVersion: "v1", kind: "Node", metadata: { name } };
}

function parse(bytes: Uint8Array): unknown {
  if (bytes.length > maxNodeBytes) throw new Problem("too-large", "the node's description is larger than 1 MiB");
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch (thrown) {
    throw new Problem("bad-request", "the node's description is not JSON", { cause: thrown });
  }
}

function readNode(bytes: Uint8Array): ReportedNode {
  const said = parse(bytes) as {
    metadata?: { labels?: unknown };
    spec?: { taints?: unknown };
    status?: unknown;
  } | null;
  const labels = Object.entries((said?.metadata?.labels ?? {}) as Record<string, unknown>).slice(0, 64);
  const text = labels.flatMap(([key, value]) => (typeof value === "string" ? [[key, value] as const] : []));
  const taints = readTaints(said?.spec?.taints ?? []);
  return { metadata: { labels: Object.fromEntries(text) }, taints, status: readStatus(said?.status ?? {}) };
}

function readTaints(said: unknown): Taint[] {
  const parsed = taint.array().max(32).safeParse(said);
  if (parsed.success) return parsed.data;
  throw new Problem("bad-request", `the node's taints are refused: ${parsed.error.issues[0]?.message}`);
}

/** An agent of a newer build may say more than we know: that is left out. */
function readStatus(said: unknown): NodeStatus {
  const parsed = parseLeniently(nodeStatus, said);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Problem("bad-request", `the node's status is refused: ${issue?.path.join(".")}: ${issue?.message}`);
}

function clockSkew(skewMs: number): { type: string; status: "True"; reason: string; message: string } {
  const seconds = Math.abs(Math.round(skewMs / 1000));
  const message = `the node's clock is about ${seconds} s ${skewMs > 0 ? "ahead of" : "behind"} the control plane's; run NTP on both`;
  return { type: "NodeClockSkew", status: "True", reason: "ClocksDiffer", message };
}

function plain(object: NodeObject): unknown {
  return JSON.parse(JSON.stringify(object));
}
