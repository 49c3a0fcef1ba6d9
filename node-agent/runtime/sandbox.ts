/**
 * Pods' namespaces, kept alive as pinned files: no pause container. Found again by directory names alone.
 */
import { chownSync, mkdirSync, rmSync, statfsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import type { AgentFaults } from "../fault-points.ts";
import { readInMemory, statInMemory, writeInMemory } from "../host/memory-files.ts";
import { unmountBelow } from "../host/mounts.ts";
import { type NamespaceKind, pinNewNamespaces } from "../host/namespaces.ts";
import { findProgram, runProgram } from "../host/programs.ts";
import { detachMountsElsewhere, mount } from "../host/syscalls.ts";
import { type IdRange, pinUserNamespace } from "../host/user-namespace.ts";
import { podCgroup, podsGroup } from "./cgroup-names.ts";
import { Cgroups } from "./cgroups.ts";
import { defaultRuntimeLimits, type NodeLimits, type RuntimeLimits } from "./container-resources.ts";
import type { Sandbox, SandboxNames, SandboxRuntime, SandboxSpec } from "./container-runtime.ts";
import { hostsFile, resolvConf } from "./etc-files.ts";
import { type HostFacts, readHostFacts } from "./host-facts.ts";
import { podCgroupLimits } from "./pod-limits.ts";
import { RuntimePaths } from "./runtime-paths.ts";
import { checkSysctls } from "./sandbox-sysctls.ts";
import { letThrough } from "./staging.ts";
import { readUserRange, UserRanges } from "./user-ranges.ts";

export interface NamespaceSandboxesOptions {
  readonly runDirectory: string;
  readonly cgroupRoot: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: RuntimeLimits;
  /** For all pods together, where some of the node's is kept from them. */
  readonly podsMemoryBytes?: number | undefined;
  readonly faults?: AgentFaults | undefined;
}

const namespaceFileSystem = 0x6e736673; // NSFS_MAGIC
const helperTimeoutMs = 10_000;
const etcBytes = 1024 * 1024;
const sharedMemoryBytes = 64 * 1024 * 1024;
const pinned = ["network", "ipc", "uts"] as const;
type Pinned = (typeof pinned)[number];

export class NamespaceSandboxes implements SandboxRuntime {
  readonly #options: NamespaceSandboxesOptions;
  readonly #paths: RuntimePaths;
  readonly #cgroups: Cgroups;
  #ranges = new UserRanges();
  readonly #limits: NodeLimits;

  private constructor(options: NamespaceSandboxesOptions, cgroups: Cgroups, host: HostFacts) {
    this.#options = options;
    this.#paths = new RuntimePaths(options.runDirectory);
    this.#cgroups = cgroups;
    this.#limits = { ...(options.limits ?? defaultRuntimeLimits), ...host };
  }

  static async open(options: NamespaceSandboxesOptions): Promise<NamespaceSandboxes> {
    const sandboxes = new NamespaceSandboxes(options, await Cgroups.open(options.clock), await readHostFacts());
    await sandboxes.#paths.make();
    await sandboxes.#limitAllPods();
    const folder = sandboxes.#paths.sandboxes;
    sandboxes.#ranges = await UserRanges.read((await readdir(folder)).map((name) => join(folder, name)));
    await sandboxes.#removeHalfMade();
    return sandboxes;
  }

  /** Without a limit of its own a container has no swap either, and together they leave alone what is kept for the system. */
  async #limitAllPods(): Promise<void> {
    const { cgroupRoot, podsMemoryBytes } = this.#options;
    const hasNoSwap = this.#limits.swapBehavior === "NoSwap";
    await this.#cgroups.limit(podsGroup(cgroupRoot), {
      ...(hasNoSwap && (this.#limits.cgroupVersion === 1 ? { swappiness: 0 } : { swapBytes: 0 })),
      ...(podsMemoryBytes !== undefined && { memoryBytes: podsMemoryBytes }),
    });
  }

  /**
   * What a predecessor was killed over: listed, it would pass for a sandbox to adopt. Nothing runs in one of these yet; where something
   * does, only the record was harmed.
   */
  async #removeHalfMade(): Promise<void> {
    for (const podUid of await readdir(this.#paths.sandboxes)) {
      try {
        const directory = this.#paths.sandbox(podUid);
        if (readSpec(directory)) continue;
        const processes = await this.#cgroups.processes(this.#cgroupOf(podUid));
        if (processes.size === 0) await this.remove(podUid);
        else writeSpec(directory, specFoundIn(directory, podUid));
      } catch (thrown) {
        if (Problem.is(thrown, "bad-request")) continue; // not one of ours
        this.#options.logger.warn({ pod: podUid, error: String(thrown) }, "a half-made sandbox could not be removed");
      }
    }
  }

  async create(spec: SandboxSpec): Promise<Sandbox> {
    const { faults } = this.#options;
    checkSysctls(spec.sysctls, spec);
    this.#cgroups.expectMove();
    const found = await this.find(spec.podUid);
    if (found) return found;
    const directory = this.#paths.sandbox(spec.podUid);
    if (statInMemory(directory)) await this.#clear(directory); // a predecessor died halfway
    mkdirSync(directory, { mode: 0o700 });
    // A mount of its own, for all that is mounted in it to go with it: the kernel makes whoever detaches wait, each time.
    mount({ source: directory, target: directory, flags: ["bind"] });
    await faults?.at("sandbox:directory");
    const range = spec.ownUsers ? await this.#giveUsers(directory) : undefined;
    // Containers write here: on a file system of their own they cannot fill the node's.
    mountMemory(join(directory, "etc"), { mode: "755", sizeBytes: etcBytes });
    const own = ownNamespaces(spec);
    const files = new Map(own.map((name) => [unshareName[name], join(directory, name)]));
    for (const file of files.values()) writeInMemory(file, "", 0o600);
    if (range) await this.#pinWithUsers(directory, files, range);
    else pinNewNamespaces(files);
    await faults?.at("sandbox:namespaces");
    await this.#applySysctls(directory, own, spec.sysctls);
    // POSIX shared memory is one for the pod's containers, like its IPC namespace.
    if (!spec.hostIpc) mountMemory(join(directory, "shm"), { mode: "1777", sizeBytes: sharedMemoryBytes });
    writeInMemory(join(directory, "etc", "hostname"), `${spec.hostname}\n`);
    if (spec.pod) await this.#cgroups.limit(this.#cgroupOf(spec.podUid), podCgroupLimits(spec.pod, this.#limits));
    await faults?.at("sandbox:cgroup");
    // Last, as it makes the sandbox complete: what has no record is cleared.
    writeSpec(directory, spec);
    await faults?.at("sandbox:record");
    await this.writeNames(spec.podUid, { addresses: [], nameservers: [] });
    return this.#sandbox(spec, directory);
  }

  /** The pod's root comes into its own folder, through the ones above it. */
  async #giveUsers(directory: string): Promise<IdRange> {
    const range = await this.#ranges.take(directory);
    await letThrough(this.#paths.sandboxes);
    chownSync(directory, range.first, range.first);
    return range;
  }

  async #pinWithUsers(directory: string, files: ReadonlyMap<NamespaceKind, string>, range: IdRange): Promise<void> {
    const users = join(directory, userFile);
    writeInMemory(users, "", 0o600);
    await pinUserNamespace(users, files, range, this.#options.clock);
  }

  async writeNames(podUid: string, names: SandboxNames): Promise<void> {
    const directory = this.#paths.sandbox(podUid);
    const spec = readSpec(directory);
    if (!spec) throw new Problem("not-found", `there is no sandbox of pod ${podUid}`);
    const hostFile = await readFile("/etc/resolv.conf", "utf8").catch(() => "");
    // Containers have these very files mounted: they are rewritten in place, not replaced.
    writeInMemory(join(directory, "etc", "hosts"), hostsFile(names.hostnames ?? [spec.hostname], names));
    writeInMemory(join(directory, "etc", "resolv.conf"), resolvConf(hostFile, names, spec.hostNetwork));
  }

  #cgroupOf(podUid: string): string {
    return podCgroup(this.#options.cgroupRoot, podUid);
  }

  async find(podUid: string): Promise<Sandbox | undefined> {
    const directory = this.#paths.sandbox(podUid);
    const spec = readSpec(directory);
    if (!spec) return undefined;
    const isWhole = ownNamespaces(spec).every((name) => isPinned(join(directory, name)));
    return isWhole ? this.#sandbox(spec, directory) : undefined;
  }

  async list(): Promise<readonly Sandbox[]> {
    const names = await readdir(this.#paths.sandboxes);
    const listed = await Promise.all(names.map((podUid) => this.#listed(podUid)));
    return listed.filter((sandbox) => sandbox !== undefined);
  }

  /** Half-made ones too, so that somebody removes them. */
  async #listed(podUid: string): Promise<Sandbox | undefined> {
    try {
      const directory = this.#paths.sandbox(podUid);
      const spec = readSpec(directory);
      return this.#sandbox(spec ?? { podUid, hostNetwork: false, hostIpc: false }, directory);
    } catch (thrown) {
      if (Problem.is(thrown, "bad-request")) return undefined; // not one of ours
      throw thrown;
    }
  }

  async remove(podUid: string): Promise<void> {
    await this.#remove(podUid);
    this.#ranges.release(this.#paths.sandbox(podUid));
  }

  async #remove(podUid: string): Promise<void> {
    const directory = this.#paths.sandbox(podUid);
    await this.#cgroups.remove(this.#cgroupOf(podUid));
    await this.#options.faults?.at("sandbox:cgroup-removed");
    await this.#clear(directory);
  }

  async #clear(directory: string): Promise<void> {
    // With all below it. By name: the mount table of a node full of pods is long.
    await detachMountsElsewhere(directory);
    await this.#options.faults?.at("sandbox:unpinned");
    try {
      rmSync(directory, { recursive: true, force: true }); // few files in memory
    } catch (thrown) {
      if (errnoOf(thrown) !== "EBUSY") throw thrown;
      await unmountBelow(directory); // mounted by an older agent, or one that was cut short
      rmSync(directory, { recursive: true, force: true });
    }
  }

  async #applySysctls(
    directory: string,
    own: readonly Pinned[],
    sysctls: Readonly<Record<string, string>>,
  ): Promise<void> {
    const settings = Object.entries(sysctls).map(([name, value]) => `${name}=${value}`);
    if (settings.length === 0) return;
    const flags = own.map((name) => `--${unshareName[name]}=${join(directory, name)}`);
    await this.#help("nsenter", [...flags, "sysctl", "-q", "-w", ...settings]);
  }

  async #help(program: string, args: readonly string[]): Promise<void> {
    const path = await findProgram(program);
    if (path === undefined)
      throw new Problem("unavailable", `${program} is not installed`, { hint: "apt-get install util-linux" });
    const { code, stderr } = await runProgram(path, args, { clock: this.#options.clock, timeoutMs: helperTimeoutMs });
    if (code !== 0)
      throw new Problem("internal", `cannot set the pod's kernel parameters: ${stderr.trim() || `${program} failed`}`);
  }

  #sandbox(spec: Pick<SandboxSpec, "podUid" | "hostNetwork" | "hostIpc">, directory: string): Sandbox {
    const range = readUserRange(directory);
    const own = ownNamespaces(spec);
    const path = (name: Pinned): string =>
      own.includes(name) ? join(directory, name) : `/proc/self/ns/${unshareName[name]}`;
    return {
      podUid: spec.podUid,
      ...(range && { users: { namespace: join(directory, userFile), ...range } }),
      namespaces: { network: path("network"), ipc: path("ipc"), uts: path("uts") },
      cgroup: this.#cgroupOf(spec.podUid),
      directory,
    };
  }
}

