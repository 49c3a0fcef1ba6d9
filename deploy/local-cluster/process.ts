/** One supervised program: started detached so that it outlives its supervisor, found again by pid file and start time. */
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { backoffMs } from "#proto/kit/backoff.ts";
import type { Clock } from "#proto/kit/clock.ts";
import { sleep } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { errnoOf } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";

export interface ProgramSpec {
  readonly name: string;
  readonly command: readonly string[];
  readonly pidFile: string;
  readonly logFile: string;
  /** Runs before each start, for what a restart needs anew. */
  readonly prepare?: () => Promise<void>;
}

interface Dependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

const restartBackoff = { initialMs: 200, maxMs: 10_000 };
/** A program that ran this long starts its back-off anew. */
const healthyAfterMs = 10_000;
/** Adopted programs are no children of ours: their end is seen by looking. */
const adoptedCheckMs = 1000;

export class SupervisedProgram {
  readonly spec: ProgramSpec;
  readonly #dependencies: Dependencies;
  #wanted = false;
  #failures = 0;
  #loop: Promise<void> | undefined;
  #wake: AbortController | undefined;

  constructor(spec: ProgramSpec, dependencies: Dependencies) {
    this.spec = spec;
    this.#dependencies = dependencies;
  }

  /** How often in a row it ended before it had run for long. */
  get failures(): number {
    return this.#failures;
  }

  get pid(): number | undefined {
    return readLivePid(this.spec.pidFile);
  }

  /** Keeps the program running until `stop`. Adopts one that already runs. */
  start(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#wake = new AbortController();
    this.#loop = this.#supervise(this.#wake.signal);
  }

  /** Ends the program with `signal` (then SIGKILL after `graceMs`) and does not start it again. */
  async stop(signal: NodeJS.Signals = "SIGTERM", graceMs = 15_000): Promise<void> {
    this.#wanted = false;
    const { pid } = this;
    if (pid !== undefined) await endProcess(pid, this.#dependencies.clock, signal, graceMs);
    this.#wake?.abort();
    await this.#loop;
    rmSync(this.spec.pidFile, { force: true });
  }

  /** Stops supervising and leaves the program running. */
  async release(): Promise<void> {
    this.#wanted = false;
    this.#wake?.abort();
    await this.#loop;
  }

  async #supervise(signal: AbortSignal): Promise<void> {
    const { clock, random, logger } = this.#dependencies;
    for (let attempt = 0; this.#wanted; attempt++) {
      const startedAtMs = clock.monotonicMs();
      try {
        await this.#runOnce(signal);
      } catch (thrown) {
        if (!signal.aborted)
          logger.error({ program: this.spec.name, err: String(thrown) }, "program could not be started");
      }
      if (!this.#wanted || signal.aborted) return;
      if (clock.monotonicMs() - startedAtMs > healthyAfterMs) attempt = 0;
      this.#failures = attempt + 1;
      const delayMs = backoffMs(restartBackoff, attempt, random);
      logger.warn({ program: this.spec.name, delayMs }, "program ended; starting it again");
      await sleep(clock, delayMs, signal).catch(() => undefined);
    }
  }

  async #runOnce(signal: AbortSignal): Promise<void> {
    const adopted = this.pid;
    if (adopted !== undefined) {
      this.#dependencies.logger.info({ program: this.spec.name, pid: adopted }, "program adopted");
      while (this.#wanted && !signal.aborted && readLivePid(this.spec.pidFile) === adopted) {
        await sleep(this.#dependencies.clock, adoptedCheckMs, signal).catch(() => undefined);
      }
      return;
    }
    await this.spec.prepare?.();
    await new Promise<void>((resolve, reject) => {
      mkdirSync(dirname(this.spec.logFile), { recursive: true, mode: 0o700 });
      const log = openSync(this.spec.logFile, "a", 0o600);
      const [program = "", ...args] = this.spec.command;
      const child = spawn(program, args, { detached: true, stdio: ["ignore", log, log], cwd: "/" });
      closeSync(log);
      child.once("error", reject);
      child.once("spawn", () => {
        if (child.pid === undefined) return;
        writePid(this.spec.pidFile, child.pid);
        this.#dependencies.logger.info({ program: this.spec.name, pid: child.pid }, "program started");
      });
      child.once("exit", () => resolve());
      signal.addEventListener("abort", () => resolve(), { once: true });
      child.unref();
    });
  }
}

/** Field 22 of /proc/PID/stat: with the pid it names a process for ever. */
export function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT" || errnoOf(thrown) === "ESRCH") return undefined;
    throw thrown;
  }
}

export function writePid(path: string, pid: number): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, `${pid} ${startTimeOf(pid) ?? ""}\n`, { mode: 0o600 });
}

/** The pid in the file, if exactly that process still runs. */
export function readLivePid(path: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
  const [pid, startTime] = text.trim().split(" ");
  return pid && startTime && startTimeOf(Number(pid)) === startTime ? Number(pid) : undefined;
}

export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (thrown) {
    if (errnoOf(thrown) !== "ESRCH") throw thrown;
  }
}

export async function endProcess(pid: number, clock: Clock, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  const startTime = startTimeOf(pid);
  const runs = (): boolean => startTime !== undefined && startTimeOf(pid) === startTime;
  if (!runs()) return;
  signalProcess(pid, signal);
  const untilMs = clock.monotonicMs() + graceMs;
  while (runs() && clock.monotonicMs() < untilMs) await sleepHard(clock, 20);
  if (!runs()) return;
  signalProcess(pid, "SIGKILL");
  const killUntilMs = clock.monotonicMs() + 5000;
  while (runs() && clock.monotonicMs() < killUntilMs) await sleepHard(clock, 20);
}

/** Like `sleep`, but keeps this process alive meanwhile. */
function sleepHard(clock: Clock, delayMs: number): Promise<void> {
  const hold = setInterval(() => undefined, 60_000);
  return sleep(clock, delayMs).finally(() => clearInterval(hold));
}

/** The embedded etcd of a control plane, found by the data directory among its arguments. */
export function etcdPidOf(controlPlaneData: string): number | undefined {
  const wanted = `--data-dir=${controlPlaneData}/etcd`;
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const pid = Number(name);
    if (argumentsOf(pid).includes(wanted) && startTimeOf(pid) !== undefined) return pid;
  }
  return undefined;
}

function argumentsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT" || errnoOf(thrown) === "ESRCH") return [];
    throw thrown;
  }
}
