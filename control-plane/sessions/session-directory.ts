/**
 * Which control plane holds which node's session: `sessions/NODE`, on one lease that this process keeps for all of its
 * sessions. The epoch of a session is the revision of the write that claimed it: strictly increasing, whoever claims.
 */
import { childAbort } from "#proto/kit/child-abort.ts";
import { type Clock, sleep } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import { sessionKey } from "../store/keyspace.ts";
import type { Condition, KeyValue, Kv, LeaseId, WatchEvent } from "../store/kv.ts";
import type { Standing } from "./standing.ts";
import { StrayRecords } from "./stray-records.ts";

export interface SessionRecord {
  /** Id of the control plane process. */
  readonly controlPlane: string;
  /** Where that one is reached by other control planes. */
  readonly address: string;
  /** Of the agent process. */
  readonly instance: string;
  /** Agent processes of this node that a newer one has replaced; they are told to stop for good. */
  readonly superseded: readonly string[];
  /** Absent in the first write: then it is the key's revision. */
  readonly epoch?: number;
}

export interface ClaimOptions {
  /** Agent processes that this one says it follows: a claim of theirs that comes late must not end it. */
  readonly replaces?: readonly string[];
  readonly signal?: AbortSignal;
}

export interface SessionDirectoryOptions {
  readonly kv: Kv;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly controlPlane: string;
  readonly address: string;
  readonly leaseMs: number;
  readonly onStoreHealth: (well: boolean) => void;
  readonly onHeldElsewhere: (node: string, held: boolean) => void;
  /** The record of a session held here was taken by somebody else. */
  readonly onTaken: (node: string, epoch: number, by: SessionRecord) => void;
}

type HeldRecord = SessionRecord & { readonly epoch: number; readonly modRevision: number };

const prefix = sessionKey("");
/** Those that this process was told of, and as many that others were. */
const maxSuperseded = 16;
const driftCheckIntervalMs = 60_000;

export class SessionDirectory {
  readonly #options: SessionDirectoryOptions;
  readonly #held = new Map<string, HeldRecord>();
  readonly #elsewhere = new Map<string, SessionRecord>();
  /** The revision of the last news of each node: a list that is older tells nothing about it. */
  readonly #seen = new Map<string, number>();
  /** By node, claims under way. */
  readonly #claims = new Map<string, number>();
  readonly #strays: StrayRecords;
  #lease: LeaseId | undefined;

