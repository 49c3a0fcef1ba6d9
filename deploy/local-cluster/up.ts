/** `cluster up` and `cluster down`: what a person calls. Idempotent; both find everything again by name. */
import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { dirname, join } from "node:path";
import type { Clock } from "#proto/kit/clock.ts";
import { sleep } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { removeCgroup } from "./cgroups.ts";
import { askSupervisor, type ControlReply } from "./control.ts";
import { readHostSetup, undoHostSetup } from "./host-setup.ts";
import { clusterPaths, isClusterName, nodeName, nodePaths } from "./names.ts";
import { chooseSubnet, removeNodeNamespaces, removeUnderlay } from "./network.ts";
import { notRunning, runningClusters } from "./not-running.ts";
import { endProcess, etcdPidOf, readLivePid } from "./process.ts";
import { requirePrograms } from "./required-programs.ts";
import { type LocalCluster, readCluster, writeCluster } from "./state.ts";
import { killCgroup } from "./supervisor.ts";

export interface UpOptions {
  readonly name: string;
  /** When absent, as many as the cluster has, 3 for a new one. */
  readonly nodes?: number | undefined;
  /** Directory that holds bin/ and lib/ of the programs to run. */
  readonly programs: string;
  readonly agentArguments?: readonly string[];
  readonly controlPlaneArguments?: readonly string[];
}

export interface UpResult {
  readonly cluster: LocalCluster;
  /** A context file with all rights. */
  readonly adminContext: string;
  readonly outcome: "created" | "started" | "unchanged";
}

function requireRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new Problem("forbidden", "a local cluster needs root: it makes network namespaces, mounts and cgroups", {
    hint: "run the same command with sudo",
  });
}

/** Returns once control plane and supervisor run; nodes may still be joining. */
export async function clusterUp(options: UpOptions, clock: Clock): Promise<UpResult> {
  if (!isClusterName(options.name)) {
    throw new Problem("invalid", `"${options.name}" cannot name a cluster`, {
      hint: "use at most 32 lower-case letters, digits and dashes, as in: orchctl cluster up --name demo",
    });
  }
  requireRoot();
  requirePrograms();
  const known = readCluster(options.name);
  const paths = clusterPaths(options.name);
  if (known && options.nodes !== undefined && known.nodes.length !== options.nodes) {
    throw new Problem("conflict", `cluster ${options.name} has ${known.nodes.length} nodes, not ${options.nodes}`, {
      hint: `leave --nodes out, then: orchctl cluster add-node --name ${options.name}   or: orchctl cluster remove-node NODE --name ${options.name}`,
    });
  }
  if (known && (await askSupervisor(options.name, { kind: "status" }))) {
    await waitUntilRunning(options.name, clock);
    return { cluster: known, adminContext: paths.adminContext, outcome: "unchanged" };
  }
  const cluster = known ? { ...known, programs: options.programs } : newCluster(options);
  writeCluster(cluster);
  startSupervisor(cluster);
  await waitUntilRunning(options.name, clock);
  return { cluster, adminContext: paths.adminContext, outcome: known ? "started" : "created" };
}

const defaultNodes = 3;

function newCluster(options: UpOptions): LocalCluster {
  const count = options.nodes ?? defaultNodes;
  if (!Number.isInteger(count) || count < 1 || count > 50) {
    throw new Problem("invalid", `a local cluster has 1 to 50 nodes, not ${count}`);
  }
  const milliCpu = Math.floor((cpus().length * 1000) / count);
  const memoryBytes = Math.floor((totalmem() * 0.8) / count / 2 ** 20) * 2 ** 20;
  const nodes = Array.from({ length: count }, (_, index) => ({
    name: nodeName(index),
    index,
    milliCpu,
    memoryBytes,
  }));
  return {
    version: 1,
    name: options.name,
    subnet: chooseSubnet(options.name),
    nodes,
    programs: options.programs,
    agentArguments: options.agentArguments ?? [],
    controlPlaneArguments: options.controlPlaneArguments ?? [],
  };
}

function startSupervisor(cluster: LocalCluster): void {
  const paths = clusterPaths(cluster.name);
  mkdirSync(paths.logs, { recursive: true, mode: 0o700 });
  const log = openSync(`${paths.logs}/supervisor.log`, "a", 0o600);
  const program = `${cluster.programs}/bin/orch-local-cluster`;
  const child = spawn(program, ["supervise", "--cluster", cluster.name], {
    detached: true,
    stdio: ["ignore", log, log],
    cwd: "/",
  });
  closeSync(log);
  child.unref();
}

