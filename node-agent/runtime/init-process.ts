/**
 * The init process of a container, on by default: a container's first process is one that reaps orphans, passes signals on, also those that
 * the kernel keeps from a first process without a handler, and ends with the code of what it runs. From the host, mounted read-only.
 */
import { posix } from "node:path";
import { type Clock, sleep } from "#proto/kit/clock.ts";
import { readInMemory } from "../host/memory-files.ts";
import { findProgram } from "../host/programs.ts";
import type { ContainerSpec } from "./container-runtime.ts";
import type { OciConfig } from "./oci-types.ts";

/** Linked statically, as they run in any image. tini says 126 and 127 for what cannot be run, catatonit 1. */
const programs = ["tini-static", "catatonit"] as const;

/** Path on the host; undefined when none is installed. */
export async function findInitProgram(directories?: readonly string[]): Promise<string | undefined> {
  for (const name of programs) {
    const path = await findProgram(name, directories);
    if (path !== undefined) return path;
  }
  return undefined;
}

/** Of the container's own tmpfs, so that no file of it is left in the writable layer. */
const usualPlace = "/dev/init";
/** Where the pod brings a /dev of its own, which may be the host's. */
const otherPlace = "/.orch-init";

/** First processes that reap by themselves, and some that want to be the first. */
const inits: ReadonlySet<string> = new Set([
  ...["init", "linuxrc", "systemd", "tini", "tini-static", "docker-init", "podman-init", "catatonit", "dumb-init"],
  ...["s6-svscan", "runsvdir", "runit", "runit-init", "my_init", "openrc-init", "pid1", "simpleinit"],
]);

export function isInit(args: readonly string[]): boolean {
  const [program = "", applet = ""] = args;
  const name = posix.basename(program);
  return inits.has(name === "busybox" ? posix.basename(applet) : name);
}

/** Whether this container gets one: processes of the host's or the pod's namespace have one already. */
export function getsInit(spec: Pick<ContainerSpec, "init" | "hostPid">, args: readonly string[]): boolean {
  return spec.init && !spec.hostPid && !isInit(args);
}

export function withInit(config: OciConfig, program: string): OciConfig {
  const bringsDevices = config.mounts.some(({ destination, type }) => destination === "/dev" && type === "bind");
  const destination = bringsDevices ? otherPlace : usualPlace;
  const mount = {
    destination,
    type: "bind",
    source: program,
    options: ["bind", "rprivate", "ro", "nosuid", "nodev"],
  };
  const { process } = config;
  return {
    ...config,
    process: { ...process, args: [destination, "--", ...process.args] },
    mounts: [...config.mounts, mount],
  };
}

const readyTimeoutMs = 250;
const pauseMs = 2;
const sigttin = 21;

/**
 * The kernel drops a signal for a first process that has no handler for it, and one that has only begun has none. Resolves when ours
 * takes the signal, at once for any other program; no later than a quarter of a second.
 */
export async function untilInitTakes(pid: number, signal: number, clock: Clock): Promise<void> {
  const deadlineMs = clock.monotonicMs() + readyTimeoutMs;
  while (isBeginning(pid, signal) && clock.monotonicMs() < deadlineMs) await sleep(clock, pauseMs);
}

/** Either it is the runtime still, or our init that does not wait for signals yet. */
function isBeginning(pid: number, signal: number): boolean {
  const [program = ""] = (readInMemory(`/proc/${pid}/cmdline`) ?? "").split("\0");
  // Nothing at all while the one program takes the other's place.
  if (program === "" || /^(crun|runc|exe)$/.test(posix.basename(program))) return isThere(pid);
  if (program !== usualPlace && program !== otherPlace) return false;
  const status = readInMemory(`/proc/${pid}/status`);
  // Both block what they wait for. While tini waits the kernel shows nothing as blocked; what it ignores it ignores after blocking.
  return status !== undefined && !hasSignal(status, "SigBlk", signal) && !hasSignal(status, "SigIgn", sigttin);
}

const isThere = (pid: number): boolean => /^State:\s*[^ZX]/m.test(readInMemory(`/proc/${pid}/status`) ?? "");

function hasSignal(status: string, field: "SigBlk" | "SigIgn", signal: number): boolean {
  const set = new RegExp(`^${field}:\\s*([0-9a-f]+)$`, "m").exec(status)?.[1] ?? "0";
  return (BigInt(`0x${set}`) & (1n << BigInt(signal - 1))) !== 0n;
}
