/**
 * What pulls that failed have left, whole layers and halves: the next attempt goes on with it. It stays as long as a pod of this node waits
 * for the image, and a while longer; what a person pulled, a day.
 */
import { repositoryOf } from "#proto/resources/registry-match.ts";

export interface UnfinishedPullsOptions {
  /** Keep digests and DiffIDs from being removed. */
  readonly pin: (keys: Iterable<string>) => void;
  readonly unpin: (keys: Iterable<string>) => void;
  /** Images that the pods of this node name. */
  readonly podImages: () => readonly string[];
  readonly monotonicMs: () => number;
}

/** `stale`: what nobody is likely to go on with. `unwanted`: all that no pod waits for. */
export type Release = "stale" | "unwanted" | "all";

interface Unfinished {
  readonly keys: Set<string>;
  readonly sinceMs: number;
  readonly lifetimeMs: number;
}

/** A workload that is replaced names the same image again a moment later. */
const podsLifetimeMs = 10 * 60_000;
const peoplesLifetimeMs = 24 * 60 * 60_000;
const maxPulls = 256;
/** Nobody knows any more what it was for. */
const earlierAgent = "";

export class UnfinishedPulls {
  readonly #options: UnfinishedPullsOptions;
  /** By name of the image, the one that failed last at the end. */
  readonly #pulls = new Map<string, Unfinished>();

  constructor(options: UnfinishedPullsOptions) {
    this.#options = options;
  }

  /** A pod of this node names an image of that repository. */
  isWanted(image: string): boolean {
    if (image === earlierAgent) return false;
    const repository = repositoryOf(image);
    return this.#options.podImages().some((named) => repositoryOf(named) === repository);
  }

  /** `wasWanted`: a pod waited for it when the pull began. */
  failed(image: string, keys: Iterable<string>, wasWanted: boolean): void {
    this.#keep(image, keys, wasWanted ? podsLifetimeMs : peoplesLifetimeMs);
  }

  /** What an agent that was killed had fetched, as far as no image consists of it. */
  found(keys: Iterable<string>): void {
    this.#keep(earlierAgent, keys, podsLifetimeMs);
  }

  /** An image is whole: what it consists of is kept by that from now on. */
  finished(keys: Iterable<string>): void {
    const whole = new Set(keys);
    for (const [image, { keys: left }] of this.#pulls) {
      const arrived = [...left].filter((key) => whole.has(key));
      for (const key of arrived) left.delete(key);
      this.#options.unpin(arrived);
      if (left.size === 0) this.#pulls.delete(image);
    }
  }

  get hasStale(): boolean {
    return [...this.#pulls].some(([image, pull]) => this.#isStale(image, pull));
  }

  /** Returns what is kept no longer. */
  release(which: Release): readonly string[] {
    const released: string[] = [];
    for (const [image, pull] of this.#pulls) {
      const goes = which === "all" || (which === "unwanted" ? !this.isWanted(image) : this.#isStale(image, pull));
      if (goes) released.push(...this.#drop(image, pull));
    }
    return released;
  }

  #keep(image: string, keys: Iterable<string>, lifetimeMs: number): void {
    const { pin, monotonicMs } = this.#options;
    const kept = new Set(keys);
    pin(kept); // before the earlier ones are let go: nothing is between the two
    const before = this.#pulls.get(image);
    if (before) this.#drop(image, before);
    if (kept.size === 0) return;
    this.#pulls.set(image, { keys: kept, sinceMs: monotonicMs(), lifetimeMs });
    const [oldest] = this.#pulls;
    if (this.#pulls.size > maxPulls && oldest) this.#drop(...oldest);
  }

  #drop(image: string, { keys }: Unfinished): Iterable<string> {
    this.#pulls.delete(image);
    this.#options.unpin(keys);
    return keys;
  }

  #isStale(image: string, { sinceMs, lifetimeMs }: Unfinished): boolean {
    return this.#options.monotonicMs() - sinceMs > lifetimeMs && !this.isWanted(image);
  }
}
