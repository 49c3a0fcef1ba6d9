/**
 * Volumes of this node. What holds data stands in the data directory, `DIRECTORY/UID/VOLUME`; what is secret or can be made again is
 * memory only, below the run directory, `RUN/UID/VOLUME`.
 */
import { createHash } from "node:crypto";
import { chmod, chown, mkdir, readdir, stat, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import type { Pod, Volume } from "#proto/resources/pod.ts";
import { podLimit } from "#proto/resources/pod-peak.ts";
import { toBytes } from "#proto/resources/quantity.ts";
import type { AgentFaults } from "../fault-points.ts";
import { diskProblem } from "../host/disk-problem.ts";
import { childPath, exists, makeDirectory, removeTree } from "../host/files.ts";
import { isMountPoint, unmountBelow } from "../host/mounts.ts";
import { mount, unmount } from "../host/syscalls.ts";
import { writeAtomically } from "./atomic-writer.ts";
import { prepareHostPath } from "./host-path.ts";
import { type Payload, type PayloadSources, volumePayload } from "./payload.ts";
import { openSubPath } from "./sub-path.ts";
import type { PodObjects, PreparedVolume, VolumeStore } from "./volume-store.ts";

export interface LocalVolumeStoreOptions {
  readonly directory: string;
  readonly runDirectory: string;
  readonly random: Random;
  readonly resourceValue: PayloadSources["resourceValue"];
  readonly faults?: AgentFaults | undefined;
}

const tmpfsMagic = 0x01021994;
const subPathsName = ".sub-paths"; // no volume can have this name

export class LocalVolumeStore implements VolumeStore {
  readonly #options: LocalVolumeStoreOptions;
  /** Pods for which there was nothing to make: of most there is nothing to look for either. */
  readonly #without = new Set<string>();

  private constructor(options: LocalVolumeStoreOptions) {
    this.#options = options;
  }

  /** The run directory must be memory: where it is not, a tmpfs is mounted there. */
  static async open(options: LocalVolumeStoreOptions): Promise<LocalVolumeStore> {
    await makeDirectory(options.directory);
    await makeDirectory(options.runDirectory);
    if ((await statfs(options.runDirectory)).type !== tmpfsMagic) {
      const data = "mode=0700";
      mount({
        source: "orch",
        target: options.runDirectory,
        type: "tmpfs",
        flags: ["nosuid", "nodev", "noexec"],
        data,
      });
    }
    return new LocalVolumeStore(options);
  }

  async prepare(pod: Pod, objects: PodObjects): Promise<readonly PreparedVolume[]> {
    const prepared: PreparedVolume[] = [];
    if (!pod.spec.volumes?.length) this.#without.add(pod.metadata.uid ?? "");
    for (const volume of pod.spec.volumes ?? []) {
      const made = await this.#prepare(pod, volume, objects).catch((thrown) => {
        throw diskProblem(thrown, `make volume ${volume.name}`);
      });
      prepared.push(made);
      await this.#options.faults?.at("volumes:one-made");
    }
    return prepared;
  }

  async refresh(pod: Pod, objects: PodObjects): Promise<void> {
    for (const volume of pod.spec.volumes ?? []) {
      const payload = volumePayload(volume, { pod, objects, resourceValue: this.#options.resourceValue });
      const directory = this.#runPath(pod, volume);
      if (payload && (await exists(directory))) await this.#write(pod, directory, payload);
    }
  }

  async subPath(podUid: string, volume: PreparedVolume, subPath: string): Promise<string> {
    const key = createHash("sha256").update(`${volume.name}\0${subPath}`).digest("hex").slice(0, 32);
    const parent = join(childPath(this.#options.runDirectory, podUid), subPathsName);
    const target = join(parent, key);
    await mkdir(parent, { recursive: true, mode: 0o700 });
    const found = openSubPath(volume.path, subPath);
    try {
      const [wanted, present] = [await stat(found.source), await stat(target).catch(() => undefined)];
      if (present && present.dev === wanted.dev && present.ino === wanted.ino) return target;
      if (await isMountPoint(target)) unmount(target, { lazy: true });
      await removeTree(target);
      if (found.isDirectory) await mkdir(target);
      else await writeFile(target, "");
      mount({ source: found.source, target, flags: ["bind", "rec"] });
      return target;
    } finally {
      found.close();
    }
  }

  async remove(podUid: string): Promise<void> {
    for (const root of this.#without.delete(podUid) ? [] : this.#roots()) {
      const directory = childPath(root, podUid);
      const isThere = await exists(directory);
      if (isThere) await unmountBelow(directory);
      await this.#options.faults?.at("volumes:unmounted");
      if (isThere) await removeTree(directory);
    }
  }

  async list(): Promise<readonly string[]> {
    const names = await Promise.all(this.#roots().map((root) => readdir(root)));
    return [...new Set(names.flat())];
  }

  async #prepare(pod: Pod, volume: Volume, objects: PodObjects): Promise<PreparedVolume> {
    const { name, hostPath, emptyDir } = volume;
    if (hostPath) {
      await prepareHostPath(hostPath.path, hostPath.type ?? "", name);
      const isDevice = hostPath.type === "CharDevice" || hostPath.type === "BlockDevice";
      return { name, path: hostPath.path, readOnly: false, ...(isDevice && { isDevice }) };
    }
    if (emptyDir) {
      const path = await this.#emptyDir(pod, volume, emptyDir);
      return { name, path, readOnly: false };
    }
    const payload = volumePayload(volume, { pod, objects, resourceValue: this.#options.resourceValue });
    if (!payload) throw new Problem("unsupported", `volume ${name} is of a kind that this node does not support`);
    const directory = this.#runPath(pod, volume);
    await this.#write(pod, directory, payload);
    return { name, path: directory, readOnly: true };
  }

  async #write(pod: Pod, directory: string, payload: Payload): Promise<void> {
    const fsGroup = pod.spec.securityContext?.fsGroup;
    await this.#podDirectory(this.#options.runDirectory, pod);
    await mkdir(directory, { recursive: true, mode: 0o755 });
    await own(directory, 0o755, fsGroup);
    await writeAtomically({ directory, payload, fsGroup, random: this.#options.random });
  }

  async #emptyDir(pod: Pod, volume: Volume, source: NonNullable<Volume["emptyDir"]>): Promise<string> {
    const fsGroup = pod.spec.securityContext?.fsGroup;
    const memory = memoryFileSystem(pod, volume, source);
    const root = memory ? this.#options.runDirectory : this.#options.directory;
    const path = join(await this.#podDirectory(root, pod), childName(volume));
    const isNew = (await mkdir(path, { recursive: true, mode: 0o777 })) !== undefined;
    if (memory && !(await isMountPoint(path))) {
      mount({ source: "orch", target: path, flags: ["nosuid", "nodev"], ...memory });
      await own(path, 0o777, fsGroup);
    } else if (isNew) await own(path, 0o777, fsGroup);
    return path;
  }

  #roots(): readonly string[] {
    return [this.#options.directory, this.#options.runDirectory];
  }

  #runPath(pod: Pod, volume: Volume): string {
    return join(childPath(this.#options.runDirectory, pod.metadata.uid ?? ""), childName(volume));
  }

  async #podDirectory(root: string, pod: Pod): Promise<string> {
    const directory = childPath(root, pod.metadata.uid ?? "");
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return directory;
  }
}

interface MemoryFileSystem {
  readonly type: "tmpfs" | "hugetlbfs";
  readonly data: string;
}

/** What an emptyDir that is not on disk is made of; undefined for one on disk. */
function memoryFileSystem(
  { spec }: Pod,
  { name }: Volume,
  { medium = "", sizeLimit }: NonNullable<Volume["emptyDir"]>,
): MemoryFileSystem | undefined {
  if (medium === "") return undefined;
  if (medium === "Memory") {
    // What is in it counts as the pod's memory: full is better than killed.
    const sizes = [sizeLimit === undefined ? undefined : toBytes(sizeLimit), podLimit(spec, "memory", toBytes)];
    const least = Math.min(...sizes.filter((size) => size !== undefined));
    return { type: "tmpfs", data: `mode=0777${Number.isFinite(least) ? `,size=${Math.max(4096, least)}` : ""}` };
  }
  const page = hugePageSize(spec, medium);
  if (page === undefined)
    throw new Problem("unsupported", `volume ${name}: emptyDir has no medium ${JSON.stringify(medium)}`);
  const limit = sizeLimit === undefined ? "" : `,size=${toBytes(sizeLimit)}`;
  return { type: "hugetlbfs", data: `mode=0777,pagesize=${page}${limit}` };
}

/** As the kernel spells it: `HugePages-2Mi` is 2M; without a size it is the one that the pod asks for. */
function hugePageSize(spec: Pod["spec"], medium: string): string | undefined {
  const [, wanted] = /^HugePages(?:-(\d+[KMG])i)?$/.exec(medium) ?? [];
  if (wanted !== undefined || !medium.startsWith("HugePages")) return wanted;
  const asked = [spec, ...spec.containers].flatMap(({ resources }) => Object.keys(resources?.limits ?? {}));
  return asked.map((name) => /^hugepages-(\d+[KMG])i$/.exec(name)?.[1]).find((size) => size !== undefined);
}

/** With a group, new files belong to it too. */
async function own(path: string, mode: number, fsGroup: number | undefined): Promise<void> {
  if (fsGroup !== undefined) await chown(path, 0, fsGroup);
  await chmod(path, fsGroup === undefined ? mode : mode | 0o2070);
}

function childName(volume: Volume): string {
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(volume.name)) {
    throw new Problem("invalid", `${JSON.stringify(volume.name)} cannot be the name of a volume`);
  }
  return volume.name;
}
