/** A real agent process with its own directories, killed and started at will; `close` removes all that it made. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unmountBelow } from "#node-agent/host/mounts.ts";
import { Cgroups } from "#node-agent/runtime/cgroups.ts";
import { ensureHugetlbController } from "#node-agent/runtime/hugetlb-controller.ts";
import { identityDirectory, saveIdentity } from "#node-agent/session/node-identity.ts";
import { systemClock } from "#proto/kit/clock.ts";
import type { TestAuthority } from "#test/support/certificates.ts";

const main = join(import.meta.dirname, "../../../node-agent/main.ts");

export interface AgentPlace {
  readonly cluster: string;
  readonly nodeName: string;
  readonly directory: string;
  readonly cgroupRoot: string;
}

/** For an agent that has not joined yet. */
export async function emptyPlace(cluster: string): Promise<AgentPlace> {
  await ensureHugetlbController();
  const directory = await mkdtemp(join(tmpdir(), "orch-agent-"));
  return { cluster, nodeName: "n1", directory, cgroupRoot: `/orch/${cluster}/n1` };
}

export async function makePlace(cluster: string, authority: TestAuthority): Promise<AgentPlace> {
  const place = await emptyPlace(cluster);
  const { directory, nodeName } = place;
  const material = await authority.issue(`CN=system:node:${nodeName}, O=system:nodes`);
  await saveIdentity(identityDirectory(join(directory, "data")), {
    cluster,
    privateKeyPem: material.privateKey,
    certificateChainPem: material.certificateChain,
    authoritiesPem: material.authorities,
    expiresAtMs: 0,
  });
  return place;
}

export class AgentProcess {
  readonly #place: AgentPlace;
  #child: ChildProcess | undefined;
  #log = "";

  constructor(place: AgentPlace) {
    this.#place = place;
  }

  /** What it wrote, for the message of a failed test. */
  get log(): string {
    return this.#log;
  }

  /** `faults` as ORCH_FAULTS says them; none by default. */
  start(controlPlane: string, faults = ""): void {
    const { cluster, nodeName, directory, cgroupRoot } = this.#place;
    const flags = [
      ...["--cluster", cluster, "--node-name", nodeName, "--control-plane", controlPlane],
      ...["--data-dir", join(directory, "data"), "--run-dir", join(directory, "run"), "--cgroup-root", cgroupRoot],
      ...["--cpus", "1", "--memory", "1Gi", "--node-address", "127.0.0.1"],
    ];
    const child = spawn(process.execPath, [main, "run", ...flags], {
      stdio: ["ignore", "ignore", "pipe"],
      // Started dozens of times, it is compiled once.
      env: { ...process.env, ORCH_FAULTS: faults, NODE_COMPILE_CACHE: join(directory, "compile-cache") },
    });
    child.stderr.on("data", (chunk: Buffer) => {
      this.#log = (this.#log + chunk.toString("utf8")).slice(-100_000);
    });
    this.#child = child;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.#child !== undefined && (this.#child.exitCode !== null || this.#child.signalCode !== null);
  }

  get exitCode(): number | null {
    return this.#child?.exitCode ?? null;
  }

  /** The signal that ended it. */
  get endedBy(): NodeJS.Signals | null {
    return this.#child?.signalCode ?? null;
  }

  async end(signal: "SIGTERM" | "SIGKILL"): Promise<number | null> {
    const child = this.#child;
    if (!child || this.hasEnded) return child?.exitCode ?? null;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
    return child.exitCode;
  }
}

/** Proportional set size of one process, in bytes. */
export async function pssBytes(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) * 1024;
}

export async function removePlace(place: AgentPlace): Promise<void> {
  const cgroups = await Cgroups.open(systemClock);
  const [, cluster = ""] = /^(\/orch\/[^/]+)/.exec(place.cgroupRoot) ?? [];
  await cgroups.remove(cluster);
  await cgroups.pruneParents(cluster);
  await unmountBelow(place.directory);
  await rm(place.directory, { recursive: true, force: true });
}
