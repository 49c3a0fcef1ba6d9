/**
 * Which control planes live: each has a record on a lease of its own, taken down when it stops and run out when it dies. A record says what
 * others have to know of it, as which sealing keys are in its file.
 */
import { childAbort } from "#proto/kit/child-abort.ts";
import { type Clock, sleep } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import { memberKey, memberPrefix } from "../store/keyspace.ts";
import type { Kv, LeaseId } from "../store/kv.ts";

export interface MemberRecord {
  /** For people. */
  readonly name: string;
  readonly address: string;
  readonly version: string;
  readonly startedAt: string;
  /** Ids of the sealing keys in its file. */
  readonly keys: readonly string[];
  /** Why its key file cannot be written. */
  readonly trouble?: string;
}

export interface MembersOptions {
  readonly kv: Kv;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of this process. */
  readonly id: string;
  readonly self: () => MemberRecord;
  readonly leaseMs?: number;
}

const defaultLeaseMs = 30_000;

export class Members {
  readonly #options: MembersOptions;
  readonly #leaseMs: number;
  #lease: LeaseId | undefined;
  #written = "";
  #writing: Promise<void> = Promise.resolve();

  constructor(options: MembersOptions) {
    this.#options = options;
    this.#leaseMs = options.leaseMs ?? defaultLeaseMs;
  }

  /** As others see this process. */
  get self(): MemberRecord {
    return this.#options.self();
  }

  /** Resolves when this process is known; it stays known until the signal aborts. */
  async join(signal: AbortSignal): Promise<void> {
    await this.#forgetPredecessor(signal);
    await this.#put(signal);
    void this.#keep(signal);
  }

  /** Everybody who lives, as the store knows it now, and as of which revision. */
  async list(signal?: AbortSignal): Promise<{ readonly members: readonly MemberRecord[]; readonly revision: number }> {
    const { items, revision } = await this.#options.kv.list({ prefix: memberPrefix }, signal);
    return { members: items.map(({ value }) => parse(value)), revision };
  }

  /** Resolves when somebody came, went or changed after `revision`, or when time is up. */
  async untilChanged(revision: number, timeoutMs: number, signal: AbortSignal): Promise<void> {
    const { kv, clock } = this.#options;
    const enough = childAbort(signal);
    const timer = clock.after(timeoutMs, () => enough.abort());
    try {
      for await (const { events } of kv.watch(memberPrefix, revision, enough.signal)) if (events.length > 0) return;
    } finally {
      timer.cancel();
      enough.abort("enough");
    }
  }

  /** What `self` says has changed. */
  changed(signal: AbortSignal): void {
    this.#put(signal).catch((thrown: unknown) => this.#complain(thrown, signal));
  }

  async leave(): Promise<void> {
    await this.#writing.catch(() => undefined);
    if (this.#lease !== undefined) await this.#options.kv.revokeLease(this.#lease).catch(() => undefined);
    this.#lease = undefined;
  }

  /** One after the other, so that the last word is the newest. */
  #put(signal: AbortSignal): Promise<void> {
    this.#writing = this.#writing.catch(() => undefined).then(() => this.#write(signal));
    return this.#writing;
  }

  async #write(signal: AbortSignal): Promise<void> {
    const { kv, id, self } = this.#options;
    const text = JSON.stringify(self());
    if (text === this.#written && this.#lease !== undefined) return;
    this.#lease ??= await kv.grantLease(this.#leaseMs, signal);
    await kv.transact(
      [{ kind: "put", key: memberKey(id), value: Buffer.from(text), lease: this.#lease }],
      undefined,
      signal,
    );
    this.#written = text;
  }

  async #keep(signal: AbortSignal): Promise<void> {
    const { kv, clock } = this.#options;
    while (true) {
      await sleep(clock, this.#leaseMs / 3, signal).catch(() => undefined);
      if (signal.aborted) return;
      try {
        if (this.#lease !== undefined) await kv.keepLeaseAlive(this.#lease, signal);
      } catch (thrown) {
        if (Problem.is(thrown, "not-found")) this.#lease = undefined;
        else this.#complain(thrown, signal);
      }
      // What could not be said before is said now; nothing new is not.
      await this.#put(signal).catch((thrown: unknown) => this.#complain(thrown, signal));
    }
  }

  #complain(thrown: unknown, signal: AbortSignal): void {
    if (!signal.aborted)
      this.#options.logger.debug(
        { error: Problem.from(thrown).message },
        "the store was not told that this control plane lives",
      );
  }

  /** A process of the same name and address has ended: its lease need not run out first. */
  async #forgetPredecessor(signal: AbortSignal): Promise<void> {
    const { kv, self } = this.#options;
    const { name, address } = self();
    const { items } = await kv.list({ prefix: memberPrefix }, signal);
    for (const { key, value, modRevision } of items) {
      const other = parse(value);
      if (other.name !== name || other.address !== address) continue;
      await kv.transact([{ kind: "delete", key, guard: modRevision }], undefined, signal);
    }
  }
}

function parse(value: Uint8Array): MemberRecord {
  return JSON.parse(Buffer.from(value).toString("utf8")) as MemberRecord;
}
