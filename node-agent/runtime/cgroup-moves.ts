/**
 * The kernel lets the first move of a process between cgroups wait for a grace period of all processors, 6 to 14 ms, and none that follows
 * within the next few ms (percpu_down_write in cgroup_attach_lock). Who knows that a runtime is about to move a process lets that wait begin.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** As Cgroups has them. */
interface Hierarchy {
  readonly directory: string;
  readonly controllers: readonly string[];
  readonly version: 1 | 2;
}

/** The process that writes it. */
const self = "0";

export class CgroupMoves {
  readonly #procs: string | undefined;
  #isWaiting = false;

  /** `procs`: the file of the cgroup that this process is in; undefined: nothing is to be gained here. */
  constructor(procs: string | undefined) {
    this.#procs = procs;
  }

  static async open(hierarchies: readonly Hierarchy[]): Promise<CgroupMoves> {
    return new CgroupMoves(ownProcs(hierarchies, await readFile("/proc/self/cgroup", "utf8")));
  }

  /** Returns at once: the kernel waits on another thread. */
  expect(): void {
    if (this.#procs === undefined || this.#isWaiting) return;
    this.#isWaiting = true;
    // A move to where it is already changes nothing. Where even that is refused, the runtime waits as it would have.
    writeFile(this.#procs, self, { flag: "r+" })
      .catch(() => undefined)
      .finally(() => {
        this.#isWaiting = false;
      });
  }
}

/** `cgroups` as in /proc/self/cgroup: NUMBER:CONTROLLERS:PATH a line. All hierarchies share what is waited for: the first will do. */
export function ownProcs(hierarchies: readonly Hierarchy[], cgroups: string): string | undefined {
  for (const line of cgroups.split("\n")) {
    const [, controllers = "", path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (path === undefined) continue;
    const found = hierarchies.find(({ controllers: own, version }) =>
      controllers === "" ? version === 2 : own.some((name) => controllers.split(",").includes(name)),
    );
    if (found) return join(found.directory, path, "cgroup.procs");
  }
  return undefined;
}
