/** Writes what agents report about their own pods: guarded, the latest word of each pod only, a few tries on conflict. */
import { type Clock, sleep } from "#proto/kit/clock.ts";
import { isSame } from "#proto/kit/is-same.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { type PodStatus, podStatus } from "#proto/resources/pod/status.ts";
import { parseLeniently } from "#proto/resources/schema/lenient.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import type { CacheView } from "../cache/cache.ts";
import type { ResourceKey } from "../store/keyspace.ts";
import type { ObjectStore, ObjectWrite } from "../store/object-store.ts";
import { nodeOf } from "./pod-references.ts";
import { mergePodStatus } from "./pod-status.ts";
import { type Speaker, takenOver, writeWhile } from "./standing.ts";

export interface PodStatusWriterOptions {
  readonly store: ObjectStore;
  readonly cache: Pick<CacheView, "get">;
  readonly clock: Clock;
  readonly logger: Logger;
}

type Update = orch.v1.PodStatusUpdate.$Properties;

interface Report {
  readonly uid: string;
  readonly status: PodStatus;
  readonly finished: boolean;
}

interface Waiting {
  readonly report: Report;
  /** The newest word counts, and so does whether its speaker is still there. */
  readonly speaker: Speaker | undefined;
  readonly promise: Promise<void>;
  readonly start: () => Promise<void>;
}

interface Slot {
  next: Waiting | undefined;
}

const maxStatusBytes = 256 * 1024;
const maxBatch = 1000;
const maxTries = 8;
/** More pods than report within the lag of a cache. */
const maxRemembered = 500;
const retryMs = 1000;
const patienceMs = 60_000;

export class PodStatusWriter {
  readonly #options: PodStatusWriterOptions;
  readonly #slots = new Map<string, Slot>();
  /** By pod uid, what was last written here and the cache may not show yet: a report must not be compared with less. */
  readonly #written = new Map<string, KubeObject>();
  #outageSinceMs: number | undefined;

  constructor(options: PodStatusWriterOptions) {
    this.#options = options;
  }

  /**
   * Resolves when all of it is durable, or concerns nothing of this node. Rejects when the store does not answer, and when another session
   * of the node has taken over: the agent may have said something newer there. Once the session is over nothing is tried again.
   */
  async write(node: string, batch: orch.v1.StatusBatch.$Properties, speaker?: Speaker): Promise<void> {
    const updates = batch.pods ?? [];
    if (updates.length > maxBatch) throw new Problem("too-large", `a status batch holds at most ${maxBatch} pods`);
    await Promise.all(updates.map((update) => this.#submit(node, update, speaker)));
  }

  async #submit(node: string, update: Update, speaker: Speaker | undefined): Promise<void> {
    const report = this.#read(node, update);
    const { namespace, name } = update;
    if (!report || !namespace || !name) return;
    const slotKey = `${namespace}/${name}/${report.uid}`;
    const slot = this.#slots.get(slotKey);
    const key: ResourceKey = { group: "", plural: "pods", namespace, name };
    const run = (of: Report, by: Speaker | undefined): Promise<void> => this.#apply(node, key, of, by);
    if (slot) {
      // A write is under way: only the newest word waits for it, and everybody who waits is answered by that one.
      const waiting = slot.next;
      if (waiting) {
        if (speaker && waiting.speaker && waiting.speaker.epoch > speaker.epoch) throw takenOver();
        const finished = report.finished || waiting.report.finished;
        slot.next = { ...waiting, report: { ...report, finished }, speaker };
        return await waiting.promise;
      }
      const gate = Promise.withResolvers<void>();
      const start = async (): Promise<void> => {
        const latest = slot.next ?? { report, speaker };
        slot.next = undefined;
        await run(latest.report, latest.speaker).then(gate.resolve, gate.reject);
      };
      slot.next = { report, speaker, promise: gate.promise, start };
      return await gate.promise;
    }
    const opened: Slot = { next: undefined };
    this.#slots.set(slotKey, opened);
    try {
      await run(report, speaker);
    } finally {
      void this.#drain(slotKey, opened);
    }
  }

  async #drain(slotKey: string, slot: Slot): Promise<void> {
    while (slot.next) await slot.next.start();
    this.#slots.delete(slotKey);
  }

