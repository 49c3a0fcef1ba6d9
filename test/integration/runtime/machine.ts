/** A node of its own for the runtime's tests: run directory, cgroups, a busybox root filesystem; all removed again. */
import { randomUUID } from "node:crypto";
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentFaultPoint } from "#node-agent/fault-points.ts";
import { unmountBelow } from "#node-agent/host/mounts.ts";
import { Cgroups } from "#node-agent/runtime/cgroups.ts";
import { defaultRuntimeLimits } from "#node-agent/runtime/container-resources.ts";
import type { RuntimeUnderTest } from "#node-agent/runtime/container-runtime.contract.ts";
import { CrunRuntime } from "#node-agent/runtime/crun-runtime.ts";
import { ensureHugetlbController } from "#node-agent/runtime/hugetlb-controller.ts";
import { mountRunDirectory } from "#node-agent/runtime/runtime-paths.ts";
import { NamespaceSandboxes } from "#node-agent/runtime/sandbox.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";

const applets = [
  "sh",
  "sleep",
  "cat",
  "ls",
  "id",
  "echo",
  "mount",
  "kill",
  "stat",
  "ip",
  "dd",
  "ps",
  "true",
  "hostname",
  "stty",
  "yes",
  "head",
];
const busybox = "/bin/busybox";

export interface Machine extends RuntimeUnderTest {
  readonly runtime: CrunRuntime;
  readonly sandboxes: NamespaceSandboxes;
  readonly directory: string;
  readonly cgroupRoot: string;
  readonly cgroups: Cgroups;
}

export async function openMachine(name: "crun" | "runc"): Promise<Machine> {
  await ensureHugetlbController();
  const directory = await mkdtemp(join(tmpdir(), "orch-runtime-"));
  const runDirectory = join(directory, "run");
  const rootfs = join(directory, "rootfs");
  const cgroupRoot = `/orch/test-${randomUUID().slice(0, 8)}/node`;
  await makeBusyboxRootfs(rootfs);
  await mountRunDirectory(runDirectory);
  const cgroups = await Cgroups.open(systemClock);
  const visited: AgentFaultPoint[] = [];
  const faults = { at: (point: AgentFaultPoint) => void visited.push(point) };
  // A fork bomb of a test is a small one.
  const limits = { ...defaultRuntimeLimits, pidsLimit: 64 };
  const options = {
    ...{
      runDirectory,
      cgroupRoot,
      limits,
      podsMemoryBytes: 2 ** 31,
      clock: systemClock,
      logger: silentLogger,
      candidates: [name],
      faults,
    },
  };
  const open = async () => ({
    runtime: await CrunRuntime.open(options),
    sandboxes: await NamespaceSandboxes.open(options),
  });
  const first = await open();
  // Timers of the clock keep no process alive.
  const keepAlive = setInterval(() => undefined, 1_000);
  return {
    ...first,
    visited,
    directory,
    cgroupRoot,
    cgroups,
    reopen: open,
    rootfs,
    logPath: (id) => join(directory, "logs", `${id}.log`),
    close: async () => {
      clearInterval(keepAlive);
      for (const { id } of await first.runtime.list()) await first.runtime.remove(id);
      for (const { podUid } of await first.sandboxes.list()) await first.sandboxes.remove(podUid);
      await first.runtime.close();
      const [, cluster = ""] = /^(\/orch\/[^/]+)/.exec(cgroupRoot) ?? [];
      await cgroups.remove(cluster);
      await cgroups.pruneParents(cluster);
      await unmountBelow(runDirectory);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Kept small: what it holds is what the tests run. */
export async function makeBusyboxRootfs(rootfs: string): Promise<void> {
  for (const name of ["bin", "dev", "proc", "sys", "etc", "tmp", "data"])
    await mkdir(join(rootfs, name), { recursive: true });
  await copyFile(busybox, join(rootfs, "bin", "busybox"));
  for (const applet of applets) await symlink("busybox", join(rootfs, "bin", applet));
  await writeFile(
    join(rootfs, "etc", "passwd"),
    "root:x:0:0:root:/root:/bin/sh\nweb:x:1000:1001:web:/home/web:/bin/sh\n",
  );
  await writeFile(join(rootfs, "etc", "group"), "root:x:0:\nweb:x:1001:\nextra:x:2000:web\n");
}
