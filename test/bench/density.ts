/** 200 pods on one node: what each of them costs in our programs' memory, and what the agent does while they are quiet. */
import { readFileSync } from "node:fs";
import { nodePaths } from "#deploy/local-cluster/names.ts";
import { deployment } from "../e2e/support/manifests.ts";
import type { Benchmark, Measured } from "./benchmark.ts";
import { childrenOf, cpuSecondsOf, pidsWhere, pssOf } from "./processes.ts";
import { withCluster } from "./with-cluster.ts";

const pods = 200;
const settleMs = 45_000;
const measureMs = 60_000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const megabytes = (bytes: number): number => Number((bytes / 1e6).toFixed(3));

/** What the kernel keeps for itself and cannot give back: stacks, page tables, slabs. */
function kernelBytes(): number {
  const text = readFileSync("/proc/meminfo", "utf8");
  const of = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text)?.[1] ?? 0) * 1024;
  return of("SUnreclaim") + of("KernelStack") + of("PageTables") + of("Percpu");
}

export const density: Benchmark = {
  name: "density",
  what: `${pods} pods on one node: memory of our programs per pod, and the agent's CPU at rest`,
  run: (say) =>
    withCluster(
      1,
      say,
      async ({ cluster }): Promise<Measured> => {
        const agent = cluster.agentPid("node-1");
        const { run } = nodePaths(cluster.name, "node-1");
        const supervisors = (): readonly number[] =>
          pidsWhere((line) => line.startsWith("/usr/bin/conmon") && line.includes(run));
        const inits = (): readonly number[] => pidsWhere((line) => /^\/dev\/init -- .*86396/.test(line));
        const pss = (pids: readonly number[]): number => pids.reduce((sum, pid) => sum + pssOf(pid), 0);
        const agentBytes = (): number => pss([agent, ...childrenOf(agent)]);
        const agentSeconds = (): number =>
          [agent, ...childrenOf(agent)].reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
        // The code that pods need is loaded and compiled with the first of them.
        await cluster.apply(deployment({ name: "dense", replicas: 1, command: "exec sleep 86396" }), "--wait");
        say("one pod; settling for 45 s");
        await pause(settleMs);
        const before = { agent: agentBytes(), kernel: kernelBytes() };
        await cluster.orchctl(["scale", "deployment/dense", "--replicas", String(pods + 1)]);
        await cluster.orchctl(["rollout", "status", "deployment/dense"], { timeoutMs: 240_000 });
        say(`${pods} more; settling for 45 s, measuring for 60 s`);
        await pause(settleMs);
        const monitors = supervisors();
        if (monitors.length !== pods + 1) throw new Error(`${monitors.length} supervisors run`);
        const spentBefore = agentSeconds();
        await pause(measureMs);
        const agentPercent = Number((((agentSeconds() - spentBefore) / measureMs) * 100_000).toFixed(2));
        const conmonMb = megabytes(pss(monitors) / monitors.length);
        const agentMb = megabytes((agentBytes() - before.agent) / pods);
        const perPod = Number((conmonMb + agentMb).toFixed(3));
        return {
          ours: perPod,
          unit: "MB a pod",
          target: "≤ 1.5 MB a pod, agent CPU at rest ≤ 2 %",
          met: perPod <= 1.5 && agentPercent <= 2,
          conmonMb,
          agentGrowthMb: agentMb,
          agentPercent,
          agentTotalMb: megabytes(agentBytes()),
          initMb: megabytes(pss(inits()) / Math.max(1, inits().length)),
          kernelMbPerPod: megabytes((kernelBytes() - before.kernel) / pods),
          conditions: [
            "PSS of conmon, and the agent's growth from 1 to 201 pods with what it starts",
            "init processes belong to the containers and are told apart, as is the kernel's own memory (of the whole machine)",
          ],
        };
      },
      ["--max-pods", String(pods + 10)],
    ),
};
