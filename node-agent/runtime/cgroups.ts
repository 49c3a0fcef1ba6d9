/**
 * cgroups by path relative to their hierarchies' roots, the same on v1 (one directory per controller) and v2. Container limits are
 * the runtime's work; this makes, fills, empties and removes what lies around them.
 */
import { closeSync, constants, mkdirSync, openSync, rmdirSync, writeSync } from "node:fs";
import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Clock } from "#proto/kit/clock.ts";
import { sleep } from "#proto/kit/clock.ts";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { readInMemory } from "../host/memory-files.ts";
import { listMounts, type MountEntry } from "../host/mounts.ts";
import { identifyProcess, signalProcess } from "../host/processes.ts";
import { type CgroupFile, type CgroupLimits, cgroupFiles } from "./cgroup-limits.ts";
import { CgroupMoves } from "./cgroup-moves.ts";

export interface CgroupHierarchy {
  readonly directory: string;
  /** v1: the controllers mounted there, or `name=systemd`. v2: empty. */
  readonly controllers: readonly string[];
  readonly version: 1 | 2;
}

/** v1 hierarchies that count or show a process; the others only limit, and some need filling in first. */
const supervisorControllers: ReadonlySet<string> = new Set(["cpu", "cpuacct", "memory", "pids", "name=systemd"]);

const sigkill = 9;
const emptyTimeoutMs = 15_000;
/** More of them may be a fork bomb. */
const fewProcesses = 16;
const noMoreProcesses: CgroupFile = { controller: "pids", name: "pids.max", value: "0" };

/** A file to write to and one that tells, of either version. */
interface Freezer {
  readonly file: string;
  readonly frozen: string;
  readonly thawed: string;
  readonly state: string;
  /** In `state` when all are frozen. */
  readonly done: string;
  /** In `state` when some are, or may be. */
  readonly trace: string;
}

const firstFreezer = { frozen: "FROZEN", thawed: "THAWED", done: "FROZEN", trace: "FR" };
const secondFreezer = { frozen: "1", thawed: "0", done: "frozen 1", trace: "frozen" };
const freezeTimeoutMs = 5_000;

const isFrozen = ({ state, done }: Freezer): boolean => readText(state).split("\n").includes(done);

export class Cgroups {
  readonly hierarchies: readonly CgroupHierarchy[];
  readonly #clock: Clock;
  readonly #moves: CgroupMoves;

  constructor(hierarchies: readonly CgroupHierarchy[], clock: Clock, moves = new CgroupMoves(undefined)) {
    this.hierarchies = hierarchies;
    this.#clock = clock;
    this.#moves = moves;
  }

  static async open(clock: Clock): Promise<Cgroups> {
    const hierarchies = findHierarchies(await listMounts());
    return new Cgroups(hierarchies, clock, await CgroupMoves.open(hierarchies));
  }

  /** A process will be moved between cgroups within some ten milliseconds. Returns at once. */
  expectMove(): void {
    this.#moves.expect();
  }

  get version(): 1 | 2 {
    return this.hierarchies.some((hierarchy) => hierarchy.version === 1) ? 1 : 2;
  }

  /** Directory of a v1 controller (or of v2's single tree) for a path. */
  directory(controller: string, path: string): string | undefined {
    const hierarchy =
      this.hierarchies.find((candidate) => candidate.controllers.includes(controller)) ??
      this.hierarchies.find((candidate) => candidate.version === 2);
    return hierarchy && join(hierarchy.directory, path);
  }

  /** Makes the cgroup that supervisors (conmon) live in. Idempotent. */
  async makeSupervisorGroup(path: string): Promise<void> {
    await Promise.all(this.#supervisorDirectories(path).map((directory) => mkdir(directory, { recursive: true })));
  }

  async moveSupervisor(path: string, pid: number): Promise<void> {
    await Promise.all(
      this.#supervisorDirectories(path).map((directory) => writeFile(join(directory, "cgroup.procs"), String(pid))),
    );
  }

  #supervisorDirectories(path: string): readonly string[] {
    return this.hierarchies
      .filter(
        ({ version, controllers }) => version === 2 || controllers.some((name) => supervisorControllers.has(name)),
      )
      .map(({ directory }) => join(directory, path));
  }

  /**
   * Makes a cgroup of no processes and fills it. A controller this machine does not have, and a file that the kernel was built without,
   * limit nothing. Problem `invalid` for a value that the kernel refuses.
   */
  async limit(path: string, limits: CgroupLimits): Promise<void> {
    const files = cgroupFiles(limits, this.version);
    const places = Map.groupBy(files, ({ controller }) => this.directory(controller, path));
    for (const [directory, own] of places) {
      if (directory === undefined) continue;
      mkdirSync(directory, { recursive: true });
      if (this.version === 2) await this.#delegate(directory);
      writeLimits(directory, own);
    }
  }

