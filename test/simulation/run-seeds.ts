/** Runs a range of seeds in one child process per processor. */
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { systemClock } from "#proto/kit/clock.ts";
import type { SeedResult } from "./simulate.ts";

export interface SeedsReport {
  readonly passed: number;
  readonly failed: readonly Pick<SeedResult, "seed" | "violations">[];
  readonly seen: ReadonlyMap<string, number>;
  readonly tookMs: number;
  /** All before it are done; so may be some after it. */
  readonly next: number;
}

/** Whoever makes tens of megabytes a second that live for an instant is best looked after by one thread, and not too often. */
const manyYoungObjects = [
  "--min-semi-space-size=16",
  "--max-semi-space-size=16",
  "--initial-old-space-size=256",
  "--single-threaded-gc",
];

/** What a worker sends for each seed. */
export interface WorkerMessage {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly seen: readonly (readonly [string, number])[];
}

export interface SeedsProgress {
  readonly done: number;
  readonly tookMs: number;
  /** The seed that has just been done, when it failed. */
  readonly failed: WorkerMessage | undefined;
}

export interface RunOptions {
  readonly onProgress?: (progress: SeedsProgress) => void;
  /** Ends it early, with what is known by then. */
  readonly signal?: AbortSignal;
  /** Ends it early, too. */
  readonly maxFailures?: number;
}

export async function runSeeds(from: number, count: number, options: RunOptions = {}): Promise<SeedsReport> {
  const { onProgress, signal, maxFailures = 20 } = options;
  const startedAtMs = systemClock.monotonicMs();
  const failed: WorkerMessage[] = [];
  const seen = new Map<string, number>();
  let passed = 0;
  const take = (message: WorkerMessage): boolean => {
    for (const [what, times] of message.seen) seen.set(what, (seen.get(what) ?? 0) + times);
    const isFailure = message.violations.length > 0;
    if (isFailure) failed.push(message);
    else passed++;
    const tookMs = systemClock.monotonicMs() - startedAtMs;
    onProgress?.({ done: passed + failed.length, tookMs, failed: isFailure ? message : undefined });
    return failed.length < maxFailures;
  };
  const run = (first: number): Promise<number> => runWorker({ first, end: from + count, step: workers, take, signal });
  const workers = Math.min(count, availableParallelism());
  const nexts = await Promise.all(Array.from({ length: workers }, (_, index) => run(from + index)));
  failed.sort((a, b) => a.seed - b.seed);
  const tookMs = systemClock.monotonicMs() - startedAtMs;
  return { passed, failed, seen, tookMs, next: Math.min(from + count, ...nexts) };
}

interface Share {
  readonly first: number;
  readonly end: number;
  readonly step: number;
  /** False: it is enough. */
  readonly take: (message: WorkerMessage) => boolean;
  readonly signal: AbortSignal | undefined;
}

/** Every `step`-th seed from `first` on; answers the first that was not done. Rejects when it ends otherwise than done or told to stop. */
function runWorker({ first, end, step, take, signal: stopping }: Share): Promise<number> {
  return new Promise((resolve, reject) => {
    const share = [String(first), String(end), String(step)];
    const child = fork(new URL("./worker.ts", import.meta.url), share, { execArgv: manyYoungObjects });
    let last = first - step;
    let isStopped = false;
    const stop = (): void => {
      isStopped = true;
      // It lets a terminal's signals to our group pass: those are for us to answer.
      child.kill("SIGKILL");
    };
    stopping?.addEventListener("abort", stop, { once: true });
    child.on("message", (message) => {
      const result = message as WorkerMessage;
      last = result.seed;
      if (!take(result)) stop();
    });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      stopping?.removeEventListener("abort", stop);
      if (code === 0 || isStopped) resolve(last + step);
      else reject(new Error(`the simulation of seed ${last + step} ended with ${signal ?? `code ${code}`}`));
    });
  });
}
