/** Layers as EROFS images: `erofs/HEX.erofs` each, its record inside; mounted at `mounts/HEX` while somebody uses it. */
import { mkdir, open, readdir, rename, rmdir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "#proto/kit/logger.ts";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { crc32 } from "../../../host/crc32.ts";
import { exists, makeDirectory, syncDirectory, syncFile } from "../../../host/files.ts";
import { detachLoopDevice, loopDevicesBelow } from "../../../host/loop-devices.ts";
import { listMounts, mountsBelow } from "../../../host/mounts.ts";
import { forgetCachedPages, unmount } from "../../../host/syscalls.ts";
import { isDigest } from "../../reference.ts";
import { hexOf, type LayerStorage, type StorageKey, type StoredLayer, type VerifyProgress } from "../layer-storage.ts";
import type { LayerFinding } from "../layer-store.ts";
import type { ErofsMount } from "./erofs-mount.ts";
import { readTrailer } from "./trailer.ts";

export interface ErofsStorageOptions {
  readonly directory: string;
  readonly mount: ErofsMount;
  readonly logger: Logger;
}

const suffix = ".erofs";

export class ErofsStorage implements LayerStorage {
  readonly format = "erofs";
  readonly #options: ErofsStorageOptions;
  readonly #attached = new Set<StorageKey>();

  private constructor(options: ErofsStorageOptions) {
    this.#options = options;
  }

  /** Finds what a predecessor has mounted. */
  static async open(options: ErofsStorageOptions): Promise<ErofsStorage> {
    const storage = new ErofsStorage(options);
    for (const name of ["erofs", "corrections", "mounts"]) await makeDirectory(join(options.directory, name));
    const mounts = join(options.directory, "mounts");
    const mounted = new Set((await mountsBelow(mounts)).map((entry) => entry.mountPoint));
    for (const name of await readdir(mounts)) {
      if (mounted.has(join(mounts, name))) storage.#attached.add(keyOfMount(name));
      else await rmdir(join(mounts, name));
    }
    await storage.#detachStrayDevices();
    return storage;
  }

  async scan(): Promise<ReadonlyMap<string, StoredLayer>> {
    const found = new Map<string, StoredLayer>();
    const folder = join(this.#options.directory, "erofs");
    for (const name of await readdir(folder)) {
      const key: StorageKey = `sha256:${name.replace(suffix, "")}`;
      try {
        const { record } = readTrailer(join(folder, name));
        if (!isDigest(key) || record.diffId !== key) throw new Error(`the record is of ${record.diffId}`);
        found.set(key, { sizeBytes: record.sizeBytes });
      } catch (thrown) {
        // Not ours to trust: it goes, and the next pull brings it back.
        this.#options.logger.warn({ layer: name, err: thrown }, "removing a layer without a valid record");
        await unlink(join(folder, name));
      }
    }
    return found;
  }

  async adopt(key: StorageKey, path: string): Promise<StoredLayer> {
    const { record } = readTrailer(path);
    await syncFile(path);
    await this.detach(key);
    await rename(path, this.#file(key));
    await syncDirectory(join(this.#file(key), ".."));
    return { sizeBytes: record.sizeBytes };
  }

  async has(key: StorageKey): Promise<boolean> {
    return exists(this.#file(key));
  }

  async attach(key: StorageKey): Promise<string> {
    const target = this.#mountPoint(key);
    if (this.#attached.has(key)) return target;
    await mkdir(target, { recursive: true, mode: 0o700 });
    try {
      this.#options.mount(this.#file(key), target);
    } catch (thrown) {
      await rmdir(target);
      if (errnoOf(thrown) === undefined) throw thrown;
      throw new Problem("unavailable", `layer ${key} cannot be mounted: ${errnoOf(thrown)}`, {
        cause: thrown,
        hint: "see the kernel's log; `orchctl image verify` tells whether the layer is damaged",
      });
    }
    this.#attached.add(key);
    return target;
  }

  async detach(key: StorageKey): Promise<void> {
    if (!this.#attached.delete(key)) return;
    const target = this.#mountPoint(key);
    try {
      unmount(target, { lazy: true }); // what overlayfs shows of it stays
    } catch (thrown) {
      if (errnoOf(thrown) !== "EINVAL") throw thrown; // somebody was faster
    }
    await rmdir(target);
  }

  async attached(): Promise<readonly StorageKey[]> {
    return [...this.#attached];
  }

  async corrections(): Promise<readonly StorageKey[]> {
    const names = await readdir(join(this.#options.directory, "corrections"));
    return names.map((name): StorageKey => `chain:${name.replace(suffix, "")}`);
  }

  async implicitDirectories(key: StorageKey): Promise<ReadonlySet<string>> {
    return new Set(readTrailer(this.#file(key)).record.implicitDirectories);
  }

  async remove(key: StorageKey): Promise<void> {
    await this.detach(key);
    await unlink(this.#file(key)).catch(ignoreMissing);
  }

  async verifiedBytes(key: StorageKey): Promise<number> {
    return (await stat(this.#file(key)).catch(ignoreMissing))?.size ?? 0;
  }

  async verify(
    key: StorageKey,
    signal: AbortSignal,
    onProgress: VerifyProgress,
  ): Promise<LayerFinding["damaged"] | string> {
    const path = this.#file(key);
    const file = await open(path, "r").catch(ignoreMissing);
    if (!file) return "its file is missing";
    try {
      forgetCachedPages(file.fd); // what is on the disk counts
      const { segments } = readTrailer(path);
      const damaged: { offset: number; length: number }[] = [];
      for (const { offset, length, crc } of segments) {
        signal.throwIfAborted();
        const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
        if (bytesRead !== length || crc32(buffer) !== crc) damaged.push({ offset, length });
        onProgress(length);
      }
      return damaged;
    } catch (thrown) {
      if (signal.aborted) throw Problem.from(signal.reason);
      return thrown instanceof Error ? thrown.message : String(thrown);
    } finally {
      await file.close();
    }
  }

  /** Mounts stay: containers use them. */
  async close(): Promise<void> {}

  /** Devices that nobody has mounted, left by a crash in the moment between. */
  async #detachStrayDevices(): Promise<void> {
    const mounted = new Set((await listMounts()).map((entry) => entry.source));
    for (const device of await loopDevicesBelow(this.#options.directory)) {
      if (!mounted.has(device.path)) detachLoopDevice(device.path);
    }
  }

  #file(key: StorageKey): string {
    const folder = key.startsWith("chain:") ? "corrections" : "erofs";
    return join(this.#options.directory, folder, `${hexOf(key)}${suffix}`);
  }

  #mountPoint(key: StorageKey): string {
    return join(this.#options.directory, "mounts", key.startsWith("chain:") ? `chain-${hexOf(key)}` : hexOf(key));
  }
}

function keyOfMount(name: string): StorageKey {
  return name.startsWith("chain-") ? `chain:${name.slice("chain-".length)}` : `sha256:${name}`;
}

function ignoreMissing(thrown: unknown): undefined {
  if (errnoOf(thrown) === "ENOENT") return undefined;
  throw thrown;
}
