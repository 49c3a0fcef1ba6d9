/**
 * Frees the disk when images have filled it, as the kubelet does: above the high watermark, down to the low one, what was used longest
 * ago first. Blobs go before layers: they can be fetched again, and what runs does not need them. What a pod of this node names, what
 * a container stands on, what a workload may be rolled back to, and what was loaded here and can be had from nowhere else, stays.
 */
import type { Clock, Timer } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import { type DiskRoom, excessBytes, formatSize, usableBytes, usedPercent, type Watermarks } from "./disk-room.ts";

/** An image as the janitor sees it. */
export interface KeptImage {
  readonly digest: string;
  readonly names: readonly string[];
  readonly usedAtMs: number;
  /** A pod of this node names it, a container stands on it, or work in progress counts on it. */
  readonly isInUse: boolean;
  /** No registry gave it. */
  readonly isLocal: boolean;
  /** Layer blobs that are here, and nobody is working with. */
  readonly blobs: readonly { readonly digest: string; readonly size: number }[];
}

export interface JanitorStore {
  /** Marks as used now what is in use. */
  kept(nowMs: number): Promise<readonly KeptImage[]>;
  removeBlob(digest: string): Promise<void>;
  /** With all its names, and the layers that nobody else needs. */
  removeImage(digest: string): Promise<void>;
  /** What belongs to no image any more, with what failed pulls have left. */
  sweep(release: "all"): Promise<void>;
  /** The same, once it is clear that nobody will go on with those pulls. */
  sweepStale(): Promise<void>;
  disk(): Promise<DiskRoom>;
}

export interface JanitorOptions {
  readonly store: JanitorStore;
  readonly watermarks: Watermarks;
  /** Images younger than that stay: a pod may be about to name them. */
  readonly minAgeMs: number;
  /** Which of these names workloads may be rolled back to, or run elsewhere; undefined when nobody can be asked now. */
  readonly neededNames: (names: readonly string[], signal: AbortSignal) => Promise<ReadonlySet<string> | undefined>;
  readonly warn: (reason: "FreeDiskSpaceFailed" | "ImageGCFailed", message: string) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A disk fills by other hands too. */
const checkEveryMs = 60_000;
/** An agent that has just begun has no session yet. */
const askAgainMs = 5_000;
const askTimeoutMs = 10_000;
/** The same trouble is told again after this long. */
const repeatWarningMs = 5 * 60_000;

export class ImageJanitor {
  readonly #options: JanitorOptions;
  #running: Promise<unknown> = Promise.resolve();
  #timer: Timer | undefined;
  #isStopped = false;
  /** Images could go, but nobody could say which. */
  #isUnanswered = false;
  #warnedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: JanitorOptions) {
    this.#options = options;
  }

