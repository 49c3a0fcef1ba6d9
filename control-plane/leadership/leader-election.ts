/**
 * Elects one control plane to lead: whoever creates the leader's key, under a lease. A lease is not mutual exclusion, so
 * every write of a leader carries the term's fence; the lease only makes sure that somebody leads.
 */
import { backoffMs } from "#proto/kit/backoff.ts";
import { childAbort } from "#proto/kit/child-abort.ts";
import { type Clock, sleep } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { leaderKey } from "../store/keyspace.ts";
import type { Fence, KeyValue, Kv, LeaseId } from "../store/kv.ts";
import { Term } from "./term.ts";

export interface Leadership {
  /** Carried by every write of this term. */
  readonly fence: Fence;
  /** Aborts when the term ends; nothing may be decided after that. */
  readonly signal: AbortSignal;
  /** Judge nobody (nodes, deadlines) before one full period has passed since then. */
  readonly leaderSinceMonotonicMs: number;
}

export interface LeaderElectionOptions {
  readonly kv: Kv;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Name of this control plane, for people. */
  readonly identity: string;
  /** Runs for one term; must return soon after its signal aborts. Returning earlier ends the term. */
  readonly lead: (leadership: Leadership) => Promise<void>;
  readonly key?: string;
  /** How long a silent leader is still the leader. etcd allows no less than 1.5 times its election time-out. */
  readonly ttlMs?: number;
}

const defaultTtlMs = 6000;
const retryBackoff = { initialMs: 200, maxMs: 5000 };

type Campaign = { readonly term: Term } | { readonly holder: KeyValue | undefined; readonly revision: number };

export class LeaderElection {
  readonly #options: LeaderElectionOptions;
  readonly #key: string;
  readonly #ttlMs: number;
  #leadership: Leadership | undefined;
  /** What this process wrote at its last claim. */
  #claimed: Uint8Array | undefined;

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
    this.#key = options.key ?? leaderKey;
    this.#ttlMs = options.ttlMs ?? defaultTtlMs;
  }

  /** The term under way; undefined while another leads, or nobody. */
  get leadership(): Leadership | undefined {
    return this.#leadership;
  }

  /** Who leads, as the store knows it. */
  async leader(signal?: AbortSignal): Promise<string | undefined> {
    const { item } = await this.#options.kv.get(this.#key, signal);
    return item && readHolder(item);
  }

  /** Stands for election, leads, and stands again, until the signal aborts; then hands over at once. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, random, logger } = this.#options;
    for (let attempt = 0; !signal.aborted; ) {
      try {
        const campaign = await this.#campaign(signal);
        const startedAtMs = clock.monotonicMs();
        if ("term" in campaign) await this.#serve(campaign.term, signal);
        else await this.#waitForVacancy(campaign, signal);
        if (clock.monotonicMs() - startedAtMs >= retryBackoff.maxMs) attempt = 0;
        else if (attempt++ > 0)
          await sleep(clock, backoffMs(retryBackoff, attempt, random), signal).catch(() => undefined);
      } catch (thrown) {
        if (signal.aborted) return;
        if (attempt === 0) logger.warn({ error: Problem.from(thrown).message }, "standing for election failed");
        await sleep(clock, backoffMs(retryBackoff, attempt++, random), signal).catch(() => undefined);
      }
    }
  }

  async #campaign(signal: AbortSignal): Promise<Campaign> {
    const { kv, clock, random, identity } = this.#options;
    const { item, revision } = await kv.get(this.#key, signal);
    if (item && !(await this.#clearOwn(item, signal))) return { holder: item, revision };
    const leasedAtMs = clock.monotonicMs();
    const lease = await kv.grantLease(this.#ttlMs, signal);
    try {
      const value = Buffer.from(JSON.stringify({ identity, term: random.uuid() }));
      this.#claimed = value;
      const claim = await this.#claim(value, lease);
      if (typeof claim !== "number") {
        await this.#giveBack(lease);
        return claim;
      }
      const fence = { key: this.#key, createRevision: claim };
      return { term: new Term({ kv, clock, lease, fence, ttlMs: this.#ttlMs, leasedAtMs }) };
    } catch (thrown) {
      await this.#giveBack(lease);
      throw thrown;
    }
  }

  /** A term of this very process that it has ended while the store was away: nobody need wait for its lease to run out. */
  async #clearOwn(item: KeyValue, signal: AbortSignal): Promise<boolean> {
    if (!this.#claimed || !Buffer.from(item.value).equals(this.#claimed)) return false;
    const write = { kind: "delete", key: this.#key, guard: item.modRevision } as const;
    return (await this.#options.kv.transact([write], undefined, signal)).outcomes[0]?.ok === true;
  }

  /** The create revision of our key, or who holds it. An answer that got lost is found out by the value. */
  async #claim(value: Uint8Array, lease: LeaseId): Promise<number | Exclude<Campaign, { term: Term }>> {
    const { kv } = this.#options;
    try {
      const result = await kv.transact([{ kind: "put", key: this.#key, value, guard: 0, lease }]);
      const [outcome] = result.outcomes;
      if (outcome?.ok) return result.revision;
      return { holder: outcome?.current, revision: result.revision };
    } catch (thrown) {
      if (!Problem.is(thrown, "unavailable") && !Problem.is(thrown, "timeout")) throw thrown;
      const { item } = await kv.get(this.#key);
      if (item && Buffer.from(item.value).equals(value)) return item.createRevision;
      throw thrown;
    }
  }

  async #serve(term: Term, signal: AbortSignal): Promise<void> {
    const { clock, logger, lead } = this.#options;
    const stop = (): void => term.end("this control plane stops");
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    const { fence } = term;
    this.#leadership = { fence, signal: term.signal, leaderSinceMonotonicMs: clock.monotonicMs() };
    logger.info({ term: fence.createRevision }, "leading");
    const keeping = Promise.all([term.keep(), term.guard()]);
    try {
      if (!term.signal.aborted) await lead(this.#leadership);
      term.end("the leader's work ended");
    } catch (thrown) {
      if (!term.signal.aborted) logger.error({ error: Problem.from(thrown).message }, "the leader's work failed");
      term.end("the leader's work failed");
    } finally {
      this.#leadership = undefined;
      signal.removeEventListener("abort", stop);
      await keeping;
      await term.release();
      logger.info(
        { term: fence.createRevision, reason: Problem.from(term.signal.reason).message },
        "no longer leading",
      );
    }
  }

  /** Returns when the key was removed; or after a while, because a watch may miss things. */
  async #waitForVacancy(
    held: { readonly holder: KeyValue | undefined; readonly revision: number },
    signal: AbortSignal,
  ) {
    if (!held.holder) return;
    const { clock, kv } = this.#options;
    const enough = childAbort(signal);
    const timer = clock.after(5 * this.#ttlMs, () => enough.abort());
    try {
      for await (const batch of kv.watch(this.#key, held.revision, enough.signal)) {
        if (batch.events.some((event) => event.type === "delete")) return;
      }
    } finally {
      timer.cancel();
      enough.abort("enough");
    }
  }

  async #giveBack(lease: LeaseId): Promise<void> {
    await this.#options.kv.revokeLease(lease).catch(() => undefined);
  }
}

function readHolder(item: KeyValue): string | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(item.value).toString());
    const isHolder = typeof parsed === "object" && parsed !== null && "identity" in parsed;
    return isHolder && typeof parsed.identity === "string" ? parsed.identity : undefined;
  } catch {
    return undefined;
  }
}
