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
}

/** What a worker sends for each seed. */
export interface WorkerMessage {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly seen: readonly (readonly [string, number])[];
}

const maxFailures = 20;

export async function runSeeds(from: number, count: number): Promise<SeedsReport> {
  const startedAtMs = systemClock.monotonicMs();
  const failed: WorkerMessage[] = [];
  const seen = new Map<string, number>();
  let passed = 0;
  const take = (message: WorkerMessage): boolean => {
    for (const [what, times] of message.seen) seen.set(what, (seen.get(what) ?? 0) + times);
    if (message.violations.length === 0) passed++;
    else failed.push(message);
    return failed.length < maxFailures;
  };
  const workers = Math.min(count, availableParallelism());
  await Promise.all(
    Array.from({ length: workers }, (_, index) => runWorker(from + index, from + count, workers, take)),
  );
  failed.sort((a, b) => a.seed - b.seed);
  return { passed, failed, seen, tookMs: systemClock.monotonicMs() - startedAtMs };
}

/** Every `step`-th seed from `first` on. Rejects when the worker ends otherwise than done or told to stop. */
function runWorker(first: number, end: number, step: number, take: (message: WorkerMessage) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL("./worker.ts", import.meta.url), [String(first), String(end), String(step)]);
    let last = first - step;
    let isStopped = false;
    child.on("message", (message) => {
      const result = message as WorkerMessage;
      last = result.seed;
      if (take(result)) return;
      isStopped = true;
      child.kill();
    });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (code === 0 || isStopped) resolve();
      else reject(new Error(`the simulation of seed ${last + step} ended with ${signal ?? `code ${code}`}`));
    });
  });
}
