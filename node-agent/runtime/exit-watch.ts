/** Tells when conmon writes an exit file. One inotify instance for all containers of the node. */
import { type FSWatcher, watch } from "node:fs";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import { parseContainerId } from "./container-id.ts";

export class ExitWatch {
  readonly #directory: string;
  readonly #logger: Logger;
  readonly #handlers = new Set<(id: string) => void>();
  #watcher: FSWatcher | undefined;

  constructor(directory: string, logger: Logger) {
    this.#directory = directory;
    this.#logger = logger;
  }

  /** Problem `unavailable` when the machine's inotify instances have run out. */
  start(): void {
    try {
      this.#watcher = watch(this.#directory, { persistent: false }, (_event, name) => {
        // conmon writes a temporary file first and renames it: only whole names count
        if (name !== null && parseContainerId(name)) this.notify(name);
      });
    } catch (thrown) {
      throw new Problem(
        "unavailable",
        "containers' ends cannot be watched: this machine's inotify limits are reached",
        {
          hint: "raise the kernel parameters fs.inotify.max_user_instances and fs.inotify.max_user_watches",
          cause: thrown,
        },
      );
    }
    this.#watcher.on("error", (thrown) => this.#logger.error({ error: thrown }, "the watch on exit files failed"));
  }

  notify(id: string): void {
    for (const handler of this.#handlers) handler(id);
  }

  onExit(handler: (id: string) => void): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  close(): void {
    this.#watcher?.close();
    this.#handlers.clear();
  }
}
