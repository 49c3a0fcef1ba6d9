/**
 * The control plane's own etcd: started as a detached child, adopted when a predecessor left it running, started again when
 * it ends. It outlives this process on purpose: `kill -9` of the control plane leaves the store alone.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { backoffMs } from "#proto/kit/backoff.ts";
import { type Clock, sleep } from "#proto/kit/clock.ts";
import { holdEventLoop } from "#proto/kit/hold-event-loop.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import type { EtcdEndpoints } from "../store/etcd-endpoints.ts";
import { rangePath, rangeRequest } from "../store/etcd-messages.ts";
import { defaultQuotaBytes, type EtcdMember, etcdArguments, etcdEnvironment } from "./etcd-command.ts";
import { lastWords, openLog } from "./etcd-log.ts";
import { EtcdMaintenance } from "./maintenance.ts";
import { findRunningEtcd, isStillRunning, type RunningProcess, readProcess, signalProcess } from "./running-etcd.ts";

export interface EmbeddedEtcdOptions {
  /** Absolute path; see `find-binary.ts`. */
  readonly binary: string;
  readonly member: EtcdMember;
  readonly logFile: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** A client of this etcd, for health and maintenance. Closed by `stop` and `leaveRunning`. */
  readonly endpoints: EtcdEndpoints;
  /** process.kill */
  readonly kill: (pid: number, signal: string) => void;
}

const restartBackoff = { initialMs: 200, maxMs: 15_000 };
/** A process that ran this long was well: the next restart is quick again. */
const wellAfterMs = 60_000;
/** Reading a large log back takes its time; while the process lives it is waited for. */
const startTimeoutMs = 120_000;
const stopTimeoutMs = 10_000;
const failuresBeforeGivingUp = 3;

interface Member {
  readonly process: RunningProcess;
  /** Resolves when the process has ended. */
  readonly gone: Promise<void>;
}

export class EmbeddedEtcd {
  readonly #options: EmbeddedEtcdOptions;
  readonly #stopping = new AbortController();
  #member: Member | undefined;
  #supervising: Promise<void> | undefined;
  #maintenance: EtcdMaintenance | undefined;

  constructor(options: EmbeddedEtcdOptions) {
    this.#options = options;
  }

  /** Of the process now running. */
  get pid(): number | undefined {
    return this.#member?.process.pid;
  }

  /** A write was refused for want of space: it is looked after soon. */
  wasFull(): void {
    this.#maintenance?.ask();
  }