const recordFile = "sandbox.json";
const userFile = "user";
const unshareName: Readonly<Record<Pinned, NamespaceKind>> = { network: "net", ipc: "ipc", uts: "uts" };

/** A pod on the host's network has the host's name too, as in Kubernetes. */
function ownNamespaces(spec: Pick<SandboxSpec, "hostNetwork" | "hostIpc">): readonly Pinned[] {
  return pinned.filter((name) => !(name === "ipc" ? spec.hostIpc : spec.hostNetwork));
}

function mountMemory(target: string, options: { readonly mode: string; readonly sizeBytes: number }): void {
  mkdirSync(target, { mode: 0o755 });
  const data = `mode=${options.mode},size=${options.sizeBytes}`;
  mount({ source: "orch", target, type: "tmpfs", flags: ["nosuid", "nodev", "noexec"], data });
}

const isPinned = (path: string): boolean =>
  statInMemory(path) !== undefined && statfsSync(path).type === namespaceFileSystem;

function writeSpec(directory: string, { pod: _, ...record }: SandboxSpec): void {
  writeInMemory(join(directory, recordFile), JSON.stringify(record), 0o600);
}

/** As much of the record as a sandbox in use shows: all that is asked of it after its creation. */
function specFoundIn(directory: string, podUid: string): SandboxSpec {
  const hostname = (readInMemory(join(directory, "etc", "hostname")) ?? "").trim();
  const [hasNetwork, hasIpc] = [isPinned(join(directory, "network")), isPinned(join(directory, "ipc"))];
  const names = { podUid, podNamespace: "", podName: "", hostname };
  return { ...names, hostNetwork: !hasNetwork, hostPid: false, hostIpc: !hasIpc, sysctls: {} };
}

function readSpec(directory: string): SandboxSpec | undefined {
  const text = readInMemory(join(directory, recordFile));
  try {
    return text === undefined ? undefined : (JSON.parse(text) as SandboxSpec);
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined; // cut short
    throw thrown;
  }
}