  constructor(options: SessionDirectoryOptions) {
    this.#options = options;
    const { kv, clock, logger, controlPlane, leaseMs } = options;
    this.#strays = new StrayRecords({
      ...{ kv, clock, logger, intervalMs: leaseMs },
      isBeingClaimed: (node) => this.#claims.has(node),
      isHeld: (node, modRevision) => this.#held.get(node)?.modRevision === modRevision,
      isStray: (node, item) =>
        parse(item.value).controlPlane === controlPlane && this.#held.get(node)?.epoch !== epochOf(item),
    });
  }

  /** Resolves when the lease is granted and all records are known; then keeps both until the signal aborts. */
  async start(signal: AbortSignal): Promise<{ readonly done: Promise<void> }> {
    this.#lease = await this.#options.kv.grantLease(this.#options.leaseMs, signal);
    const afterRevision = await this.#list(signal);
    this.#options.onStoreHealth(true);
    const loops = [
      this.#keepLease(signal),
      this.#watch(afterRevision, signal),
      this.#checkForDrift(signal),
      this.#strays.run(signal),
    ];
    return { done: Promise.all(loops).then(() => undefined) };
  }

  /** Makes this process the holder. Throws Problem `forbidden` for an agent process that a newer one has replaced. */
  async claim(node: string, instance: string, options: ClaimOptions = {}): Promise<number> {
    this.#claims.set(node, (this.#claims.get(node) ?? 0) + 1);
    try {
      return await this.#claim(node, instance, options);
    } finally {
      const others = (this.#claims.get(node) ?? 1) - 1;
      if (others > 0) this.#claims.set(node, others);
      else this.#claims.delete(node);
    }
  }

  async #claim(node: string, instance: string, { replaces = [], signal }: ClaimOptions): Promise<number> {
    const { controlPlane, address, kv } = this.#options;
    for (let attempt = 0; attempt < 10; attempt++) {
      const { item } = await kv.get(sessionKey(node), signal);
      // The record may be gone while the session stands: its lease ran out, or somebody removed it.
      const known = item ? parse(item.value) : this.#held.get(node);
      if (known?.superseded.includes(instance)) throw superseded(node);
      const record = { controlPlane, address, instance, superseded: supersededBy(instance, known, replaces) };
      const result = await kv.transact([this.#put(node, record, item?.modRevision ?? 0)], undefined, signal);
      if (!result.outcomes[0]?.ok) continue;
      this.#hold(node, { ...record, epoch: result.revision, modRevision: result.revision });
      return result.revision;
    }
    throw new Problem("conflict", `several agents claim node ${node} at the same time`, { retry: "later" });
  }

  /** Of two claims here the answer to the earlier may come last. */
  #hold(node: string, record: HeldRecord): void {
    if ((this.#held.get(node)?.epoch ?? 0) < record.epoch) this.#held.set(node, record);
  }

  /** Of a session that was claimed here: whether, and by which record, it may speak. */
  standing(node: string, epoch: number): Standing {
    return {
      condition: () => this.#conditionOf(node, epoch),
      confirm: (signal) => this.#confirm(node, epoch, signal),
    };
  }

  #conditionOf(node: string, epoch: number): Condition | undefined {
    const held = this.#held.get(node);
    return held?.epoch === epoch ? { key: sessionKey(node), modRevision: held.modRevision } : undefined;
  }

  /** Looks the record up: another's ends the session, a missing one is written again. */
  async #confirm(node: string, epoch: number, signal?: AbortSignal): Promise<void> {
    const { item } = await this.#options.kv.get(sessionKey(node), signal);
    const held = this.#held.get(node);
    if (held?.epoch !== epoch) return;
    if (!item) await this.#restore(node, held, signal);
    else if (epochOf(item) === epoch) this.#held.set(node, { ...held, modRevision: item.modRevision });
    else this.#taken(node, epoch, parse(item.value));
  }

  /** Idempotent; leaves a later session's record alone. */
  async release(node: string, epoch: number): Promise<void> {
    if (this.#held.get(node)?.epoch !== epoch) return;
    this.#strays.suspect(node, epoch); // until the store has taken it
    this.#held.delete(node);
    const { item } = await this.#options.kv.get(sessionKey(node));
    if (!item || epochOf(item) !== epoch) return;
    await this.#options.kv.transact([{ kind: "delete", key: item.key, guard: item.modRevision }]);
  }

  /** Where another control plane holds the node's session. */
  heldElsewhere(node: string): SessionRecord | undefined {
    return this.#elsewhere.get(node);
  }

  async stop(): Promise<void> {
    if (this.#lease !== undefined) await this.#options.kv.revokeLease(this.#lease).catch(() => undefined);
    this.#held.clear();
  }

  #put(node: string, said: SessionRecord, guard: number): Parameters<Kv["transact"]>[0][number] {
    const { controlPlane, address, instance, superseded, epoch } = said;
    const value = Buffer.from(JSON.stringify({ controlPlane, address, instance, superseded, epoch }));
    return {
      kind: "put",
      key: sessionKey(node),
      value,
      guard,
      ...(this.#lease !== undefined && { lease: this.#lease }),
    };
  }

  async #keepLease(signal: AbortSignal): Promise<void> {
    const { clock, leaseMs, kv, logger, onStoreHealth } = this.#options;
    const intervalMs = Math.max(1000, Math.round(leaseMs / 3));
    let well = true;
    while (!signal.aborted) {
      await sleep(clock, intervalMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      try {
        const lease = this.#lease;
        if (lease === undefined) await this.#claimAgain(signal);
        else await within(clock, intervalMs, signal, (bounded) => kv.keepLeaseAlive(lease, bounded));
        if (!well) logger.info({}, "the store answers again");
        well = true;
      } catch (thrown) {
        if (signal.aborted) return;
        if (Problem.is(thrown, "not-found")) this.#lease = undefined;
        if (well) logger.warn({ err: thrown }, "the lease of the agents' sessions could not be kept");
        well = false;
      }
      onStoreHealth(well);
    }
  }

  /** The lease ran out while etcd was away: sessions go on under a new one, unless somebody took them meanwhile. */
  async #claimAgain(signal: AbortSignal): Promise<void> {
    this.#lease = await this.#options.kv.grantLease(this.#options.leaseMs, signal);
    try {
      for (const [node, record] of [...this.#held]) {
        const { item } = await this.#options.kv.get(sessionKey(node), signal);
        if (item && epochOf(item) !== record.epoch) this.#taken(node, record.epoch, parse(item.value));
        else await this.#putAgain(node, record, item?.modRevision ?? 0, signal);
      }
    } catch (thrown) {
      // Kept, the new lease would look well while some sessions are not on it: begin again with all of them.
      this.#lease = undefined;
      throw thrown;
    }
  }

  async #watch(from: number, signal: AbortSignal): Promise<void> {
    let afterRevision = from;
    while (!signal.aborted) {
      try {
        for await (const batch of this.#options.kv.watch(prefix, afterRevision, signal)) {
          for (const event of batch.events) this.#apply(event);
          afterRevision = batch.revision;
        }
      } catch (thrown) {
        if (signal.aborted) return;
        this.#options.logger.warn({ err: thrown }, "the watch of sessions broke; listing again");
        await sleep(this.#options.clock, 1000, signal).catch(() => undefined);
        afterRevision = await this.#list(signal).catch(() => afterRevision);
      }
    }
  }

  /** etcd 3.4's watch can lose what it should tell: the records are compared with a list now and then. */
  async #checkForDrift(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    while (true) {
      await sleep(clock, driftCheckIntervalMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      await this.#list(signal).catch((thrown: unknown) => {
        if (!signal.aborted) logger.debug({ err: thrown }, "comparing the sessions with the store failed");
      });
    }
  }

  /** Takes in what stands in the store, but for nodes of which something newer is known already. */
  async #list(signal: AbortSignal): Promise<number> {
    const { items, revision } = await this.#options.kv.list({ prefix }, signal);
    const listed = new Map(items.map((item) => [item.key.slice(prefix.length), item]));
    for (const node of [...this.#elsewhere.keys()]) {
      if (!listed.has(node) && this.#seenAt(node) <= revision) this.#setElsewhere(node, undefined);
    }
    for (const [node, item] of listed) if (item.modRevision > this.#seenAt(node)) this.#see(node, item);
    for (const [node, at] of this.#seen) if (!listed.has(node) && at <= revision) this.#seen.delete(node);
    for (const [node, record] of [...this.#held]) {
      if (!listed.has(node) && record.epoch <= revision) await this.#restore(node, record, signal);
    }
    return revision;
  }

  /** The record of a session held here is gone: whoever took it away did not take the session. */
  async #restore(node: string, record: HeldRecord, signal?: AbortSignal): Promise<void> {
    if (this.#lease === undefined || this.#held.get(node) !== record) return;
    await this.#putAgain(node, record, 0, signal);
    this.#options.logger.warn({ node }, "the record of a session was gone; it is there again");
  }

  async #putAgain(node: string, record: HeldRecord, guard: number, signal?: AbortSignal): Promise<void> {
    const { outcomes, revision } = await this.#options.kv.transact([this.#put(node, record, guard)], undefined, signal);
    if (outcomes[0]?.ok && this.#held.get(node) === record) this.#held.set(node, { ...record, modRevision: revision });
  }

  #seenAt(node: string): number {
    return this.#seen.get(node) ?? 0;
  }

  #apply(event: WatchEvent): void {
    const node = event.key.slice(prefix.length);
    if (event.modRevision <= this.#seenAt(node)) return;
    if (event.type === "put") {
      this.#see(node, event);
      return;
    }
    this.#seen.set(node, event.modRevision);
    this.#setElsewhere(node, undefined);
  }

  #see(node: string, item: Pick<KeyValue, "value" | "modRevision">): void {
    this.#seen.set(node, item.modRevision);
    const record = parse(item.value);
    const mine = record.controlPlane === this.#options.controlPlane;
    this.#setElsewhere(node, mine ? undefined : record);
    if (mine) this.#strays.suspect(node, item.modRevision);
    const held = this.#held.get(node);
    if (held && !mine && epochOf(item) > held.epoch) this.#taken(node, held.epoch, record);
  }

  #taken(node: string, epoch: number, by: SessionRecord): void {
    this.#held.delete(node);
    this.#options.onTaken(node, epoch, by);
  }

  #setElsewhere(node: string, record: SessionRecord | undefined): void {
    const before = this.#elsewhere.has(node);
    if (record) this.#elsewhere.set(node, record);
    else this.#elsewhere.delete(node);
    if (before !== (record !== undefined)) this.#options.onHeldElsewhere(node, record !== undefined);
  }
}

