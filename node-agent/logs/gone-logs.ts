/**
 * Logs of pods that are gone from this node, kept for a while: below DIRECTORY/POD_UID as they were, with a note of whose they are. Bounded
 * by age and by size: the oldest go first.
 */
import { mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, Timer } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { errnoOf } from "#proto/kit/problem.ts";
import { childPath, removeTree } from "../host/files.ts";
import { defaultLogLimits, type GoneLimits } from "./log-limits.ts";
import { listAttempts } from "./log-segments.ts";

export interface PodName {
  readonly namespace: string;
  readonly name: string;
  /** Its own first. */
  readonly containers: readonly string[];
}

export interface GonePod extends PodName {
  readonly uid: string;
  readonly goneAtMs: number;
}

export interface GoneLogsOptions extends Partial<GoneLimits> {
  readonly directory: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Kept extends GonePod {
  /** Counted when somebody asks how much there is. */
  bytes: number | undefined;
}

const noteName = "pod.json";
const checkEveryMs = 10 * 60_000;
/** Many pods that go together are looked at together, behind their end. */
const pruneAfterMs = 1_000;

export class GoneLogs {
  readonly #options: GoneLogsOptions;
  /** Oldest first. */
  #kept: Kept[] = [];
  #timer: Timer | undefined;
  #soon: Timer | undefined;
  #isStopped = false;

  constructor(options: GoneLogsOptions) {
    this.#options = options;
  }

  /** Finds what a predecessor kept. */
  async start(): Promise<void> {
    const { directory } = this.#options;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const found = await Promise.all((await readdir(directory)).map((uid) => this.#read(uid)));
    this.#kept = found.filter((kept) => kept !== undefined).toSorted((a, b) => a.goneAtMs - b.goneAtMs);
    await this.prune();
    this.#schedule();
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#soon?.cancel();
  }

  /** Takes the logs of a pod over from where they are. Called again after a crash halfway it goes on. */
  async keep(from: string, uid: string, pod: PodName): Promise<void> {
    const { directory, clock } = this.#options;
    const gone: GonePod = { ...pod, uid, goneAtMs: clock.nowMs() };
    await writeFile(join(from, noteName), JSON.stringify(gone), { mode: 0o600 });
    const to = childPath(directory, uid);
    await rename(from, to).catch(async (thrown: unknown) => {
      if (errnoOf(thrown) !== "ENOTEMPTY" && errnoOf(thrown) !== "EEXIST") throw thrown;
      await removeTree(to);
      await rename(from, to);
    });
    this.#kept = this.#kept.filter((kept) => kept.uid !== uid);
    this.#kept.push({ ...gone, bytes: undefined });
    this.#pruneSoon();
  }

  /** The one that went last, of several of the same name. */
  find(namespace: string, name: string): GonePod | undefined {
    return this.#kept.findLast((kept) => kept.namespace === namespace && kept.name === name);
  }

  /** Of the container's last run, or of the one before. Undefined when there is none. */
  async pathOf({ uid }: GonePod, container: string, previous: boolean): Promise<string | undefined> {
    const directory = childPath(childPath(this.#options.directory, uid), container);
    const attempt = (await listAttempts(directory)).at(previous ? -2 : -1);
    return attempt === undefined ? undefined : join(directory, `${attempt}.log`);
  }

  async prune(): Promise<void> {
    const { directory, clock, maxAgeMs, maxBytes } = { ...defaultLogLimits.gone, ...this.#options };
    let bytes = 0;
    for (const kept of this.#kept) {
      kept.bytes ??= await sizeOf(childPath(directory, kept.uid)).catch(() => 0); // taken away meanwhile
      bytes += kept.bytes;
    }
    for (const kept of [...this.#kept]) {
      if (clock.nowMs() - kept.goneAtMs < maxAgeMs && bytes <= maxBytes) continue;
      await removeTree(childPath(directory, kept.uid));
      this.#kept = this.#kept.filter((one) => one !== kept);
      bytes -= kept.bytes ?? 0;
    }
  }

  async #read(uid: string): Promise<Kept | undefined> {
    const path = childPath(this.#options.directory, uid);
    try {
      const gone = JSON.parse(await readFile(join(path, noteName), "utf8")) as GonePod;
      return { ...gone, uid, bytes: await sizeOf(path) };
    } catch {
      // Without its note nobody can ask for it.
      await removeTree(path);
      return undefined;
    }
  }

  #pruneSoon(): void {
    this.#soon ??= this.#options.clock.after(pruneAfterMs, () => {
      this.#soon = undefined;
      void this.#tryPrune();
    });
  }

  #schedule(): void {
    if (this.#isStopped) return;
    this.#timer = this.#options.clock.after(checkEveryMs, () => {
      void this.#tryPrune().finally(() => this.#schedule());
    });
  }

  async #tryPrune(): Promise<void> {
    await this.prune().catch((error: unknown) => this.#options.logger.warn({ error }, "old logs could not be removed"));
  }
}

async function sizeOf(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
