/**
 * Keeps one local cluster as cluster.json says: makes namespaces, runs control plane and agents, starts again what ends.
 * Killed itself, it leaves everything running; its successor adopts it. Answers requests on a unix socket (control.ts).
 */
import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import type { Clock } from "#proto/kit/clock.ts";
import { sleep } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { agentGroup, makeNodeCgroup, processesIn, removeCgroup } from "./cgroups.ts";
import { setUpHost } from "./host-setup.ts";
import { requestJoinToken } from "./join-token.ts";
import { clusterPaths, hostAddress, loopbackOf, nodeAddress, nodePaths } from "./names.ts";
import { makeNodeNamespaces, makeRunDirectory, makeUnderlay, removeNodeNamespaces, setCable } from "./network.ts";
import { type NewNode, withNode, withoutNode } from "./new-node.ts";
import { endProcess, SupervisedProgram, signalProcess } from "./process.ts";
import { type LocalCluster, type LocalNode, writeCluster } from "./state.ts";

export interface SupervisorDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export interface ProgramStatus {
  readonly name: string;
  readonly pid: number | undefined;
}

/** How a node goes: its agent alone, or everything on it at once with its cable cut first. */
export type NodeStopMode = "agent" | "power-off";

export class Supervisor {
  #cluster: LocalCluster;
  readonly #dependencies: SupervisorDependencies;
  readonly #controlPlane: SupervisedProgram;
  readonly #agents = new Map<string, SupervisedProgram>();

  constructor(cluster: LocalCluster, dependencies: SupervisorDependencies) {
    this.#cluster = cluster;
    this.#dependencies = dependencies;
    this.#controlPlane = new SupervisedProgram(controlPlaneProgram(cluster), dependencies);
    for (const node of cluster.nodes)
      this.#agents.set(node.name, new SupervisedProgram(this.#agentProgram(node), dependencies));
  }

