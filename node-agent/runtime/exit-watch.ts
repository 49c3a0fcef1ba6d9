/** Tells when conmon writes an exit file. One inotify instance for all containers of the node. */
import { type FSWatcher, watch } from "node:fs";
import type { Logger } from "#proto/kit/logger.ts";
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

  /** Problem-free only when the directory exists; throws Node's error when inotify instances have run out. */
  start(): void {
    this.#watcher = watch(this.#directory, { persistent: false }, (_event, name) => {
      // conmon writes a temporary file first and renames it: only whole names count
      if (name !== null && parseContainerId(name)) this.notify(name);
    });
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
