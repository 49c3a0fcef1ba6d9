/** A few forked worker processes that unpack layers. They start on demand and end when idle, so that they cost nothing at rest. */
import { type ChildProcess, fork } from "node:child_process";
import type { Clock, Timer } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { ConcurrencyLimit } from "../concurrency-limit.ts";
import type { UnpackJob } from "./unpack-layer.ts";
import type { UnpackAnswer, UnpackNews } from "./unpack-worker.ts";

export interface UnpackPoolOptions {
  /** Path of unpack-worker.ts, or of its bundle. */
  readonly workerPath: string;
  readonly clock: Clock;
  readonly size: number;
  readonly idleMs?: number;
  /** The Node that runs it. Default: this process's own. */
  readonly execPath?: string;
}

/** A blob that is still being written. */
export interface ArrivingBlob {
  readonly sizeBytes: number;
  readonly readableBytes: number;
  /** Resolves with how much can be read as soon as that is more than `offset`; rejects when that will never be. */
  beyond(offset: number, signal: AbortSignal): Promise<number>;
}

interface Worker {
  readonly process: ChildProcess;
  idleTimer?: Timer | undefined;
}

const workerFlags = [
  "--max-old-space-size=512",
  // Threads of its own would only take the processor from the other worker: a sixth of its time is saved.
  "--single-threaded",
  // What the best compiler takes, a program that lives for two seconds does not get back: a tenth.
  "--no-turbofan",
  // Learns from the first call on what the others may be compiled for, and begins with the memory that it comes to need: another tenth.
  "--no-lazy-feedback-allocation",
  "--min-semi-space-size=16",
  "--initial-heap-size=256",
];
const defaultIdleMs = 5_000;
/**
 * A worker that gets less than that while others wait for one is worth more to them. No more than a trickle: what it has done is done
 * once more later, by another process.
 */
const leastBytesPerLook = 256 * 1024;
const lookEveryMs = 1_000;

export class UnpackPool {
  readonly #options: UnpackPoolOptions;
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();
  readonly #limit: ConcurrencyLimit;
  #closed = false;

  constructor(options: UnpackPoolOptions) {
    this.#options = options;
    this.#limit = new ConcurrencyLimit(options.size);
  }

  /** There will be so many jobs at once: workers start meanwhile, and end when nothing comes. */
  prepare(jobs: number): void {
    const wanted = Math.min(jobs, this.#options.size);
    while (!this.#closed && this.#all.size < wanted) this.#park(this.#start());
  }

  /** Rejects with the worker's Problem, `canceled`, or `unavailable` when the worker died or could not be started. A canceled job's worker is killed. */
  async run(job: UnpackJob, signal: AbortSignal, arriving?: ArrivingBlob): Promise<void> {
    return this.#limit.run(signal, async () => {
      if (this.#closed) throw new Problem("canceled", "the image store is closing");
      const worker = this.#idle.pop() ?? this.#start();
      if (!arriving) return await this.#runOn(worker, job, signal);
      const lost = new AbortController();
      const both = AbortSignal.any([signal, lost.signal]);
      const done = this.#runOn(worker, { ...job, arrivingBytes: arriving.sizeBytes }, both);
      report(worker.process, arriving, both).catch((thrown) => lost.abort(thrown));
      this.#watch(arriving, lost);
      return await done.finally(() => lost.abort());
    });
  }

  /** Of all workers, busy or idle. */
  processIds(): readonly number[] {
    return [...this.#all].flatMap((worker) => worker.process.pid ?? []);
  }

  /** A download that hangs, or is slow, does not keep others from unpacking: it is unpacked when it is here. */
  #watch(arriving: ArrivingBlob, lost: AbortController): void {
    let reachedBytes = 0;
    const look = (): void => {
      if (lost.signal.aborted) return;
      const { readableBytes } = arriving;
      const isSlow = readableBytes < arriving.sizeBytes && readableBytes - reachedBytes < leastBytesPerLook;
      if (isSlow && this.#limit.isContended)
        lost.abort(new Problem("canceled", "the download is slow, and others wait"));
      reachedBytes = readableBytes;
      this.#options.clock.after(lookEveryMs, look);
    };
    this.#options.clock.after(lookEveryMs, look);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const ends = [...this.#all].map(
      (worker) =>
        new Promise<void>((resolve) => {
          if (worker.process.exitCode !== null || worker.process.signalCode !== null) resolve();
          else worker.process.once("exit", () => resolve());
        }),
    );
    for (const worker of this.#all) worker.process.kill("SIGKILL");
    await Promise.all(ends);
  }

  #start(): Worker {
    const child = fork(this.#options.workerPath, [], {
      execArgv: workerFlags,
      ...(this.#options.execPath !== undefined && { execPath: this.#options.execPath }),
      env: {},
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    const worker: Worker = { process: child };
    this.#all.add(worker);
    child.once("exit", () => this.#gone(worker));
    // Of a process that never was; otherwise `exit` follows.
    child.on("error", () => child.pid === undefined && this.#gone(worker));
    return worker;
  }

  #gone(worker: Worker): void {
    this.#all.delete(worker);
    worker.idleTimer?.cancel();
    const at = this.#idle.indexOf(worker);
    if (at >= 0) this.#idle.splice(at, 1);
  }

  #runOn(worker: Worker, job: UnpackJob, signal: AbortSignal): Promise<void> {
    worker.idleTimer?.cancel();
    const child = worker.process;
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        signal.removeEventListener("abort", onAbort);
        child.off("message", onMessage);
        child.off("exit", onExit);
        child.off("error", onError);
        finish();
      };
      const onAbort = (): void => {
        child.kill("SIGKILL");
        // Only when it is gone is nobody writing any more.
        child.once("exit", () => settle(() => reject(Problem.from(signal.reason))));
      };
      const onExit = (code: number | null, killedBy: string | null): void => {
        if (signal.aborted) return;
        const how = killedBy === null ? `exit code ${code}` : killedBy;
        settle(() => reject(new Problem("unavailable", `the process that unpacks images ended with ${how}`)));
      };
      const onError = (thrown: Error): void => {
        if (child.pid !== undefined) return;
        const message = `the process that unpacks images could not be started: ${thrown.message}`;
        settle(() => reject(new Problem("unavailable", message)));
      };
      const onMessage = (answer: UnpackAnswer): void => {
        settle(() => {
          this.#park(worker);
          if ("done" in answer) resolve();
          else reject(new Problem(answer.problem.code, answer.problem.message, answer.problem));
        });
      };
      child.on("message", onMessage);
      child.on("exit", onExit);
      child.on("error", onError);
      signal.addEventListener("abort", onAbort, { once: true });
      if (signal.aborted) onAbort();
      else child.send(job, (thrown) => thrown && child.kill("SIGKILL"));
    });
  }

  #park(worker: Worker): void {
    this.#idle.push(worker);
    worker.idleTimer = this.#options.clock.after(this.#options.idleMs ?? defaultIdleMs, () =>
      worker.process.disconnect(),
    );
  }
}

/** Tells the worker how far the blob has come. */
async function report(child: ChildProcess, arriving: ArrivingBlob, signal: AbortSignal): Promise<void> {
  for (let readableBytes = 0; readableBytes < arriving.sizeBytes; ) {
    readableBytes = await arriving.beyond(readableBytes, signal);
    const news: UnpackNews = { readableBytes };
    if (child.connected) child.send(news, () => undefined); // its end is heard of elsewhere
  }
}