/**
 * A supervisor of this build takes over a running cluster; what it supervises runs on, and is of the new build from its next start.
 * Throws Problem `unavailable` when the cluster does not run.
 */
export async function replaceSupervisor(name: string, programs: string, clock: Clock): Promise<LocalCluster> {
  requireRoot();
  const paths = clusterPaths(name);
  const known = readCluster(name);
  const running = readLivePid(paths.supervisorPid);
  if (!known || running === undefined) throw notRunning(name, runningClusters());
  await endProcess(running, clock, "SIGTERM", 10_000);
  const cluster = { ...known, programs };
  writeCluster(cluster);
  startSupervisor(cluster);
  await waitUntilRunning(name, clock);
  return cluster;
}

async function waitUntilRunning(name: string, clock: Clock): Promise<void> {
  const untilMs = clock.monotonicMs() + 90_000;
  const hold = setInterval(() => undefined, 60_000);
  try {
    while (clock.monotonicMs() < untilMs) {
      const reply = await askSupervisor(name, { kind: "status" });
      if (reply?.phase === "running") return;
      if (reply?.phase?.startsWith("failed")) throw new Problem("internal", failureOf(name, reply));
      await sleep(clock, 50);
    }
  } finally {
    clearInterval(hold);
  }
  throw new Problem("timeout", `cluster ${name} did not start within 90 s`, {
    hint: `read the logs in ${clusterPaths(name).logs}`,
  });
}

function failureOf(name: string, reply: ControlReply): string {
  return `cluster ${name} could not start: ${reply.phase?.slice("failed: ".length)} (logs: ${clusterPaths(name).logs})`;
}

export interface DownOptions {
  readonly name: string;
  /** Also the cluster's data and, with the last cluster, the changes made to the host. */
  readonly purge: boolean;
}

/** Stops everything the cluster runs and removes all that it made but its data. Works from names alone, also after a crash. */
export async function clusterDown(options: DownOptions, clock: Clock): Promise<{ readonly existed: boolean }> {
  requireRoot();
  const { name } = options;
  const paths = clusterPaths(name);
  const cluster = readCluster(name);
  const existed = cluster !== undefined || existsSync(paths.run);
  const supervisor = readLivePid(paths.supervisorPid);
  if (supervisor !== undefined) await endProcess(supervisor, clock, "SIGTERM", 3000);
  for (const file of pidFiles(name)) {
    const pid = readLivePid(file);
    if (pid !== undefined) await endProcess(pid, clock, "SIGTERM", 10_000);
  }
  if (cluster) await removeNodes(cluster, clock);
  await killCgroup(`/orch/${name}`, clock);
  removeCgroup(`/orch/${name}`);
  await endEtcd(paths.controlPlaneData, clock);
  removeUnderlay(name);
  if (options.purge) {
    rmSync(paths.data, { recursive: true, force: true });
    if (otherClusters().length === 0) {
      removeCgroup("/orch");
      undoHostSetup();
      for (const folder of ["/run/orch", "/var/lib/orch"]) if (isEmpty(folder)) rmSync(folder, { recursive: true });
    }
  }
  return { existed };
}

async function removeNodes(cluster: LocalCluster, clock: Clock): Promise<void> {
  for (const node of cluster.nodes) {
    await killCgroup(nodePaths(cluster.name, node.name).cgroup, clock);
    removeNodeNamespaces(cluster, node);
  }
}

function pidFiles(name: string): readonly string[] {
  const { run } = clusterPaths(name);
  const inFolder = (folder: string): string[] =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((file) => file.endsWith(".pid"))
          .map((file) => join(folder, file))
      : [];
  return [...inFolder(join(run, "pins")), ...inFolder(run)];
}

/** A control plane that was killed leaves its etcd running: found by the data directory on its command line. */
async function endEtcd(controlPlaneData: string, clock: Clock): Promise<void> {
  const pid = etcdPidOf(controlPlaneData);
  if (pid !== undefined) await endProcess(pid, clock, "SIGTERM", 10_000);
}

const isEmpty = (folder: string): boolean => existsSync(folder) && readdirSync(folder).length === 0;

/** Names of all local clusters that have data on this machine. */
export function otherClusters(): readonly string[] {
  const data = dirname(clusterPaths("x").data);
  if (!existsSync(data)) return [];
  return readdirSync(data).filter((name) => existsSync(clusterPaths(name).state));
}

export const hostChanges = (): ReturnType<typeof readHostSetup> => readHostSetup();