  /** Makes host, namespaces and cgroups ready and starts every program. Idempotent. */
  async start(signal: AbortSignal): Promise<void> {
    const cluster = this.#cluster;
    setUpHost();
    makeRunDirectory(cluster.name);
    makeUnderlay(cluster);
    this.#controlPlane.start();
    for (const node of cluster.nodes) this.#makeNode(node);
    await this.#waitForControlPlane(signal);
    for (const agent of this.#agents.values()) agent.start();
  }

  #makeNode(node: LocalNode): void {
    const paths = nodePaths(this.#cluster.name, node.name);
    mkdirSync(paths.data, { recursive: true, mode: 0o700 });
    makeNodeNamespaces(this.#cluster, node);
    makeNodeCgroup(paths.cgroup, node);
  }

  #waitForControlPlane(signal: AbortSignal): Promise<void> {
    const { readyFile } = controlPlaneFiles(this.#cluster);
    return this.#waitFor(this.#controlPlane, readyFile, "the control plane", signal);
  }

  async #waitFor(program: SupervisedProgram, readyFile: string, who: string, signal?: AbortSignal): Promise<void> {
    const { clock } = this.#dependencies;
    const untilMs = clock.monotonicMs() + 60_000;
    const { logFile } = program.spec;
    while (!existsSync(readyFile)) {
      const gaveUp = program.failures >= 3;
      if (gaveUp || clock.monotonicMs() > untilMs) {
        const what = gaveUp ? `${who} does not start` : `${who} was not ready after 60 s`;
        throw new Problem("unavailable", `${what}: ${lastLine(logFile)}`, { hint: `its log is ${logFile}` });
      }
      await sleep(clock, 50, signal);
    }
  }

  /** Ends a program and starts it again from today's build; resolves when it serves, or has its session. Containers run on. */
  async restart(name: string): Promise<void> {
    const isControlPlane = name === this.#controlPlane.spec.name;
    const program = isControlPlane ? this.#controlPlane : this.#node(name).agent;
    const readyFile = isControlPlane
      ? controlPlaneFiles(this.#cluster).readyFile
      : nodePaths(this.#cluster.name, name).ready;
    await program.stop();
    rmSync(readyFile, { force: true });
    program.start();
    await this.#waitFor(program, readyFile, name);
  }

  /** Returns at once; the node joins and starts by itself. */
  addNode(wanted: NewNode): LocalNode {
    const { cluster, node } = withNode(this.#cluster, wanted);
    this.#cluster = cluster;
    writeCluster(cluster);
    this.#makeNode(node);
    const agent = new SupervisedProgram(this.#agentProgram(node), this.#dependencies);
    this.#agents.set(node.name, agent);
    agent.start();
    return node;
  }

  /** Ends the node's agent, lets its machine leave the cluster, and removes all of it. What was cut off can be repeated. */
  async removeNode(name: string, force: boolean): Promise<void> {
    const { node, agent } = this.#node(name);
    const without = withoutNode(this.#cluster, name);
    const paths = nodePaths(this.#cluster.name, name);
    await agent.stop();
    try {
      if (existsSync(`${paths.data}/identity/node.crt`)) await this.#leave(node, force);
    } catch (thrown) {
      agent.start();
      throw thrown;
    }
    await killCgroup(paths.cgroup, this.#dependencies.clock);
    removeNodeNamespaces(this.#cluster, node);
    for (const path of [paths.data, paths.run, paths.log, paths.ready]) rmSync(path, { recursive: true, force: true });
    this.#agents.delete(name);
    this.#cluster = without;
    writeCluster(without);
  }

  async #leave(node: LocalNode, force: boolean): Promise<void> {
    const paths = nodePaths(this.#cluster.name, node.name);
    this.#makeNode(node);
    const agent = `${this.#cluster.programs}/bin/orch-node-agent`;
    const leave = [agent, "leave", "--data-dir", paths.data, "--run-dir", paths.run, "--cgroup-root", paths.cgroup]
      .concat(["--control-plane", `${hostAddress(this.#cluster.subnet)}:7443`, "--timeout", "90"])
      .concat(force ? ["--force"] : []);
    const { code, lastLine } = await runToEnd(inNode(paths, leave), paths.log, 130_000);
    if (code === 0) return;
    throw new Problem("unavailable", `node ${node.name} could not leave: ${lastLine}`, {
      hint: `try again, or with --force; its log is ${paths.log}`,
    });
  }

  #agentProgram(node: LocalNode): ConstructorParameters<typeof SupervisedProgram>[0] {
    const paths = nodePaths(this.#cluster.name, node.name);
    const agent = `${this.#cluster.programs}/bin/orch-node-agent`;
    const address = nodeAddress(this.#cluster.subnet, node.index);
    const common = ["--data-dir", paths.data];
    const ready = ["--ready-file", paths.ready];
    const run = [agent, "run", "--cluster", this.#cluster.name, "--node-name", node.name]
      .concat(["--control-plane", `${hostAddress(this.#cluster.subnet)}:7443`, "--node-address", address])
      .concat(common, ready, ["--run-dir", paths.run, "--cgroup-root", paths.cgroup])
      .concat(
        ["--cpus", String(node.milliCpu / 1000), "--memory", String(node.memoryBytes)],
        this.#cluster.agentArguments,
      );
    return {
      name: node.name,
      command: inNode(paths, run),
      pidFile: paths.pid,
      logFile: paths.log,
      prepare: async () => {
        if (existsSync(`${paths.data}/identity/node.crt`)) return;
        const { adminContext } = clusterPaths(this.#cluster.name);
        const token = await requestJoinToken(adminContext, `local node ${node.name}`, this.#dependencies.clock);
        const join = [agent, "join", "--server", `${hostAddress(this.#cluster.subnet)}:7444`, "--token", token];
        const named = join.concat(["--node-name", node.name], common, node.joinArguments ?? []);
        const { code } = await runToEnd(inNode(paths, named), paths.log, 60_000);
        if (code === 0) return;
        throw new Problem("internal", `a node could not join (exit ${code})`, { hint: `read ${paths.log}` });
      },
    };
  }

  status(): readonly ProgramStatus[] {
    return [this.#controlPlane, ...this.#agents.values()].map((program) => ({
      name: program.spec.name,
      pid: program.pid,
    }));
  }

  #node(name: string): { readonly node: LocalNode; readonly agent: SupervisedProgram } {
    const node = this.#cluster.nodes.find((candidate) => candidate.name === name);
    const agent = this.#agents.get(name);
    if (!node || !agent) {
      throw new Problem("not-found", `cluster ${this.#cluster.name} has no node ${name}`, {
        hint: `its nodes are ${this.#cluster.nodes.map((known) => known.name).join(", ")}`,
      });
    }
    return { node, agent };
  }

  /** Stops a node; it stays stopped until `startNode`. */
  async stopNode(name: string, mode: NodeStopMode): Promise<void> {
    const { node, agent } = this.#node(name);
    if (mode === "power-off") {
      setCable(this.#cluster, node, false);
      await this.#killEverythingOn(node, agent);
    } else {
      await agent.stop();
    }
  }

  async startNode(name: string): Promise<void> {
    const { node, agent } = this.#node(name);
    this.#makeNode(node);
    setCable(this.#cluster, node, true);
    agent.start();
  }

  /** Connects or cuts a node's cable; everything on it runs on. */
  setNodeCable(name: string, connected: boolean): void {
    setCable(this.#cluster, this.#node(name).node, connected);
  }

  async #killEverythingOn(node: LocalNode, agent: SupervisedProgram): Promise<void> {
    const { cgroup } = nodePaths(this.#cluster.name, node.name);
    await agent.stop("SIGKILL");
    await killCgroup(cgroup, this.#dependencies.clock);
    removeNodeNamespaces(this.#cluster, node);
  }

  /** Ends agents, every pod, control plane and its etcd. Volatile things only; data stays. */
  async stop(): Promise<void> {
    await Promise.all([...this.#agents.values()].map((agent) => agent.stop()));
    await this.#controlPlane.stop();
  }

  /** Stops supervising; everything runs on. */
  async release(): Promise<void> {
    await Promise.all([this.#controlPlane.release(), ...[...this.#agents.values()].map((agent) => agent.release())]);
  }
}

export function controlPlaneFiles(cluster: LocalCluster): { readonly readyFile: string } {
  return { readyFile: `${clusterPaths(cluster.name).controlPlaneRun}/ready` };
}

/** What a program said last: most likely why it ended. */
function lastLine(logFile: string): string {
  const text = existsSync(logFile) ? readFileSync(logFile, "utf8").slice(-4096).trim() : "";
  return text.split("\n").at(-1) || "it said nothing";
}

/** The sentence a program ended with, without the advice that follows it. */
function lastWords(logFile: string): string {
  const lines = existsSync(logFile) ? readFileSync(logFile, "utf8").slice(-4096).trim().split("\n") : [];
  return lines.findLast((line) => line.startsWith("orch-"))?.replace(/^orch-[a-z-]+: /, "") ?? lastLine(logFile);
}

function controlPlaneProgram(cluster: LocalCluster): ConstructorParameters<typeof SupervisedProgram>[0] {
  const paths = clusterPaths(cluster.name);
  const address = hostAddress(cluster.subnet);
  return {
    name: "control-plane",
    // Its etcd too: it does little, and what pods do must not keep it from that. Without the right to it nice goes on as it is.
    command: ["nice", "-n", "-5", `${cluster.programs}/bin/orch-control-plane`, "--cluster", cluster.name]
      .concat(["--data-dir", paths.controlPlaneData, "--run-dir", paths.controlPlaneRun])
      .concat(["--listen-address", address, "--advertise-address", address])
      .concat(["--metrics-address", `${loopbackOf(cluster.subnet)}:7446`])
      .concat(["--ready-file", controlPlaneFiles(cluster).readyFile], cluster.controlPlaneArguments),
    pidFile: `${paths.run}/control-plane.pid`,
    logFile: `${paths.logs}/control-plane.log`,
  };
}

/** A command inside a node's namespaces and its agent cgroup. */
function inNode(
  paths: { readonly networkPin: string; readonly mountPin: string; readonly cgroup: string },
  run: readonly string[],
): readonly string[] {
  // A moved shell, then nsenter: the agent never leaves this cgroup, and the pods' cgroups are its siblings.
  const script =
    'group=$1; net=$2; mnt=$3; shift 3; for root in /sys/fs/cgroup /sys/fs/cgroup/*; do [ ! -w "$root$group/cgroup.procs" ] || echo $$ >"$root$group/cgroup.procs" 2>/dev/null || true; done; exec nsenter "--net=$net" "--mount=$mnt" -- "$@"';
  return ["/bin/sh", "-c", script, "orch-node", agentGroup(paths.cgroup), paths.networkPin, paths.mountPin, ...run];
}

async function runToEnd(
  run: readonly string[],
  logFile: string,
  timeoutMs: number,
): Promise<{ readonly code: number | null; readonly lastLine: string }> {
  const log = openSync(logFile, "a", 0o600);
  const [program = "", ...args] = run;
  const child = spawn(program, args, { stdio: ["ignore", log, log], timeout: timeoutMs });
  closeSync(log);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  return { code, lastLine: lastWords(logFile) };
}

/** SIGKILL to all processes of a cgroup until none is left, then the cgroup goes. Bounded. */
export async function killCgroup(cgroup: string, clock: Clock): Promise<void> {
  for (let round = 0; round < 50; round++) {
    const pids = processesIn(cgroup);
    if (pids.length === 0) break;
    for (const pid of pids) signalProcess(pid, "SIGKILL");
    const last = pids.at(-1);
    if (last !== undefined) await endProcess(last, clock, "SIGKILL", 200);
  }
  removeCgroup(cgroup);
}