  /** Version 2 hands a controller down level by level. */
  async #delegate(directory: string): Promise<void> {
    const [root] = this.hierarchies;
    if (!root) return;
    const available = readText(join(root.directory, "cgroup.controllers")).trim().split(" ");
    const wanted = ["cpu", "memory", "pids", "hugetlb"].filter((name) => available.includes(name));
    const steps = relative(root.directory, directory).split("/");
    for (let depth = 0; depth < steps.length; depth++) {
      const control = join(root.directory, ...steps.slice(0, depth), "cgroup.subtree_control");
      const has = new Set(readText(control).trim().split(" "));
      const missing = wanted.filter((name) => !has.has(name));
      if (missing.length > 0) await writeFile(control, missing.map((name) => `+${name}`).join(" "));
    }
  }

  /** Pids in the cgroup and below it, in any hierarchy. */
  async processes(path: string): Promise<ReadonlySet<number>> {
    const pids = new Set<number>();
    await this.#walk(path, async (directory) => {
      const text = await readFile(join(directory, "cgroup.procs"), "utf8").catch(() => "");
      for (const line of text.split("\n")) if (line !== "" && line !== "0") pids.add(Number(line));
    });
    return pids;
  }

  /** Kills everything in and below the cgroup, and waits until it is empty. Problem `timeout` when something will not die. */
  async killAll(path: string): Promise<void> {
    const deadlineMs = this.#clock.monotonicMs() + emptyTimeoutMs;
    for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, 100)) {
      const pids = await this.processes(path);
      if (pids.size === 0) return;
      if (pids.size > fewProcesses) await this.#stopForking(path);
      if (this.#clock.monotonicMs() > deadlineMs) {
        throw new Problem("timeout", `processes in cgroup ${path} do not die: ${[...pids].slice(0, 10).join(", ")}`);
      }
      await this.thaw(path);
      for (const pid of pids) {
        const process = await identifyProcess(pid);
        if (process) await signalProcess(process, sigkill);
      }
      await sleep(this.#clock, pauseMs);
    }
  }

  /** Freezes all processes of the cgroup and waits until they are. Problem `unsupported` without freezer, `timeout` when one is in the kernel for long. */
  async freeze(path: string): Promise<void> {
    const freezer = this.#freezer(path);
    if (!freezer || readText(freezer.state) === "")
      throw new Problem("unsupported", "this node cannot freeze processes: it has no cgroup freezer");
    const deadlineMs = this.#clock.monotonicMs() + freezeTimeoutMs;
    await writeFile(freezer.file, freezer.frozen);
    for (let pauseMs = 1; !isFrozen(freezer); pauseMs = Math.min(pauseMs * 2, 100)) {
      if (this.#clock.monotonicMs() > deadlineMs) {
        await this.thaw(path);
        throw new Problem("timeout", `the processes in cgroup ${path} cannot be frozen now`);
      }
      await sleep(this.#clock, pauseMs);
      await writeFile(freezer.file, freezer.frozen); // on version 1 a fork may slip through the first time
    }
  }

  /** What forks faster than it is killed would live on: no process may be added from now on. */
  async #stopForking(path: string): Promise<void> {
    const directory = this.directory("pids", path);
    if (directory === undefined) return;
    await this.#walkFrom(directory, async (below) => void tryLimit(below, noMoreProcesses));
  }

  /** A frozen process of v1 takes no signal. Idempotent; nothing to do for a cgroup that is gone. */
  async thaw(path: string): Promise<void> {
    const freezer = this.#freezer(path);
    if (!freezer || !readText(freezer.state).includes(freezer.trace)) return;
    await writeFile(freezer.file, freezer.thawed).catch((thrown: unknown) => {
      if (errnoOf(thrown) !== "ENOENT" && errnoOf(thrown) !== "ENODEV") throw thrown;
    });
  }

  async isFrozen(path: string): Promise<boolean> {
    const freezer = this.#freezer(path);
    return freezer !== undefined && isFrozen(freezer);
  }

  #freezer(path: string): Freezer | undefined {
    const directory = this.directory("freezer", path);
    if (directory === undefined) return undefined;
    const isFirst = this.hierarchies.some(({ controllers }) => controllers.includes("freezer"));
    return isFirst
      ? { ...firstFreezer, file: join(directory, "freezer.state"), state: join(directory, "freezer.state") }
      : { ...secondFreezer, file: join(directory, "cgroup.freeze"), state: join(directory, "cgroup.events") };
  }

  /** Kills what is left in it and removes the cgroup with all below. Idempotent. */
  async remove(path: string): Promise<void> {
    if (this.#removeEmpty(path)) return;
    await this.killAll(path);
    const directories: string[] = [];
    await this.#walk(path, async (directory) => void directories.push(directory));
    for (const directory of directories.toReversed()) await this.#removeDirectory(directory);
  }

  /** The usual case, in a call for each hierarchy: nothing runs in it, nothing lies below. False when something does somewhere. */
  #removeEmpty(path: string): boolean {
    return this.hierarchies.map(({ directory }) => tryRemove(join(directory, path))).every(Boolean);
  }

  /** Removes the parents of a removed cgroup as far as they are empty. */
  async pruneParents(path: string): Promise<void> {
    for (let parent = dirname(path); parent !== "/"; parent = dirname(parent)) {
      for (const { directory } of this.hierarchies) await rmdir(join(directory, parent)).catch(() => undefined);
    }
  }

  /** Names of the cgroups directly below, in any hierarchy. */
  async children(path: string): Promise<ReadonlySet<string>> {
    const names = new Set<string>();
    for (const { directory } of this.hierarchies) {
      for (const name of await subdirectories(join(directory, path))) names.add(name);
    }
    return names;
  }

  /** A dying process may hold its cgroup a moment longer than its entry in it. */
  async #removeDirectory(directory: string): Promise<void> {
    const deadlineMs = this.#clock.monotonicMs() + emptyTimeoutMs;
    for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, 100)) {
      try {
        await rmdir(directory);
        return;
      } catch (thrown) {
        if (errnoOf(thrown) === "ENOENT") return;
        if (errnoOf(thrown) !== "EBUSY" || this.#clock.monotonicMs() > deadlineMs) throw thrown;
      }
      await sleep(this.#clock, pauseMs);
    }
  }

  /** Parents before children, in each hierarchy. */
  async #walk(path: string, visit: (directory: string) => Promise<void>): Promise<void> {
    for (const { directory } of this.hierarchies) await this.#walkFrom(join(directory, path), visit);
  }

  async #walkFrom(directory: string, visit: (directory: string) => Promise<void>): Promise<void> {
    const pending = [directory];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const names = await readdir(next, { withFileTypes: true }).catch(() => undefined);
      if (!names) continue;
      await visit(next);
      for (const entry of names) if (entry.isDirectory()) pending.push(join(next, entry.name));
    }
  }
}

