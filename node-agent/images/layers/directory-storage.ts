/** Layers as plain directories: `sha256/HEX/{fs, layer.json, checksums}`. For kernels without EROFS. */
import { open, readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { Logger } from "#proto/kit/logger.ts";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { exists, makeDirectory, removeTree, syncDirectory } from "../../host/files.ts";
import { forgetCachedPages } from "../../host/syscalls.ts";
import { isDigest } from "../reference.ts";
import { type FileChecksum, parseChecksum } from "./directory-checksums.ts";
import { checksumsName, recordName, treeName } from "./directory-output.ts";
import type { RecordStart } from "./layer-output.ts";
import { hexOf, type LayerStorage, type StorageKey, type StoredLayer, type VerifyProgress } from "./layer-storage.ts";
import type { LayerFinding } from "./layer-store.ts";
import { TreeRoot } from "./tree-path.ts";

export interface DirectoryStorageOptions {
  readonly directory: string;
  readonly random: Random;
  readonly logger: Logger;
}

const readBytes = 256 * 1024;

export class DirectoryStorage implements LayerStorage {
  readonly format = "directory";
  readonly #options: DirectoryStorageOptions;
  readonly #removals = new Set<Promise<void>>();

  private constructor(options: DirectoryStorageOptions) {
    this.#options = options;
  }

  static async open(options: DirectoryStorageOptions): Promise<DirectoryStorage> {
    for (const name of ["sha256", "parents", "tmp"]) await makeDirectory(join(options.directory, name));
    return new DirectoryStorage(options);
  }

  async scan(): Promise<ReadonlyMap<string, StoredLayer>> {
    const found = new Map<string, StoredLayer>();
    for (const hex of await readdir(join(this.#options.directory, "sha256"))) {
      const key: StorageKey = `sha256:${hex}`;
      try {
        const record = await this.#record(key);
        if (!isDigest(key) || record.diffId !== key) throw new Error(`the record is of ${record.diffId}`);
        found.set(key, { sizeBytes: record.sizeBytes });
      } catch (thrown) {
        // Not ours to trust: it goes, and the next pull brings it back.
        this.#options.logger.warn({ layer: key, err: thrown }, "removing a layer without a valid record");
        await removeTree(this.#directory(key));
      }
    }
    return found;
  }

  async adopt(key: StorageKey, path: string): Promise<StoredLayer> {
    const target = this.#directory(key);
    await rename(target, this.#trash()).catch(ignoreMissing);
    await rename(path, target);
    await syncDirectory(join(target, ".."));
    this.#emptyTrash();
    return { sizeBytes: (await this.#record(key)).sizeBytes };
  }

  async has(key: StorageKey): Promise<boolean> {
    return exists(this.#directory(key));
  }

  async attach(key: StorageKey): Promise<string> {
    return join(this.#directory(key), treeName);
  }

  /** Directories need no mounts. */
  async detach(): Promise<void> {}

  async attached(): Promise<readonly StorageKey[]> {
    return [];
  }

  async corrections(): Promise<readonly StorageKey[]> {
    const names = await readdir(join(this.#options.directory, "parents"));
    return names.map((name): StorageKey => `chain:${name}`);
  }

  async implicitDirectories(key: StorageKey): Promise<ReadonlySet<string>> {
    return new Set((await this.#record(key)).implicitDirectories);
  }

  async remove(key: StorageKey): Promise<void> {
    await rename(this.#directory(key), this.#trash()).catch(ignoreMissing); // from here on it is gone, also after a crash
    this.#emptyTrash();
  }

  async verifiedBytes(key: StorageKey): Promise<number> {
    return (await this.#record(key).catch(() => undefined))?.sizeBytes ?? 0;
  }

  async verify(
    key: StorageKey,
    signal: AbortSignal,
    onProgress: VerifyProgress,
  ): Promise<LayerFinding["damaged"] | string> {
    const path = join(this.#directory(key), checksumsName);
    const text = await readFile(path, "utf8").catch(ignoreMissing);
    if (text === undefined) return "it has no checksums: an older version of the agent unpacked it";
    const root = new TreeRoot(join(this.#directory(key), treeName));
    try {
      for (const line of text.split("\n")) {
        signal.throwIfAborted();
        const checksum = line === "" ? undefined : parseChecksum(line);
        const damage = checksum && (await damageOf(root, checksum, onProgress));
        if (damage !== undefined) return damage;
      }
      return [];
    } catch (thrown) {
      if (signal.aborted) throw Problem.from(signal.reason);
      return thrown instanceof Error ? thrown.message : String(thrown);
    }
  }

  /** Removals that were begun end first. */
  async close(): Promise<void> {
    await Promise.all(this.#removals);
  }

  #emptyTrash(): void {
    const removal = this.#removeTrash().catch((thrown: unknown) => {
      this.#options.logger.warn({ err: thrown }, "a removed layer's files could not all be deleted");
    });
    this.#removals.add(removal);
    void removal.finally(() => this.#removals.delete(removal));
  }

  async #removeTrash(): Promise<void> {
    const folder = join(this.#options.directory, "tmp");
    for (const name of await readdir(folder)) if (name.startsWith("removed-")) await removeTree(join(folder, name));
  }

  async #record(key: StorageKey): Promise<RecordStart> {
    return JSON.parse(await readFile(join(this.#directory(key), recordName), "utf8")) as RecordStart;
  }

  #directory(key: StorageKey): string {
    return join(this.#options.directory, key.startsWith("chain:") ? "parents" : "sha256", hexOf(key));
  }

  #trash(): string {
    return join(this.#options.directory, "tmp", `removed-${this.#options.random.uuid()}`);
  }
}

/** What is wrong with a file; undefined when nothing is. */
async function damageOf(root: TreeRoot, of: FileChecksum, onProgress: VerifyProgress): Promise<string | undefined> {
  const printable = JSON.stringify(Buffer.from(of.name, "latin1").toString());
  const file = await open(root.path(of.name), "r").catch(ignoreMissing);
  if (!file) return `the file ${printable} is missing`;
  try {
    forgetCachedPages(file.fd); // what is on the disk counts
    const buffer = Buffer.alloc(readBytes);
    for (const run of of.runs) {
      let crc = 0;
      for (let done = 0; done < run.length; ) {
        const wanted = Math.min(readBytes, run.length - done);
        const { bytesRead } = await file.read(buffer, 0, wanted, run.offset + done);
        if (bytesRead === 0) return `the file ${printable} is cut`;
        crc = crc32(buffer.subarray(0, bytesRead), crc);
        done += bytesRead;
        onProgress(bytesRead);
      }
      if (crc !== run.crc) return `the file ${printable} is not what was written`;
    }
    return undefined;
  } finally {
    await file.close();
  }
}

function ignoreMissing(thrown: unknown): undefined {
  if (errnoOf(thrown) === "ENOENT") return undefined;
  throw thrown;
}
