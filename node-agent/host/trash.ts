/**
 * Deletes trees behind everything else: whoever gives one away waits for a rename only. From then on it is gone, also after a crash: a
 * successor empties the folder.
 */
import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, Timer } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { errnoOf } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { emptyDirectory, removeTree } from "./files.ts";

export interface TrashOptions {
  /** On the file system of what is thrown away. */
  readonly directory: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** What hurries, as the end of many pods, is done by then. */
const delayMs = 2_000;

export class Trash {
  readonly #options: TrashOptions;
  #waiting: string[] = [];
  #timer: Timer | undefined;
  #emptying: Promise<void> = Promise.resolve();

  private constructor(options: TrashOptions) {
    this.#options = options;
  }

  /** Removes what a predecessor left. */
  static async open(options: TrashOptions): Promise<Trash> {
    await emptyDirectory(options.directory);
    return new Trash(options);
  }

  /** A name of its own in the folder. */
  place(): string {
    return join(this.#options.directory, this.#options.random.uuid());
  }

  /** What is not there is gone already. */
  async take(path: string): Promise<void> {
    const place = this.place();
    try {
      await rename(path, place);
    } catch (thrown) {
      if (errnoOf(thrown) === "ENOENT") return;
      throw thrown;
    }
    this.#waiting.push(place);
    this.#timer ??= this.#options.clock.after(delayMs, () => void this.empty());
  }

  /** Resolves when all that was taken so far is deleted. What cannot be is told in the log, and tried again by a successor. */
  async empty(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    const paths = this.#waiting;
    this.#waiting = [];
    this.#emptying = this.#emptying.then(async () => {
      for (const path of paths)
        await removeTree(path).catch((thrown: unknown) =>
          this.#options.logger.warn({ path, error: thrown }, "what was thrown away could not be deleted"),
        );
    });
    await this.#emptying;
  }
}