  /** Undefined, logged, for what cannot be a pod's status: it is acknowledged and forgotten, or it would come for ever. */
  #read(node: string, update: Update): Report | undefined {
    const bytes = update.status ?? new Uint8Array();
    const object = `Pod ${update.namespace}/${update.name}`;
    if (bytes.length > maxStatusBytes) {
      this.#options.logger.warn({ node, object, bytes: bytes.length }, "a pod status is too large and was dropped");
      return undefined;
    }
    try {
      const parsed = parseLeniently(podStatus, JSON.parse(Buffer.from(bytes).toString("utf8") || "{}"));
      if (!parsed.success) throw parsed.error;
      return { uid: update.uid ?? "", status: parsed.data, finished: update.finished ?? false };
    } catch (thrown) {
      this.#options.logger.warn({ node, object, err: thrown }, "a pod status cannot be read and was dropped");
      return undefined;
    }
  }

  async #apply(node: string, key: ResourceKey, report: Report, speaker: Speaker | undefined): Promise<void> {
    const { clock } = this.#options;
    let current = this.#newest(report.uid, this.#options.cache.get("pods", key.namespace, key.name));
    for (let attempt = 0; attempt < maxTries; attempt++) {
      if (speaker?.signal.aborted) return;
      if (!current || current.metadata.uid !== report.uid || nodeOf(current) !== node) return;
      const write = this.#decide(key, current, report);
      if (!write) return;
      const result = await this.#patiently((store) => writeWhile(speaker?.standing, store, write, clock));
      if (result === "unknown") current = await this.#patientlyRead(key);
      else if (result.ok || result.reason === "missing") {
        if (result.ok && write.kind === "update") this.#remember(report.uid, result.object);
        return;
      } else current = result.current ?? (await this.#patientlyRead(key));
    }
    throw new Problem("conflict", `the status of pod ${key.namespace}/${key.name} changes too often to be written`);
  }

  #newest(uid: string, cached: KubeObject | undefined): KubeObject | undefined {
    const written = this.#written.get(uid);
    if (!written) return cached;
    const isBehind = cached !== undefined && versionOf(cached) < versionOf(written);
    if (!isBehind) this.#written.delete(uid);
    return isBehind ? written : cached;
  }

  #remember(uid: string, object: KubeObject): void {
    this.#written.delete(uid);
    this.#written.set(uid, object);
    const [oldest] = this.#written.keys();
    if (this.#written.size > maxRemembered && oldest !== undefined) this.#written.delete(oldest);
  }

  /** While the store is away a report waits here, so that the agent's session need not end. */
  async #patientlyRead(key: ResourceKey): Promise<KubeObject | undefined> {
    for (;;) {
      const found = await this.#patiently((store) => store.get(key));
      if (found !== "unknown") return found;
    }
  }

  /** `"unknown"` after a failure that may pass: look again before deciding again. Gives up after `patienceMs` of outage. */
  async #patiently<T>(work: (store: ObjectStore) => Promise<T>): Promise<T | "unknown"> {
    const { clock, store } = this.#options;
    try {
      const result = await work(store);
      this.#outageSinceMs = undefined;
      return result;
    } catch (thrown) {
      this.#outageSinceMs ??= clock.monotonicMs();
      const isOver = clock.monotonicMs() - this.#outageSinceMs > patienceMs;
      if (isOver || Problem.from(thrown).retry !== "later") throw thrown;
      await sleep(clock, retryMs);
      return "unknown";
    }
  }

  #decide(key: ResourceKey, current: KubeObject, report: Report): ObjectWrite | undefined {
    const guard = current.metadata.resourceVersion ?? "";
    const leaves = report.finished && current.metadata.deletionTimestamp !== undefined;
    if (leaves && (current.metadata.finalizers ?? []).length === 0) return { kind: "delete", key, guard };
    const before = current.status as PodStatus | undefined;
    const status = mergePodStatus(before, report.status, this.#options.clock.nowMs());
    // Zero grace says that only finalizers hold the object: the API removes it with the last of them.
    const released = leaves && current.metadata.deletionGracePeriodSeconds !== 0;
    if (!released && isSame(before ?? {}, status)) return undefined;
    const metadata = released ? { ...current.metadata, deletionGracePeriodSeconds: 0 } : current.metadata;
    return { kind: "update", key, guard, object: { ...current, metadata, status } };
  }
}

const versionOf = (object: KubeObject): number => Number(object.metadata.resourceVersion ?? 0);
