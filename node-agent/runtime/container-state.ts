/** Reads a container's state from what lies on disk and in /proc: nothing is remembered, so a new agent sees the same. */
import { join } from "node:path";
import { readInMemory, statInMemory } from "../host/memory-files.ts";
import { identifyProcess, isRunning, type ProcessIdentity } from "../host/processes.ts";
import type { Cgroups } from "./cgroups.ts";
import { bundleFiles } from "./conmon.ts";
import { checkContainerId } from "./container-id.ts";
import { type ContainerRecord, noteRecord, readRecord } from "./container-record.ts";
import type { ContainerObservation } from "./container-runtime.ts";
import { toldKills } from "./memory-kills.ts";
import type { RuntimePaths } from "./runtime-paths.ts";
import { startFifo } from "./start-fifo.ts";
import { readTerminationMessage } from "./termination-file.ts";

export interface StateSources {
  readonly paths: RuntimePaths;
  readonly cgroups: Cgroups;
  cgroupOf(id: string): string;
}

/** When the supervisor was killed too, nobody knows the code: what Kubernetes reports then. */
const unknownExitCode = 137;
const highestSignal = 64;

export async function observeContainer(id: string, sources: StateSources): Promise<ContainerObservation | undefined> {
  const bundle = sources.paths.bundle(id);
  const record = (await readRecord(bundle)) ?? (await recordLeftOut(id, bundle));
  if (!record) return exists(join(bundle, "config.json")) ? observation(id, "created", undefined) : undefined;
  const exit = readExit(id, sources.paths);
  if (exit) return exited(record, exit, sources);
  if (await isRunning(record)) {
    const live = observation(id, liveState(record, sources), record);
    return (await sources.cgroups.isFrozen(sources.cgroupOf(id))) ? { ...live, paused: true } : live;
  }
  // The process is gone: the exit file follows as long as its supervisor lives.
  if (await findSupervisor(bundle)) return { ...observation(id, "running", record), pid: undefined };
  const late = readExit(id, sources.paths);
  return exited(record, late ?? { exitCode: unknownExitCode, finishedAtMs: undefined }, sources);
}

function observation(
  id: string,
  state: "created" | "running",
  record: ContainerRecord | undefined,
): ContainerObservation {
  return {
    id,
    state,
    pid: record?.pid,
    exitCode: undefined,
    signal: undefined,
    oomKilled: false,
    startedAtMs: record?.startedAtMs,
    finishedAtMs: undefined,
  };
}

/** An agent that died between the creation and its note of it: conmon noted the pid too. */
async function recordLeftOut(id: string, bundle: string): Promise<ContainerRecord | undefined> {
  const pid = readNumber(join(bundle, bundleFiles.pid));
  const process = pid === undefined ? undefined : await identifyProcess(pid);
  if (!process) return undefined;
  const record = { id, pid: process.pid, startTicks: process.startTicks, startedAtMs: undefined };
  await noteRecord(bundle, record);
  return (await readRecord(bundle)) ?? record;
}

/** A container that waits to be started has its fifo still, in crun as in runc. */
function liveState(record: ContainerRecord, sources: StateSources): "created" | "running" {
  return exists(startFifo(record.id, sources.paths)) ? "created" : "running";
}

/** The conmon of a bundle, while it runs. */
export async function findSupervisor(bundle: string): Promise<ProcessIdentity | undefined> {
  const pid = readNumber(join(bundle, bundleFiles.conmonPid));
  const found = pid === undefined ? undefined : await identifyProcess(pid);
  if (!found) return undefined;
  // Guards against the pid's reuse: our supervisors name their bundle.
  const commandLine = readInMemory(`/proc/${pid}/cmdline`) ?? "";
  return commandLine.split("\0").includes(bundle) ? found : undefined;
}

interface Exit {
  readonly exitCode: number;
  readonly finishedAtMs: number | undefined;
}

function readExit(id: string, paths: RuntimePaths): Exit | undefined {
  const path = paths.exitFile(id);
  const exitCode = readNumber(path);
  if (exitCode === undefined) return undefined;
  return { exitCode, finishedAtMs: statInMemory(path)?.mtimeMs };
}

async function exited(record: ContainerRecord, exit: Exit, sources: StateSources): Promise<ContainerObservation> {
  const signal = exit.exitCode - 128;
  const message = readTerminationMessage(sources.paths.sandbox(checkContainerId(record.id).podUid), record.id);
  return {
    id: record.id,
    state: "exited",
    pid: undefined,
    exitCode: exit.exitCode,
    // By convention only: a program may also exit with such a code itself.
    signal: signal > 0 && signal <= highestSignal ? signal : undefined,
    ...(message !== undefined && { message }),
    oomKilled: exit.exitCode !== 0 && (await wasKilledForMemory(record.id, sources)),
    startedAtMs: record.startedAtMs,
    finishedAtMs: exit.finishedAtMs === undefined ? undefined : Math.round(exit.finishedAtMs),
  };
}

/**
 * The kernel's counter decides while the cgroup is there: conmon may hear of the exit before it hears of the OOM, and on v1 it may note
 * one when the cgroup is merely removed. After that its note is all there is.
 */
async function wasKilledForMemory(id: string, sources: StateSources): Promise<boolean> {
  const bundle = sources.paths.bundle(id);
  const kills = await memoryKills(id, sources);
  // Those of other processes, told while it ran on, did not end it.
  return kills === undefined ? exists(join(bundle, bundleFiles.oom)) : kills > toldKills(bundle);
}

/** The kernel's counter; undefined when the cgroup is gone. */
export async function memoryKills(id: string, sources: StateSources): Promise<number | undefined> {
  const directory = sources.cgroups.directory("memory", sources.cgroupOf(id));
  const file = sources.cgroups.version === 1 ? "memory.oom_control" : "memory.events";
  const text = directory && readInMemory(join(directory, file));
  const kills = text === undefined ? undefined : /^oom_kill (\d+)$/m.exec(text)?.[1];
  return kills === undefined ? undefined : Number(kills);
}

function readNumber(path: string): number | undefined {
  const text = (readInMemory(path) ?? "").trim();
  return /^-?\d+$/.test(text) ? Number(text) : undefined;
}

const exists = (path: string): boolean => statInMemory(path) !== undefined;
