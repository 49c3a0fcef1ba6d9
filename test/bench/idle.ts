/** What a quiet cluster costs: 3 nodes, 30 pods, 60 s after 60 s of settling. */
import { deployment } from "../e2e/support/manifests.ts";
import { type Benchmark, type Measured, median } from "./benchmark.ts";
import { childrenOf, cpuSecondsOf, pidsNamed, pssOf } from "./processes.ts";
import { withCluster } from "./with-cluster.ts";

const settleMs = 60_000;
const measureMs = 60_000;
const nodes = ["node-1", "node-2", "node-3"];
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const megabytes = (bytes: number): number => Number((bytes / 1e6).toFixed(1));

export const idle: Benchmark = {
  name: "idle",
  what: "CPU and memory of a quiet cluster of 3 nodes with 30 pods",
  run: (say) =>
    withCluster(3, say, async ({ cluster }): Promise<Measured> => {
      await cluster.apply(deployment({ name: "quiet", replicas: 30, command: "exec sleep 86400" }), "--wait");
      say("settling for 60 s, measuring for 60 s");
      await pause(settleMs);
      const controlPlane = cluster.controlPlanePid();
      const etcd = cluster.etcdPid();
      const agents = nodes.map((node) => cluster.agentPid(node));
      const withChildren = (pid: number): readonly number[] => [
        pid,
        ...childrenOf(pid).filter((child) => child !== etcd),
      ];
      const cpu = (pids: readonly number[]): number => pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
      const before = {
        controlPlane: cpu(withChildren(controlPlane)),
        etcd: cpu([etcd]),
        agents: agents.map((pid) => cpu(withChildren(pid))),
      };
      await pause(measureMs);
      const spent = (now: number, then: number): number =>
        Number((((now - then) / (measureMs / 1000)) * 100).toFixed(2));
      const controlPlanePercent = spent(cpu(withChildren(controlPlane)), before.controlPlane);
      const etcdPercent = spent(cpu([etcd]), before.etcd);
      const agentPercent = median(agents.map((pid, index) => spent(cpu(withChildren(pid)), before.agents[index] ?? 0)));
      const pss = (pids: readonly number[]): number => pids.reduce((sum, pid) => sum + pssOf(pid), 0);
      const monitors = pidsNamed("conmon");
      const controlPlaneMb = megabytes(pss(withChildren(controlPlane)));
      const agentMb = median(agents.map((pid) => megabytes(pss(withChildren(pid)))));
      const conmonMb = megabytes(pss(monitors) / Math.max(1, monitors.length));
      const total = Number((controlPlanePercent + etcdPercent + agentPercent).toFixed(2));
      const met = total <= 2 && controlPlaneMb <= 90 && agentMb <= 60 && conmonMb <= 1.5;
      const figures = {
        controlPlanePercent,
        etcdPercent,
        agentPercent,
        controlPlaneMb,
        etcdMb: megabytes(pssOf(etcd)),
        agentMb,
        conmonMb,
      };
      say(`  ${JSON.stringify(figures)}`);
      return {
        ours: total,
        unit: "% of one core",
        target: "≤ 2 % together; control plane ≤ 90 MB, agent ≤ 60 MB, conmon ≤ 1.5 MB (PSS)",
        met,
        ...figures,
        conditions: ["3 nodes, 30 pods, 60 s after 60 s", "agent = median of three"],
      };
    }),
};