/** Runs work with a signal that also aborts after `timeoutMs` of the given clock. */
async function within<T>(
  clock: Clock,
  timeoutMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const bounded = childAbort(signal);
  const timer = clock.after(timeoutMs, () => bounded.abort(new Problem("timeout", "the store did not answer in time")));
  try {
    return await work(bounded.signal);
  } finally {
    timer.cancel();
    bounded.abort("done");
  }
}

/** The newest last: what is too much falls off at the other end. */
function supersededBy(
  instance: string,
  known: SessionRecord | undefined,
  replaces: readonly string[],
): readonly string[] {
  const older = new Set([...(known?.superseded ?? []), ...replaces, ...(known ? [known.instance] : [])]);
  older.delete(instance);
  return [...older].slice(-maxSuperseded);
}

function parse(value: Uint8Array): SessionRecord {
  return JSON.parse(Buffer.from(value).toString("utf8")) as SessionRecord;
}

function epochOf(item: Pick<KeyValue, "value" | "modRevision">): number {
  return parse(item.value).epoch ?? item.modRevision;
}

export function superseded(node: string): Problem {
  return new Problem("forbidden", `a newer agent process has taken over node ${node}; this one must stop`, {
    object: `Node ${node}`,
    hint: "If this is another machine, it was cloned with the node's key: join it anew under another name.",
  });
}
