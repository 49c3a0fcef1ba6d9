/** What is mounted where in a container, in Docker's order. Pure. */
import { join, posix } from "node:path";
import { Problem } from "#proto/kit/problem.ts";
import type { Mount } from "./container-runtime.ts";
import type { OciMount } from "./oci-types.ts";

export interface MountRequest {
  readonly mounts: readonly Mount[];
  readonly privileged: boolean;
  readonly readOnlyRoot: boolean;
  readonly sharesHostIpc: boolean;
  /** The pod's directory: holds etc/hosts, etc/hostname, etc/resolv.conf, and shm, the memory its containers share. */
  readonly sandboxDirectory: string;
}

const maxMounts = 512; // the runtimes hand them on in one message

export function containerMounts(request: MountRequest): readonly OciMount[] {
  if (request.mounts.length > maxMounts) throw new Problem("invalid", `more than ${maxMounts} mounts`);
  const asked = request.mounts.map(bindMount);
  const taken = new Set(asked.map((mount) => mount.destination));
  const defaults = [...fileSystems(request), ...etcFiles(request)].filter((mount) => !taken.has(mount.destination));
  // Parents before what lies in them; the sort is stable, so of two for one place the later covers the earlier.
  return [...defaults, ...asked.toSorted((a, b) => depth(a.destination) - depth(b.destination))];
}

function fileSystems(request: MountRequest): readonly OciMount[] {
  const shielded = ["nosuid", "noexec", "nodev"];
  const sys = [...shielded, request.privileged ? "rw" : "ro"];
  return [
    { destination: "/proc", type: "proc", source: "proc", options: shielded },
    {
      destination: "/dev",
      type: "tmpfs",
      source: "tmpfs",
      options: ["nosuid", "strictatime", "mode=755", "size=65536k"],
    },
    {
      destination: "/dev/pts",
      type: "devpts",
      source: "devpts",
      options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"],
    },
    { destination: "/sys", type: "sysfs", source: "sysfs", options: sys },
    { destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup", options: sys },
    // Mounted anew it shows the queues of the IPC namespace that the container is in, the host's too.
    { destination: "/dev/mqueue", type: "mqueue", source: "mqueue", options: shielded },
    {
      destination: "/dev/shm",
      type: "bind",
      source: request.sharesHostIpc ? "/dev/shm" : join(request.sandboxDirectory, "shm"),
      options: ["bind", "rprivate", "rw", ...shielded],
    },
  ];
}

function etcFiles(request: MountRequest): readonly OciMount[] {
  const access = request.readOnlyRoot ? "ro" : "rw";
  return ["hosts", "hostname", "resolv.conf"].map((name) => ({
    destination: `/etc/${name}`,
    type: "bind",
    source: join(request.sandboxDirectory, "etc", name),
    options: ["bind", "rprivate", access, "nosuid", "nodev", "noexec"],
  }));
}

function bindMount(mount: Mount): OciMount {
  const destination = checkDestination(mount.destination);
  if (!mount.source.startsWith("/") || mount.source.includes("\0")) {
    throw new Problem("invalid", `the mount source ${JSON.stringify(mount.source)} is not an absolute path`);
  }
  const propagation =
    mount.propagation === undefined || mount.propagation === "private" ? "rprivate" : mount.propagation;
  return {
    destination,
    type: "bind",
    source: mount.source,
    options: ["rbind", propagation, mount.readOnly ? "ro" : "rw"],
  };
}

/** The root and /proc are the runtime's: a mount there could stand in for what shields the host (CVE-2019-19921 and kin). */
function checkDestination(asked: string): string {
  const destination = posix.normalize(asked).replace(/(.)\/+$/, "$1");
  if (!asked.startsWith("/") || asked.includes("\0") || asked.split("/").includes("..")) {
    throw new Problem("invalid", `the mount path ${JSON.stringify(asked)} is not an absolute path without ".."`);
  }
  if (destination === "/" || destination === "/proc" || destination.startsWith("/proc/")) {
    throw new Problem("invalid", `nothing may be mounted at ${destination}`, {
      causes: [{ path: "volumeMounts[].mountPath", message: `${destination} belongs to the runtime` }],
    });
  }
  return destination;
}

function depth(path: string): number {
  return path.split("/").length;
}

/** Hidden by an empty file or directory: they show or change the host (Docker's list). */
export const maskedPaths: readonly string[] = [
  "/proc/acpi",
  "/proc/asound",
  "/proc/interrupts",
  "/proc/kcore",
  "/proc/keys",
  "/proc/latency_stats",
  "/proc/sched_debug",
  "/proc/scsi",
  "/proc/timer_list",
  "/proc/timer_stats",
  "/sys/devices/virtual/powercap",
  "/sys/firmware",
];

export const readOnlyPaths: readonly string[] = [
  "/proc/bus",
  "/proc/fs",
  "/proc/irq",
  "/proc/sys",
  "/proc/sysrq-trigger",
];
