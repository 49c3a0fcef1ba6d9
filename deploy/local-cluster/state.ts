/** What a local cluster was made with: kept in cluster.json, read again by `up`, `down` and the supervisor. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { clusterPaths } from "./names.ts";

export interface LocalNode {
  readonly name: string;
  /** Number of its address and bridge port; never used again for another node. */
  readonly index: number;
  readonly milliCpu: number;
  readonly memoryBytes: number;
  /** Flags of its join: `--label KEY=VALUE`, `--taint KEY=VALUE:EFFECT`. */
  readonly joinArguments?: readonly string[];
}

export interface LocalCluster {
  readonly version: 1;
  readonly name: string;
  /** IPv4 /24 between host and nodes. */
  readonly subnet: string;
  readonly nodes: readonly LocalNode[];
  /** Index of the next node that is added; absent while none ever was. */
  readonly nextIndex?: number;
  /** Directory with the programs (bin/orch-control-plane …). */
  readonly programs: string;
  /** Extra arguments for every agent and for the control plane. */
  readonly agentArguments: readonly string[];
  readonly controlPlaneArguments: readonly string[];
}

export function readCluster(name: string): LocalCluster | undefined {
  const path = clusterPaths(name).state;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
  const cluster = JSON.parse(text) as LocalCluster;
  if (cluster.version !== 1) {
    throw new Problem("unsupported", `${path} was written by a newer Orch (version ${cluster.version})`, {
      hint: "use the orchctl that made this cluster",
    });
  }
  return cluster;
}

export function writeCluster(cluster: LocalCluster): void {
  const path = clusterPaths(cluster.name).state;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, `${JSON.stringify(cluster, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
