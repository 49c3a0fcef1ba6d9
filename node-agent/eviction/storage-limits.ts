/**
 * Pods' limits of what they keep on the disk. Counting costs, so it is done when the disk has filled by more than some pod may still
 * write, when one of them has gone, whose room hides what others wrote, or a minute has passed; never for more than a small part of the time.
 */
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import { exceeded, hasStorageLimit, headroom } from "./local-limits.ts";
import type { MeasuredPod, StorageMeter } from "./storage-meter.ts";

export interface StorageLimitsOptions {
  readonly meter: Pick<StorageMeter, "measure">;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Excess {
  readonly pod: MeasuredPod;
  readonly message: string;
}

/** Of the time, at most, that counting may take: one part in so many. */
const restFactor = 20;
const longestRestMs = 10 * 60_000;
const atLeastEveryMs = 60_000;

export class StorageLimits {
  readonly #options: StorageLimitsOptions;
  /** How much each pod may still write, as last counted. */
  readonly #left = new Map<string, number>();
  /** Of the disk, since it was last counted: from there on it fills, whatever was freed before. */
  #lowestBytes = 0;
  #hasGone = false;
  #countedAtMs = Number.NEGATIVE_INFINITY;
  #restUntilMs = Number.NEGATIVE_INFINITY;

  constructor(options: StorageLimitsOptions) {
    this.#options = options;
  }

  /** The least that a pod may still write; Infinity when no pod has a limit. */
  least(pods: readonly MeasuredPod[]): number {
    const limited = pods.filter(({ pod }) => hasStorageLimit(pod));
    return Math.min(Number.POSITIVE_INFINITY, ...limited.map(({ uid }) => this.#left.get(uid) ?? 0));
  }

  /** Pods that are above a limit. Counts nothing while none can be. `usedBytes`: of the whole disk. */
  async check(pods: readonly MeasuredPod[], usedBytes: number, signal: AbortSignal): Promise<readonly Excess[]> {
    const limited = pods.filter(({ pod }) => hasStorageLimit(pod));
    const gone = [...this.#left.keys()].filter((uid) => !limited.some((pod) => pod.uid === uid));
    for (const uid of gone) this.#left.delete(uid);
    this.#hasGone ||= gone.length > 0;
    this.#lowestBytes = Math.min(this.#lowestBytes, usedBytes);
    if (!this.#isDue(limited, usedBytes)) return [];
    const { clock } = this.#options;
    const startedAtMs = clock.monotonicMs();
    const found: Excess[] = [];
    for (const pod of limited) {
      const message = await this.#judge(pod, signal);
      if (message !== undefined) found.push({ pod, message });
    }
    this.#lowestBytes = usedBytes;
    this.#hasGone = false;
    this.#countedAtMs = clock.monotonicMs();
    this.#restUntilMs = this.#countedAtMs + Math.min(longestRestMs, (this.#countedAtMs - startedAtMs) * restFactor);
    return found;
  }

  #isDue(limited: readonly MeasuredPod[], usedBytes: number): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    if (limited.length === 0 || nowMs < this.#restUntilMs) return false;
    const hasFilled = usedBytes - this.#lowestBytes >= this.least(limited);
    return hasFilled || this.#hasGone || nowMs - this.#countedAtMs >= atLeastEveryMs;
  }

  async #judge(measured: MeasuredPod, signal: AbortSignal): Promise<string | undefined> {
    const { meter, logger } = this.#options;
    try {
      const used = await meter.measure(measured, "bytes", signal);
      this.#left.set(measured.uid, Math.max(0, headroom(measured.pod, used)));
      return exceeded(measured.pod, used);
    } catch (thrown) {
      signal.throwIfAborted();
      this.#left.set(measured.uid, Number.POSITIVE_INFINITY); // until the next minute's look
      logger.warn({ pod: measured.uid, error: Problem.from(thrown).message }, "a pod's disk use is unknown");
      return undefined;
    }
  }
}