  /** Looks now, and from time to time. */
  start(): void {
    this.check()
      .catch(() => undefined)
      .finally(() => {
        if (this.#isStopped) return;
        const delayMs = this.#isUnanswered ? askAgainMs : checkEveryMs;
        this.#timer = this.#options.clock.after(delayMs, () => this.start());
      });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    await this.#running;
  }

  /** Frees what the watermarks want. Never rejects: what fails is told as an event. */
  check(): Promise<void> {
    return this.#alone(async () => {
      const { store, watermarks } = this.#options;
      await this.#guarded(async () => {
        await store.sweepStale();
        const disk = await store.disk();
        const excess = excessBytes(disk, watermarks);
        this.#isUnanswered = false;
        if (excess === 0) return;
        const wantedBytes = disk.availableBytes + excess;
        await this.#free((now) => now.availableBytes >= wantedBytes);
        if (!this.#isUnanswered) await this.#judge(wantedBytes, disk);
      });
    });
  }

  /** Frees what is missing to `bytes`; what can be used then comes back, be it enough or not. */
  makeRoom(bytes: number): Promise<DiskRoom> {
    return this.#alone(async () => {
      await this.#guarded(() => this.#free((disk) => usableBytes(disk) >= bytes));
      return this.#options.store.disk();
    });
  }

  async #free(isEnough: (disk: DiskRoom) => boolean): Promise<void> {
    const { store } = this.#options;
    const done = async (): Promise<boolean> => isEnough(await store.disk());
    if (await done()) return;
    await store.sweep("all");
    if (await done()) return;
    if (await this.#removeBlobs(done)) return;
    await this.#removeImages(done);
  }

  /** True when it was enough. */
  async #removeBlobs(done: () => Promise<boolean>): Promise<boolean> {
    const { store, logger } = this.#options;
    const kept = oldestFirst(await this.#kept());
    // A blob that an image needs which can be had from nowhere else stays, whoever else has it too.
    const local = new Set(kept.flatMap(({ isLocal, blobs }) => (isLocal ? blobs.map(({ digest }) => digest) : [])));
    const removed = new Set<string>();
    for (const image of kept) {
      for (const { digest, size } of image.blobs) {
        if (local.has(digest) || removed.has(digest)) continue;
        removed.add(digest);
        await store.removeBlob(digest);
        logger.info({ blob: digest, size }, "removed a blob to free the disk");
        if (await done()) return true;
      }
    }
    return false;
  }

  async #removeImages(done: () => Promise<boolean>): Promise<void> {
    const { store, logger, minAgeMs, clock } = this.#options;
    const nowMs = clock.nowMs();
    const old = (await this.#kept()).filter(({ isInUse, isLocal, usedAtMs }) => {
      // A clock that was set back makes nothing young for ever.
      const ageMs = Math.abs(nowMs - usedAtMs);
      return !isInUse && !isLocal && ageMs >= minAgeMs;
    });
    if (old.length === 0) return;
    const needed = await this.#needed(old.flatMap(({ names }) => names));
    this.#isUnanswered = needed === undefined;
    if (needed === undefined) {
      logger.warn({}, "the control plane cannot say which images a rollback needs: none is removed");
      return;
    }
    for (const { digest, names } of oldestFirst(old)) {
      if (names.some((name) => needed.has(name))) continue;
      await store.removeImage(digest);
      logger.info({ image: names[0] ?? digest }, "removed an image to free the disk");
      if (await done()) return;
    }
  }

  #kept(): Promise<readonly KeptImage[]> {
    return this.#options.store.kept(this.#options.clock.nowMs());
  }

  async #needed(names: readonly string[]): Promise<ReadonlySet<string> | undefined> {
    const late = new AbortController();
    const timer = this.#options.clock.after(askTimeoutMs, () => late.abort(new Problem("timeout", "no answer")));
    try {
      return await this.#options.neededNames(names, late.signal);
    } catch (thrown) {
      this.#options.logger.info({ error: Problem.from(thrown).message }, "asking which images are needed failed");
      return undefined;
    } finally {
      timer.cancel();
    }
  }

  async #judge(wantedBytes: number, before: DiskRoom): Promise<void> {
    const after = await this.#options.store.disk();
    if (after.availableBytes >= wantedBytes) return;
    const freed = Math.max(0, after.availableBytes - before.availableBytes);
    const { highPercent, lowPercent } = this.#options.watermarks;
    this.#warn(
      "FreeDiskSpaceFailed",
      `the disk of the images is ${usedPercent(after)} % full; ${formatSize(wantedBytes - before.availableBytes)} should be freed ` +
        `(images are removed above ${highPercent} % down to ${lowPercent} %), but only ${formatSize(freed)} could be: ` +
        "what is left is needed by pods, by rollbacks, or fills the disk besides images",
    );
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      const { message } = Problem.from(thrown);
      this.#options.logger.error({ error: message }, "garbage collection of images failed");
      this.#warn("ImageGCFailed", `garbage collection of images failed: ${message}`);
    }
  }

  #warn(reason: "FreeDiskSpaceFailed" | "ImageGCFailed", message: string): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#warnedAtMs < repeatWarningMs) return;
    this.#warnedAtMs = nowMs;
    this.#options.warn(reason, message);
  }

  /** One after the other: each looks at what the one before has left. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#running.then(work);
    this.#running = done.catch(() => undefined);
    return done;
  }
}

function oldestFirst(images: readonly KeptImage[]): readonly KeptImage[] {
  return images.toSorted((a, b) => a.usedAtMs - b.usedAtMs);
}
