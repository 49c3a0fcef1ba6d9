/** Where the runtime keeps things below the node's run directory (tmpfs, 0700). Everything is found again from these names alone. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { listMounts } from "../host/mounts.ts";
import { mount } from "../host/syscalls.ts";
import { checkContainerId, checkPodUid } from "./container-id.ts";

export class RuntimePaths {
  readonly containers: string;
  readonly sandboxes: string;
  /** conmon writes one file per exited container here, also while no agent runs. */
  readonly exits: string;
  /** The runtime's own state (`--root`). */
  readonly state: string;

  constructor(runDirectory: string) {
    this.containers = join(runDirectory, "containers");
    this.sandboxes = join(runDirectory, "sandboxes");
    this.exits = join(runDirectory, "exits");
    this.state = join(runDirectory, "oci");
  }

  bundle(id: string): string {
    checkContainerId(id);
    return join(this.containers, id);
  }

  sandbox(podUid: string): string {
    checkPodUid(podUid);
    return join(this.sandboxes, podUid);
  }

  exitFile(id: string): string {
    checkContainerId(id);
    return join(this.exits, id);
  }

  async make(): Promise<void> {
    for (const directory of [this.containers, this.sandboxes, this.exits, this.state]) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
    }
  }
}

/**
 * Makes the run directory a private tmpfs of its own: it holds secrets and pinned namespaces, which neither may reach a disk nor
 * other mount namespaces. Call before anything is put in it. Idempotent; what is mounted there already stays.
 */
export async function mountRunDirectory(runDirectory: string): Promise<void> {
  await mkdir(runDirectory, { recursive: true, mode: 0o700 });
  const mounted = (await listMounts()).findLast((entry) => entry.mountPoint === runDirectory);
  if (mounted?.type !== "tmpfs") {
    mount({ source: "orch", target: runDirectory, type: "tmpfs", flags: ["nosuid", "nodev"], data: "mode=0700" });
  }
  mount({ source: "none", target: runDirectory, flags: ["private"] });
}
