/**
 * Records Events without making anybody wait: gathers reports, counts repetitions, writes what is new at once and what is
 * repeated now and then. Bounded everywhere; what is too much is dropped and said once in the log.
 */
import type { Clock, Timer } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { eventIdentity, isRepetition, type ReportedEvent, type ToldEvent, tellEvent } from "./event-aggregation.ts";

export interface EventRecorderOptions {
  readonly store: { put(events: readonly KubeObject[]): Promise<void> };
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Reports remembered to recognize repetitions. */
const maxRemembered = 4096;
const maxWaiting = 1000;
const maxBatch = 100;
/** A new Event is written after this short while, so that those of one turn go together. */
const newDelayMs = 20;
/** Repetitions wait longer: their number matters, not each one. */
const repeatDelayMs = 5000;
const retryDelayMs = 2000;

export class StoredEventRecorder {
  readonly #options: EventRecorderOptions;
  /** In order of last report. */
  readonly #told = new Map<string, ToldEvent>();
  readonly #waiting = new Map<string, KubeObject>();
  #timer: { readonly timer: Timer; readonly atMs: number } | undefined;
  #isWriting = false;
  #dropped = 0;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  /** Never waits, never throws; drops when overloaded. */
  record(report: ReportedEvent): void {
    const { clock, random } = this.#options;
    const identity = eventIdentity(report);
    const known = this.#told.get(identity);
    const nowMs = clock.nowMs();
    const isAgain = isRepetition(known, nowMs);
    if (!this.#waiting.has(identity) && this.#waiting.size >= maxWaiting) {
      this.#drop(1);
      return;
    }
    const suffix = Buffer.from(random.bytes(8)).toString("hex");
    const told = tellEvent(known, report, { nowMs, suffix, uid: random.uuid() });
    this.#told.delete(identity);
    this.#told.set(identity, told);
    for (const oldest of this.#told.keys()) {
      if (this.#told.size <= maxRemembered) break;
      this.#told.delete(oldest);
    }
    this.#waiting.set(identity, told.object);
    this.#writeIn(isAgain ? repeatDelayMs : newDelayMs);
  }

  /** Writes what waits. For an orderly end. */
  async flush(): Promise<void> {
    this.#timer?.timer.cancel();
    this.#timer = undefined;
    await this.#write();
  }

  #writeIn(delayMs: number): void {
    const { clock } = this.#options;
    const atMs = clock.monotonicMs() + delayMs;
    if (this.#timer && this.#timer.atMs <= atMs) return;
    this.#timer?.timer.cancel();
    const run = (): void => {
      this.#timer = undefined;
      void this.#write();
    };
    this.#timer = { timer: clock.after(delayMs, run), atMs };
  }

  async #write(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    try {
      while (this.#waiting.size > 0) {
        const batch = [...this.#waiting].slice(0, maxBatch);
        for (const [identity] of batch) this.#waiting.delete(identity);
        await this.#writeBatch(batch);
      }
      this.#reportDropped();
    } catch (thrown) {
      this.#options.logger.debug({ error: Problem.from(thrown).message }, "writing Events failed");
      this.#writeIn(retryDelayMs);
    } finally {
      this.#isWriting = false;
    }
  }

  async #writeBatch(batch: readonly (readonly [string, KubeObject])[]): Promise<void> {
    try {
      await this.#options.store.put(batch.map(([, event]) => event));
    } catch (thrown) {
      if (Problem.from(thrown).retry === "never") {
        this.#drop(batch.length);
        return;
      }
      // A newer count may wait by now; the older one is of no use then.
      for (const [identity, event] of batch) if (!this.#waiting.has(identity)) this.#waiting.set(identity, event);
      throw thrown;
    }
  }

  #drop(count: number): void {
    this.#dropped += count;
  }

  #reportDropped(): void {
    if (this.#dropped > 0) this.#options.logger.warn({ dropped: this.#dropped }, "too many Events: some were dropped");
    this.#dropped = 0;
  }
}
