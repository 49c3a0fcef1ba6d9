/** Root filesystems by overlayfs: `rootfs/CONTAINER/{upper, work, merged, rootfs.json}` below the data directory. */
import { existsSync } from "node:fs";
import { chmod, chown, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chdir, cwd } from "node:process";
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import type { RootfsDetails } from "#proto/resources/container-request.ts";
import type { AgentFaults } from "../fault-points.ts";
import { diskProblem } from "../host/disk-problem.ts";
import { childPath, exists, makeDirectory, removeTree } from "../host/files.ts";
import { mountIdmapped } from "../host/idmapped-mount.ts";
import { isMountPoint, unmountBelow } from "../host/mounts.ts";
import { detachMountsElsewhere, mount } from "../host/syscalls.ts";
import { Trash } from "../host/trash.ts";
import type { Image, RootfsStore, RootfsUsers } from "./image-store.ts";
import type { LayerStore } from "./layers/layer-store.ts";

export interface OverlayRootfsOptions {
  readonly directory: string;
  readonly layers: LayerStore;
  readonly random: Random;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly faults?: AgentFaults | undefined;
}

/** mount(2) takes one page of options, the closing NUL included. */
const maxMountDataBytes = 4095 - ",volatile".length;
/** Never depend on how the kernel was built. A layer must not redirect lookups. */
const overlayOptions = "index=off,metacopy=off,redirect_dir=nofollow";
const trashName = ".trash";
const recordName = "rootfs.json";
const mappedName = "lower";

export class OverlayRootfsStore implements RootfsStore {
  readonly #options: OverlayRootfsOptions;
  readonly #trash: Trash;
  readonly #using = new Map<string, readonly string[]>();

  private constructor(options: OverlayRootfsOptions, trash: Trash) {
    this.#options = options;
    this.#trash = trash;
  }

  static async open(options: OverlayRootfsOptions): Promise<OverlayRootfsStore> {
    if (/[:,\\\n]/.test(options.directory)) {
      throw new Problem(
        "bad-request",
        `the data directory ${JSON.stringify(options.directory)} cannot hold root filesystems`,
        {
          hint: "choose a path without comma, colon and backslash: overlayfs gives them a meaning",
        },
      );
    }
    await makeDirectory(options.directory);
    const trash = await Trash.open({ ...options, directory: join(options.directory, trashName) });
    const store = new OverlayRootfsStore(options, trash);
    for (const containerId of await store.list()) await store.#adopt(containerId);
    await options.layers.resume(store.#using);
    return store;
  }

  async prepare(containerId: string, image: Image, users?: RootfsUsers): Promise<string> {
    try {
      return await this.#prepare(containerId, image, users);
    } catch (thrown) {
      throw diskProblem(thrown, "make a container's root filesystem");
    }
  }

  async #prepare(containerId: string, image: Image, users: RootfsUsers | undefined): Promise<string> {
    const directory = childPath(this.#options.directory, containerId);
    const merged = join(directory, "merged");
    this.#using.set(containerId, image.diffIds); // before anything else: a layer in use is never removed
    if (await exists(directory)) {
      if (await isMountPoint(merged)) return merged;
      await this.#discard(directory); // left by a power failure: what was written is not to be trusted
    }
    const { root, directories } = await this.#options.layers.acquire(containerId, image.diffIds);
    await mkdir(directory, { mode: 0o700 });
    await this.#options.faults?.at("rootfs:directory");
    await writeFile(join(directory, recordName), JSON.stringify({ diffIds: image.diffIds }));
    for (const name of ["upper", "work", "merged"]) await mkdir(join(directory, name));
    // The upper directory is the root that the container sees.
    const first = users?.first ?? 0;
    await chown(join(directory, "upper"), first + root.uid, first + root.gid);
    await chmod(join(directory, "upper"), root.mode);
    if (users) await this.#mountMapped(directory, merged, directories, users);
    else await this.#mount(directory, merged, directories);
    await this.#options.faults?.at("rootfs:mounted");
    return merged;
  }

  async remove(containerId: string): Promise<void> {
    await this.#discard(childPath(this.#options.directory, containerId));
    await this.#options.layers.release(containerId);
    this.#using.delete(containerId);
  }

  purge(): Promise<void> {
    return this.#trash.empty();
  }

  /** Renamed first: from then on it is gone, also after a crash. */
  async #discard(directory: string): Promise<void> {
    await detachMountsElsewhere(join(directory, "merged")); // by name: the mount table of a node full of pods is long
    // Layers that were being mapped when the agent was killed: what is removed below must not be theirs.
    if (existsSync(join(directory, mappedName))) await unmountBelow(join(directory, mappedName));
    await this.#options.faults?.at("rootfs:unmounted");
    await this.#trash.take(directory);
    await this.#options.faults?.at("rootfs:in-trash");
  }

