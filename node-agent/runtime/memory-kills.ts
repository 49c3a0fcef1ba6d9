/**
 * Processes that the kernel killed for memory while their container runs on: only its own counter tells. conmon leaves a file in the
 * bundle when the container's memory ran out; that is heard of, not asked for.
 */
import { type FSWatcher, watch } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, Timer } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { readInMemory } from "../host/memory-files.ts";
import { bundleFiles } from "./conmon.ts";
import type { MemoryKill } from "./container-runtime.ts";

export interface MemoryKillsOptions {
  readonly bundle: (id: string) => string;
  /** The kernel's count for a container; undefined when its cgroup is gone. */
  readonly count: (id: string) => Promise<number | undefined>;
  readonly isRunning: (id: string) => Promise<boolean>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const toldFile = "memory-kills-told";
/** When the first process was the one that was killed, its end is told instead. */
const settleMs = 500;

export class MemoryKills {
  readonly #options: MemoryKillsOptions;
  readonly #handlers = new Set<(kill: MemoryKill) => void>();
  readonly #watches = new Map<string, FSWatcher>();
  readonly #timers = new Map<string, Timer>();

  constructor(options: MemoryKillsOptions) {
    this.#options = options;
  }

  onKill(handler: (kill: MemoryKill) => void): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  /** From its creation, or its adoption: what happened while nobody looked is told then. */
  watch(id: string): void {
    if (this.#watches.has(id)) return;
    const { bundle, logger } = this.#options;
    try {
      const watcher = watch(bundle(id), { persistent: false }, (_, name) => {
        if (name === bundleFiles.oom) this.#lookSoon(id);
      });
      watcher.on("error", () => this.forget(id));
      this.#watches.set(id, watcher);
    } catch (thrown) {
      logger.warn({ container: id, error: thrown }, "kills for memory inside this container will not be told");
    }
    this.#lookSoon(id);
  }

  forget(id: string): void {
    this.#watches.get(id)?.close();
    this.#watches.delete(id);
    this.#timers.get(id)?.cancel();
    this.#timers.delete(id);
  }

  close(): void {
    for (const id of [...this.#watches.keys()]) this.forget(id);
  }

  #lookSoon(id: string): void {
    if (this.#timers.has(id)) return;
    const timer = this.#options.clock.after(settleMs, () => {
      this.#timers.delete(id);
      this.#look(id).catch((thrown: unknown) =>
        this.#options.logger.warn({ container: id, error: thrown }, "kills for memory could not be counted"),
      );
    });
    this.#timers.set(id, timer);
  }

  async #look(id: string): Promise<void> {
    const { bundle, count, isRunning } = this.#options;
    const total = (await count(id)) ?? 0;
    const told = toldKills(bundle(id));
    if (total <= told || !(await isRunning(id))) return;
    await writeFile(join(bundle(id), toldFile), String(total), { mode: 0o600 });
    // The next one makes the file anew, or nothing would be heard of it.
    await rename(join(bundle(id), bundleFiles.oom), join(bundle(id), `${bundleFiles.oom}.told`)).catch(() => undefined);
    if (!this.#watches.has(id)) return;
    for (const handler of this.#handlers) handler({ id, processes: total - told });
  }
}

/** How many were told while the container ran. */
export function toldKills(bundle: string): number {
  return Number(readInMemory(join(bundle, toldFile)) ?? 0) || 0;
}
