/**
 * A work queue of keys, after client-go's workqueue: a key waits once however often it is added, one key is never in
 * work twice at a time, and a key added while in work runs again afterwards. Delayed adds and per-key back-off included.
 */
import type { BackoffOptions } from "./backoff.ts";
import { backoffMs } from "./backoff.ts";
import type { Clock, Timer } from "./clock.ts";
import type { Random } from "./random.ts";

export interface KeyedQueueOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly concurrency: number;
  readonly backoff?: BackoffOptions;
  /** Does the work of one key. A rejection puts the key back after back-off; a result with `againInMs` re-adds it then. */
  readonly work: (key: string) => Promise<{ readonly againInMs?: number } | undefined>;
  readonly onError?: (key: string, thrown: unknown) => void;
}

const defaultBackoff: BackoffOptions = { initialMs: 50, maxMs: 30_000 };

export class KeyedQueue {
  readonly #options: KeyedQueueOptions;
  readonly #waiting = new Set<string>();
  readonly #working = new Set<string>();
  readonly #dirty = new Set<string>();
  readonly #timers = new Map<string, { readonly timer: Timer; readonly atMs: number }>();
  readonly #failures = new Map<string, number>();
  readonly #idleWaiters: (() => void)[] = [];
  #stopped = false;

  constructor(options: KeyedQueueOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#waiting.size + this.#working.size;
  }

  add(key: string): void {
    if (this.#stopped) return;
    this.#cancelTimer(key);
    if (this.#working.has(key)) this.#dirty.add(key);
    else this.#waiting.add(key);
    this.#pump();
  }

  /** Adds `key` after `delayMs`; of several delayed adds the earliest wins. */
  addAfter(key: string, delayMs: number): void {
    if (this.#stopped) return;
    if (delayMs <= 0) {
      this.add(key);
      return;
    }
    const atMs = this.#options.clock.monotonicMs() + delayMs;
    const known = this.#timers.get(key);
    if (known && known.atMs <= atMs) return;
    known?.timer.cancel();
    this.#timers.set(key, { timer: this.#options.clock.after(delayMs, () => this.add(key)), atMs });
  }

  /** Takes no more keys and resolves when the keys in work are done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { timer } of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    this.#waiting.clear();
    this.#dirty.clear();
    if (this.#working.size > 0) await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
  }

  #pump(): void {
    for (const key of this.#waiting) {
      if (this.#working.size >= this.#options.concurrency) return;
      this.#waiting.delete(key);
      this.#working.add(key);
      void this.#run(key);
    }
  }

  async #run(key: string): Promise<void> {
    let againInMs: number | undefined;
    try {
      againInMs = (await this.#options.work(key))?.againInMs;
      this.#failures.delete(key);
    } catch (thrown) {
      const attempt = this.#failures.get(key) ?? 0;
      this.#failures.set(key, attempt + 1);
      againInMs = backoffMs(this.#options.backoff ?? defaultBackoff, attempt, this.#options.random);
      this.#options.onError?.(key, thrown);
    }
    this.#working.delete(key);
    if (this.#dirty.delete(key)) this.add(key);
    else if (againInMs !== undefined) this.addAfter(key, againInMs);
    this.#pump();
    if (this.#working.size === 0) for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }

  #cancelTimer(key: string): void {
    this.#timers.get(key)?.timer.cancel();
    this.#timers.delete(key);
  }
}