  async list(): Promise<readonly string[]> {
    return (await readdir(this.#options.directory)).filter((name) => !name.startsWith("."));
  }

  async describe(containerId: string): Promise<RootfsDetails | undefined> {
    const layers = this.#using.get(containerId);
    const directory = childPath(this.#options.directory, containerId);
    if (!layers || !(await exists(join(directory, "upper")))) return undefined;
    const { directories } = await this.#options.layers.acquire(containerId, layers); // it has them: they are named again
    if (!this.#using.has(containerId)) await this.#options.layers.release(containerId); // removed meanwhile
    return { merged: join(directory, "merged"), upper: join(directory, "upper"), layers, layerPaths: directories };
  }

  /** DiffIDs of the layers below any root filesystem that exists, or is being made. */
  layersInUse(): ReadonlySet<string> {
    return new Set([...this.#using.values()].flat());
  }

  /** What a predecessor left, mounted or not. */
  async #adopt(containerId: string): Promise<void> {
    const path = join(this.#options.directory, containerId, recordName);
    const record = await readFile(path, "utf8").catch(() => "{}");
    try {
      const { diffIds = [] } = JSON.parse(record) as { readonly diffIds?: readonly string[] };
      this.#using.set(containerId, diffIds);
    } catch {
      // Cut by a power failure: then nothing is mounted either.
    }
  }

  /** overlayfs takes the layers as they are mapped, and holds on to them. */
  async #mountMapped(directory: string, merged: string, layers: readonly string[], users: RootfsUsers): Promise<void> {
    const mapped = layers.map((layer, index) => ({ layer, place: join(directory, mappedName, String(index)) }));
    for (const { layer, place } of mapped) {
      await mkdir(place, { recursive: true });
      mountIdmapped(layer, place, users.namespace, { readOnly: true });
    }
    await this.#mount(
      directory,
      merged,
      mapped.map(({ place }) => place),
    );
    await unmountBelow(join(directory, mappedName));
  }

  async #mount(directory: string, merged: string, baseFirst: readonly string[]): Promise<void> {
    // overlayfs wants the topmost first, and at least one lower directory.
    const lower = baseFirst.length > 0 ? baseFirst.toReversed() : [await this.#empty()];
    const upper = `upperdir=${join(directory, "upper")},workdir=${join(directory, "work")},${overlayOptions}`;
    const data = `lowerdir=${lower.join(":")},${upper}`;
    if (Buffer.byteLength(data) <= maxMountDataBytes) {
      mountOverlay(merged, data);
      return;
    }
    await this.#mountByShortNames(merged, lower, upper);
  }

  /** Many layers do not fit the page of options by their full paths, so links with short names are mounted from their directory. */
  async #mountByShortNames(merged: string, lower: readonly string[], upper: string): Promise<void> {
    const links = this.#trash.place();
    await mkdir(links, { mode: 0o700 });
    try {
      for (const [index, path] of lower.entries()) await symlink(path, join(links, index.toString(36)));
      const names = lower.map((_, index) => index.toString(36)).join(":");
      const before = cwd();
      // No other code runs between these three calls.
      chdir(links);
      try {
        mountOverlay(merged, `lowerdir=${names},${upper}`);
      } finally {
        chdir(before);
      }
    } finally {
      await removeTree(links);
    }
  }

  async #empty(): Promise<string> {
    const path = join(this.#options.directory, trashName, "empty");
    if (!(await exists(path))) await mkdir(path, { recursive: true, mode: 0o755 });
    return path;
  }
}

/**
 * `volatile`: the writable layer ends with its container, so nothing of it need reach the disk. Without it every unmount waits until the
 * whole file system below is synced. Kernels before 5.10 do not know it.
 */
function mountOverlay(target: string, options: string): void {
  const mounted = [`${options},volatile`, options].some((data) => {
    try {
      mount({ source: "overlay", target, type: "overlay", data });
      return true;
    } catch (thrown) {
      if (errnoOf(thrown) === "EINVAL" || errnoOf(thrown) === "ENODEV") return false;
      throw thrown;
    }
  });
  if (mounted) return;
  throw new Problem("unavailable", `overlayfs cannot be mounted at ${target}`, {
    hint: "the kernel needs overlayfs, and the data directory a local file system as ext4, xfs or btrfs: overlay and NFS do not do",
  });
}
