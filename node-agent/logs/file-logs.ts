/** Container logs as files that conmon writes, below DIRECTORY/POD_UID/CONTAINER/ATTEMPT.log. */
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Clock, Timer } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { childPath, removeTree } from "../host/files.ts";
import type { ContainerLogs, GoneQuery, LogChunks, LogQuery } from "./container-logs.ts";
import type { GoneLogs, PodName } from "./gone-logs.ts";
import { defaultLogLimits, type RotationLimits } from "./log-limits.ts";
import { readLog } from "./log-reader.ts";
import { rotateLog } from "./log-rotation.ts";
import { listAttempts } from "./log-segments.ts";

export interface LogKey {
  readonly podUid: string;
  readonly container: string;
  readonly attempt: number;
}

export interface FileLogsOptions {
  readonly directory: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Makes the writer of this log open its path anew. False when nobody writes it any more. */
  readonly reopen: (key: LogKey) => Promise<boolean>;
  /** Where logs go when their pod is gone; without it they are removed. */
  readonly gone?: GoneLogs;
  /** Default 10 MiB × 5. */
  readonly rotation?: RotationLimits;
  /** How often sizes are looked at. Default 10 s. */
  readonly checkEveryMs?: number;
}

const defaultCheckEveryMs = 10_000;

/** A flood is looked at this often at most. */
const hurriedMs = 100;
/** What fills a segment in less is not compressed. */
const hurriedBelowMs = 2_000;

interface KnownLog {
  readonly key: LogKey;
  readonly ended: AbortController;
  /** When and how large it was last seen. */
  seen: { readonly atMs: number; readonly bytes: number } | undefined;
}

export class FileLogs implements ContainerLogs {
  readonly #options: FileLogsOptions;
  /** Logs that may be written to, by path. */
  readonly #known = new Map<string, KnownLog>();
  #timer: Timer | undefined;
  #isStopped = false;

  constructor(options: FileLogsOptions) {
    this.#options = options;
  }