  /** Adopts or starts etcd and resolves when it answers; from then on it is kept running. */
  async start(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    const starting = AbortSignal.any([signal, this.#stopping.signal]);
    for (let failures = 0; ; ) {
      try {
        this.#member = await this.#adoptOrSpawn(starting);
        break;
      } catch (thrown) {
        if (starting.aborted || ++failures >= failuresBeforeGivingUp) throw thrown;
        await sleep(clock, backoffMs(restartBackoff, failures, random), starting);
      }
    }
    const { endpoints, logger, member } = this.#options;
    const quotaBytes = member.quotaBytes ?? defaultQuotaBytes;
    const maintenance = new EtcdMaintenance({ endpoints, clock, logger, quotaBytes });
    this.#maintenance = maintenance;
    await maintenance.relieve(starting).catch((thrown: unknown) => {
      logger.warn({ error: Problem.from(thrown).message }, "whether etcd is full could not be learned");
    });
    const loops = [this.#supervise(this.#member, this.#stopping.signal), maintenance.run(this.#stopping.signal)];
    this.#supervising = Promise.all(loops).then(() => undefined);
  }

  /** Ends the supervision and etcd itself. */
  async stop(): Promise<void> {
    await this.leaveRunning();
    await holdEventLoop(this.#endRunning());
  }

  /** Ends the supervision; the next control plane adopts what runs on. */
  async leaveRunning(): Promise<void> {
    this.#stopping.abort(new Problem("canceled", "etcd's supervision stops"));
    await this.#supervising;
    this.#options.endpoints.close();
  }

  async #supervise(first: Member, signal: AbortSignal): Promise<void> {
    const { clock, random, logger } = this.#options;
    let member: Member | undefined = first;
    let sinceMs = clock.monotonicMs();
    for (let attempt = 0; !signal.aborted; attempt++) {
      if (member) {
        await Promise.race([member.gone, aborted(signal)]);
        if (signal.aborted) return;
        if (clock.monotonicMs() - sinceMs > wellAfterMs) attempt = 0;
        logger.error({ pid: member.process.pid }, "etcd ended; starting it again");
      }
      try {
        if (attempt > 0) await sleep(clock, backoffMs(restartBackoff, attempt, random), signal);
        member = await this.#adoptOrSpawn(signal);
        this.#member = member;
        sinceMs = clock.monotonicMs();
      } catch (thrown) {
        member = undefined;
        if (!signal.aborted) logger.error({ error: Problem.from(thrown).message }, "etcd does not start");
      }
    }
  }

  async #adoptOrSpawn(signal: AbortSignal): Promise<Member> {
    const { member: settings, logger } = this.#options;
    const found = await findRunningEtcd(settings.dataDir);
    if (found && sameArguments(found.arguments, etcdArguments(settings))) {
      const adopted: Member = { process: found, gone: this.#ended(found) };
      await this.#answering(adopted, signal);
      logger.info({ pid: found.pid }, "adopted the running etcd");
      return adopted;
    }
    if (found) {
      logger.info({ pid: found.pid }, "etcd runs with other settings; starting it anew");
      await this.#end(found);
    }
    const started = await this.#spawn();
    await this.#answering(started, signal);
    logger.info({ pid: started.process.pid }, "etcd started");
    return started;
  }

  async #spawn(): Promise<Member> {
    const { binary, member, logFile } = this.#options;
    await mkdir(member.dataDir, { recursive: true, mode: 0o700 });
    const log = await openLog(logFile);
    try {
      const child = spawn(binary, etcdArguments(member), {
        cwd: dirname(member.dataDir),
        detached: true,
        env: etcdEnvironment(availableParallelism()),
        stdio: ["ignore", log.fd, log.fd],
      });
      const gone = exited(child);
      child.unref();
      const process = child.pid === undefined ? undefined : await readProcess(child.pid);
      if (!process) {
        await gone;
        throw await this.#doesNotStart();
      }
      return { process, gone };
    } finally {
      await log.close();
    }
  }

  async #answering(member: Member, signal: AbortSignal): Promise<void> {
    const { clock, endpoints } = this.#options;
    const deadlineMs = clock.monotonicMs() + startTimeoutMs;
    const ended = new AbortController();
    void member.gone.then(() => ended.abort());
    const waiting = AbortSignal.any([signal, ended.signal]);
    while (clock.monotonicMs() < deadlineMs && !ended.signal.aborted) {
      try {
        // A linearizable read: etcd is of use once it has a leader, not as soon as it listens.
        await endpoints.call(
          "whether it is ready",
          endpoints.ask(rangePath, rangeRequest({ key: Buffer.from("ready") })),
          waiting,
        );
        return;
      } catch (thrown) {
        if (signal.aborted || Problem.is(thrown, "forbidden")) throw thrown;
      }
      await sleep(clock, 50, waiting).catch(() => undefined);
    }
    throw await this.#doesNotStart();
  }

  /** An adopted process is no child of ours: its death shows as the end of a connection to it. */
  async #ended(process: RunningProcess): Promise<void> {
    const { clock, endpoints } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted && (await isStillRunning(process))) {
      await endpoints.untilBroken(signal).catch(() => undefined);
      await sleep(clock, 200, signal).catch(() => undefined);
    }
  }

  /** Also one that was being started while the supervision ended. */
  async #endRunning(): Promise<void> {
    const running = await findRunningEtcd(this.#options.member.dataDir);
    if (running) await this.#end(running);
    this.#member = undefined;
  }

  async #end(running: RunningProcess): Promise<void> {
    const { clock, kill } = this.#options;
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      await signalProcess(running, signal, kill);
      const deadlineMs = clock.monotonicMs() + stopTimeoutMs;
      while (clock.monotonicMs() < deadlineMs) {
        if (!(await isStillRunning(running))) return;
        await sleep(clock, 50);
      }
    }
    throw new Problem("internal", `etcd (pid ${running.pid}) does not end`);
  }

  async #doesNotStart(): Promise<Problem> {
    const { logFile } = this.#options;
    const words = await lastWords(logFile);
    return new Problem("unavailable", `etcd does not start${words === "" ? "" : `: ${words}`}`, {
      hint: `Its log is ${logFile}.`,
    });
  }
}

function exited(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function sameArguments(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((argument, i) => argument === right[i]);
}