/**
 * On version 1 memory may not be above memory and swap together, nor the other way round: which of the two has to go first depends on
 * what is there.
 */
function writeLimits(directory: string, files: readonly CgroupFile[]): void {
  const refused = files.filter((file) => !tryLimit(directory, file));
  for (const file of refused.toReversed()) {
    if (tryLimit(directory, file)) continue;
    throw new Problem("invalid", `the kernel refuses ${file.name} = ${file.value}`, { object: `cgroup ${directory}` });
  }
}

/** Files of the kernel's, not of a disk: a few microseconds each, which the start of every pod waits for. */
function tryLimit(directory: string, { name, value }: CgroupFile): boolean {
  try {
    // Without O_CREAT: a directory in place of a hierarchy has the files that a test gives it.
    const file = openSync(join(directory, name), constants.O_WRONLY | constants.O_TRUNC);
    try {
      writeSync(file, value);
    } finally {
      closeSync(file);
    }
    return true;
  } catch (thrown) {
    const errno = errnoOf(thrown);
    if (errno === "ENOENT") return true;
    if (errno === "EINVAL" || errno === "EBUSY") return false;
    throw thrown;
  }
}

function tryRemove(directory: string): boolean {
  try {
    rmdirSync(directory);
    return true;
  } catch (thrown) {
    const errno = errnoOf(thrown);
    if (errno === "ENOENT") return true;
    if (errno === "EBUSY" || errno === "ENOTEMPTY") return false;
    throw thrown;
  }
}

/** Nothing where there is no such file. */
const readText = (path: string): string => readInMemory(path) ?? "";

export function findHierarchies(mounts: readonly MountEntry[]): readonly CgroupHierarchy[] {
  const seen = new Set<string>();
  return mounts.flatMap((mount): readonly CgroupHierarchy[] => {
    if ((mount.type !== "cgroup" && mount.type !== "cgroup2") || !mount.mountPoint.startsWith("/sys/fs/cgroup"))
      return [];
    const version = mount.type === "cgroup2" ? 2 : 1;
    const controllers = version === 2 ? [] : mount.superOptions.filter((option) => option !== "rw" && option !== "ro");
    const key = `${version} ${controllers.join()}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ directory: mount.mountPoint, controllers, version }];
  });
}

async function subdirectories(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
