/**
 * What Orch changes on the host itself, each change recorded so that it is shown and can be undone: the hugetlb controller
 * (crun refuses a hybrid cgroup hierarchy without it), more inotify instances, IPv4 forwarding.
 */
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { errnoOf } from "#proto/kit/problem.ts";
import { command, tryCommand } from "./command.ts";

const record = "/var/lib/orch/host-setup.json";
const hugetlb = "/sys/fs/cgroup/hugetlb";

type Change =
  | { readonly kind: "mount"; readonly target: string }
  | { readonly kind: "sysctl"; readonly name: string; readonly before: string; readonly after: string };

export interface HostSetup {
  readonly changes: readonly Change[];
}

export function readHostSetup(): HostSetup {
  try {
    return JSON.parse(readFileSync(record, "utf8")) as HostSetup;
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT") return { changes: [] };
    throw thrown;
  }
}

/** Makes the changes that are missing. Idempotent. */
export function setUpHost(): HostSetup {
  const changes = [...readHostSetup().changes];
  const done = (change: Change): void => {
    changes.push(change);
    mkdirSync("/var/lib/orch", { recursive: true, mode: 0o755 });
    writeFileSync(record, `${JSON.stringify({ changes }, undefined, 2)}\n`);
  };
  if (needsHugetlb()) {
    mkdirSync(hugetlb, { recursive: true });
    command("mount", ["-t", "cgroup", "-o", "hugetlb", "cgroup", hugetlb]);
    done({ kind: "mount", target: hugetlb });
  }
  raise("fs/inotify/max_user_instances", 8192, done);
  raise("net/ipv4/ip_forward", 1, done);
  return { changes };
}

function needsHugetlb(): boolean {
  if (existsSync("/sys/fs/cgroup/cgroup.controllers")) return false;
  const mounts = readFileSync("/proc/self/mounts", "utf8");
  if (mounts.includes(` ${hugetlb} cgroup `)) return false;
  return /^hugetlb\s+\d+\s+\d+\s+1$/m.test(readFileSync("/proc/cgroups", "utf8"));
}

function raise(name: string, value: number, done: (change: Change) => void): void {
  const path = `/proc/sys/${name}`;
  const before = readFileSync(path, "utf8").trim();
  if (Number(before) >= value) return;
  writeFileSync(path, String(value));
  done({ kind: "sysctl", name, before, after: String(value) });
}

/** Undoes every recorded change that still stands as we left it. */
export function undoHostSetup(): void {
  for (const change of [...readHostSetup().changes].reverse()) {
    if (change.kind === "mount") {
      if (tryCommand("umount", [change.target]).code === 0 && existsSync(change.target)) rmdirSync(change.target);
    } else if (readFileSync(`/proc/sys/${change.name}`, "utf8").trim() === change.after) {
      writeFileSync(`/proc/sys/${change.name}`, change.before);
    }
  }
  rmSync(record, { force: true });
}
