/**
 * The ConfigMaps and Secrets that pods here refer to, so that containers can be restarted while the control plane is away.
 * Only ever on tmpfs, 0600: Secret values must not reach a disk.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";

export interface ObjectChange {
  readonly key: string;
  /** undefined = no longer needed. */
  readonly object: KubeObject | undefined;
}

export class ObjectCache {
  readonly #directory: string;
  readonly #logger: Logger;
  #writing: Promise<void> = Promise.resolve();

  constructor(directory: string, logger: Logger) {
    this.#directory = directory;
    this.#logger = logger;
  }

  async load(): Promise<readonly KubeObject[]> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const objects: KubeObject[] = [];
    for (const name of await readdir(this.#directory)) {
      const path = join(this.#directory, name);
      try {
        objects.push(JSON.parse(await readFile(path, "utf8")) as KubeObject);
      } catch {
        await rm(path, { force: true }); // half-written; the control plane sends it again
      }
    }
    return objects;
  }

  /** In order, in the background. A failure costs only a restart without control plane. */
  apply(changes: readonly ObjectChange[]): void {
    if (changes.length === 0) return;
    this.#writing = this.#writing
      .then(() => this.#write(changes))
      .catch((thrown: unknown) => {
        this.#logger.warn({ error: Problem.from(thrown).message }, "assigned objects could not be kept for a restart");
      });
  }

  close(): Promise<void> {
    return this.#writing;
  }

  async #write(changes: readonly ObjectChange[]): Promise<void> {
    for (const { key, object } of changes) {
      const path = join(this.#directory, createHash("sha256").update(key).digest("hex").slice(0, 40));
      if (!object) {
        await rm(path, { force: true });
        continue;
      }
      await writeFile(`${path}.tmp`, JSON.stringify(object), { mode: 0o600 });
      await rename(`${path}.tmp`, path);
    }
  }
}