  /** Finds the logs a predecessor left, and starts to watch sizes. */
  async start(): Promise<void> {
    await mkdir(this.#options.directory, { recursive: true, mode: 0o700 });
    for (const podUid of await this.list()) {
      for (const container of await subdirectories(childPath(this.#options.directory, podUid))) {
        const attempt = (await listAttempts(this.#containerDirectory(podUid, container))).at(-1);
        if (attempt !== undefined) this.#track({ podUid, container, attempt });
      }
    }
    this.#schedule();
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  pathFor(podUid: string, container: string, attempt: number): string {
    const key = { podUid, container, attempt };
    this.#track(key);
    return this.#path(key);
  }

  read(query: LogQuery, signal: AbortSignal): LogChunks {
    const path = this.#path(query);
    const known = this.#known.get(path);
    return readLog(
      {
        logPath: path,
        // Nobody will write to a log that is not known as open: following it would never end.
        follow: query.follow && known !== undefined,
        ended: known?.ended.signal ?? AbortSignal.abort(),
        tailLines: query.tailLines,
        sinceMs: query.sinceMs,
        timestamps: query.timestamps,
        limitBytes: query.limitBytes,
      },
      signal,
    );
  }

  ended(podUid: string, container: string, attempt: number): void {
    const path = this.#path({ podUid, container, attempt });
    this.#known.get(path)?.ended.abort();
    this.#known.delete(path);
  }

  async prune(podUid: string, container: string, keep: number): Promise<void> {
    const directory = this.#containerDirectory(podUid, container);
    const attempts = await listAttempts(directory);
    const old = attempts.slice(0, Math.max(0, attempts.length - keep));
    for (const attempt of old) {
      this.ended(podUid, container, attempt);
      const prefix = basename(this.#path({ podUid, container, attempt }));
      for (const name of await readdir(directory)) {
        if (name === prefix || name.startsWith(`${prefix}.`)) await rm(join(directory, name), { force: true });
      }
    }
  }

  async remove(podUid: string, pod?: PodName): Promise<void> {
    for (const { key } of this.#known.values()) {
      if (key.podUid === podUid) this.ended(key.podUid, key.container, key.attempt);
    }
    const directory = childPath(this.#options.directory, podUid);
    const { gone, logger } = this.#options;
    if (pod && gone) {
      try {
        return await gone.keep(directory, podUid, pod);
      } catch (thrown) {
        // A full disk must not keep a pod from going.
        if (errnoOf(thrown) !== "ENOENT")
          logger.warn({ pod: podUid, error: thrown }, "logs of a pod could not be kept");
      }
    }
    await removeTree(directory);
  }

  async readGone(
    query: GoneQuery,
    signal: AbortSignal,
  ): Promise<{ readonly goneAtMs: number; readonly log: LogChunks }> {
    const { gone } = this.#options;
    const object = `Pod ${query.namespace}/${query.pod}`;
    const found = gone?.find(query.namespace, query.pod);
    if (!gone || !found)
      throw new Problem("not-found", `no logs of pod ${query.pod} are kept on this node`, { object });
    const container = query.container || (found.containers[0] ?? "");
    const logPath = await gone.pathOf(found, container, query.previous);
    if (logPath === undefined) {
      const which = query.previous ? "an earlier run of " : "";
      throw new Problem("bad-request", `no log of ${which}container ${container} of pod ${query.pod} is kept`, {
        object,
        hint: `Its containers were: ${found.containers.join(", ")}.`,
      });
    }
    const { tailLines, sinceMs, timestamps, limitBytes } = query;
    const options = { logPath, follow: false, ended: AbortSignal.abort(), tailLines, sinceMs, timestamps, limitBytes };
    return { goneAtMs: found.goneAtMs, log: readLog(options, signal) };
  }

  list(): Promise<readonly string[]> {
    return subdirectories(this.#options.directory);
  }

  /**
   * Rotates what has grown too large. Runs by itself every so often: the answer says when to look again, sooner the faster some log
   * grows.
   */
  async checkSizes(): Promise<number> {
    const { rotation = defaultLogLimits.rotation, checkEveryMs = defaultCheckEveryMs, clock, logger } = this.#options;
    let nextMs = checkEveryMs;
    for (const [path, known] of this.#known) {
      const { key } = known;
      try {
        const fullInMs = await untilFull(path, known, rotation.maxBytes, clock.monotonicMs());
        const reopen = (): Promise<boolean> => this.#options.reopen(key);
        await rotateLog(path, { ...rotation, clock, reopen, isHurried: fullInMs < hurriedBelowMs });
        nextMs = Math.min(nextMs, fullInMs);
      } catch (thrown) {
        logger.warn({ ...key, error: thrown }, "cannot rotate a container's log");
      }
    }
    return Math.max(nextMs, Math.min(hurriedMs, checkEveryMs));
  }

  #schedule(delayMs = this.#options.checkEveryMs ?? defaultCheckEveryMs): void {
    if (this.#isStopped) return;
    this.#timer = this.#options.clock.after(delayMs, () => {
      this.checkSizes().then(
        (nextMs) => this.#schedule(nextMs),
        () => this.#schedule(),
      );
    });
  }

  #track(key: LogKey): void {
    const path = this.#path(key);
    if (!this.#known.has(path)) this.#known.set(path, { key, ended: new AbortController(), seen: undefined });
  }

  #containerDirectory(podUid: string, container: string): string {
    return childPath(childPath(this.#options.directory, podUid), container);
  }

  #path(key: LogKey): string {
    return join(this.#containerDirectory(key.podUid, key.container), `${key.attempt}.log`);
  }
}

/** How long a log that starts anew would take to be full again, as fast as it grew since the last look. */
async function untilFull(path: string, known: KnownLog, maxBytes: number, nowMs: number): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  const before = known.seen;
  const bytes = found?.size ?? 0;
  known.seen = { atMs: nowMs, bytes: bytes < maxBytes ? bytes : 0 };
  // Smaller than before: somebody began it anew.
  const grown = before === undefined || bytes < before.bytes ? bytes : bytes - before.bytes;
  const tookMs = (before && nowMs - before.atMs) || defaultCheckEveryMs;
  const left = bytes < maxBytes ? maxBytes - bytes : maxBytes;
  return grown === 0 ? Number.POSITIVE_INFINITY : (left / grown) * tookMs;
}

async function subdirectories(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
