/** The latest changes of one resource, bounded, so that a watch can go on from where it left off without a list. */
import { parseResourceVersion } from "#control-plane/store/resource-version.ts";
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { CacheBookmark, CacheChange } from "./cache.ts";
import type { EntryChange } from "./entry-change.ts";

export interface ChangeHistoryLimits {
  readonly maxChanges: number;
  readonly maxBytes: number;
  /** A reader that saw nothing for so long gets a bookmark. */
  readonly bookmarkAfterMs: number;
}

export class ChangeHistory {
  readonly #limits: ChangeHistoryLimits;
  readonly #clock: Clock;
  #changes: EntryChange[] = [];
  /** Sequence number of `#changes[0]`. */
  #firstSequence = 0;
  #bytes = 0;
  /** The history holds every change after this resourceVersion. */
  #completeAfter: number;
  /** Raised when changes may have been missed: readers must start again. */
  #epoch = 0;
  readonly #waiting = new Set<() => void>();

  constructor(clock: Clock, limits: ChangeHistoryLimits, completeAfter: string) {
    this.#clock = clock;
    this.#limits = limits;
    this.#completeAfter = parseResourceVersion(completeAfter);
  }

  append(change: EntryChange): void {
    this.#changes.push(change);
    this.#bytes += change.heldBytes;
    if (this.#changes.length > this.#limits.maxChanges || this.#bytes > this.#limits.maxBytes) this.#trim();
    this.#wake();
  }

  /** Forgets everything: what happened up to `completeAfter` is not known change by change. */
  restart(completeAfter: string): void {
    this.#firstSequence += this.#changes.length;
    this.#changes = [];
    this.#bytes = 0;
    this.#completeAfter = parseResourceVersion(completeAfter);
    this.#epoch++;
    this.#wake();
  }

  /** See `Cache.changesAfter`. `currentVersion` is read when a bookmark is due. */
  async *read(
    after: string,
    currentVersion: () => string,
    signal: AbortSignal,
  ): AsyncIterable<CacheChange | CacheBookmark> {
    const afterVersion = parseResourceVersion(after);
    if (afterVersion < this.#completeAfter) throw expired(after);
    const epoch = this.#epoch;
    let sequence = this.#sequenceAfter(afterVersion);
    while (!signal.aborted) {
      if (epoch !== this.#epoch) throw expired(after);
      if (sequence < this.#firstSequence) {
        throw new Problem("too-large", "the reader fell too far behind the changes", {
          hint: "List again, then watch.",
        });
      }
      const change = this.#changes[sequence - this.#firstSequence];
      if (change) {
        sequence++;
        if (parseResourceVersion(change.resourceVersion) > afterVersion) yield change;
        continue;
      }
      const isQuiet = await this.#nextChange(signal);
      const resourceVersion = currentVersion();
      const isCaughtUp = sequence === this.#firstSequence + this.#changes.length && epoch === this.#epoch;
      if (isQuiet && isCaughtUp && !signal.aborted && parseResourceVersion(resourceVersion) >= afterVersion) {
        yield { type: "bookmark", resourceVersion };
      }
    }
  }

  /** A quarter at a time, so that the array is not moved for every change. */
  #trim(): void {
    const dropped = this.#changes.splice(0, Math.max(1, this.#changes.length >>> 2));
    this.#firstSequence += dropped.length;
    for (const change of dropped) this.#bytes -= change.heldBytes;
    const last = dropped.at(-1);
    if (last) this.#completeAfter = parseResourceVersion(last.resourceVersion);
  }

  #sequenceAfter(version: number): number {
    let low = 0;
    let high = this.#changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const change = this.#changes[middle];
      if (change && parseResourceVersion(change.resourceVersion) <= version) low = middle + 1;
      else high = middle;
    }
    return this.#firstSequence + low;
  }

  /** True when time passed without a change. */
  #nextChange(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (isQuiet: boolean): void => {
        this.#waiting.delete(onChange);
        signal.removeEventListener("abort", onChange);
        timer.cancel();
        resolve(isQuiet);
      };
      const onChange = (): void => done(false);
      const timer = this.#clock.after(this.#limits.bookmarkAfterMs, () => done(true));
      this.#waiting.add(onChange);
      signal.addEventListener("abort", onChange, { once: true });
    });
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}

function expired(resourceVersion: string): Problem {
  return new Problem("expired", `resourceVersion ${resourceVersion} is too old: its changes are no longer kept`, {
    hint: "List again, then watch from the list's resourceVersion.",
  });
}
