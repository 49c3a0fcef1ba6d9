/** Our side of image benchmarks: orchctl, on one node of a local cluster. */
import { readFileSync } from "node:fs";
import { nodePaths } from "#deploy/local-cluster/names.ts";
import type { TestCluster } from "../../e2e/support/cluster.ts";
import { childrenOf, pssOf } from "../processes.ts";
import type { Puller } from "./image-peers.ts";

const patience = { timeoutMs: 600_000 };
export const ourNode = "node-1";

export function ours(cluster: TestCluster): Puller {
  return {
    name: "ours",
    directory: nodePaths(cluster.name, ourNode).data,
    start: async () => undefined,
    pull: async (reference) => void (await cluster.orchctl(["pull", "-q", reference, "--node", ourNode], patience)),
    remove: async (reference) => void (await cluster.orchctl(["image", "rm", reference, "--node", ourNode], patience)),
    stop: async () => undefined,
  };
}

/** The most memory that agent and workers have together while `body` runs, in bytes (PSS). */
export async function peakMemory(cluster: TestCluster, body: () => Promise<void>): Promise<number> {
  const agent = cluster.agentPid(ourNode);
  let peakBytes = 0;
  const look = (): void => {
    const workers = childrenOf(agent).filter((pid) => isOurs(pid));
    const bytes = [agent, ...workers].reduce((sum, pid) => sum + pss(pid), 0);
    peakBytes = Math.max(peakBytes, bytes);
  };
  const timer = setInterval(look, 50);
  try {
    await body();
  } finally {
    clearInterval(timer);
  }
  return peakBytes;
}

/** conmon and what it started are containers, not the agent. */
function isOurs(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim() !== "conmon";
  } catch {
    return false;
  }
}

function pss(pid: number): number {
  try {
    return pssOf(pid);
  } catch {
    return 0; // It ended while we looked.
  }
}
