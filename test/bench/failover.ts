/** A node's link is cut silently → a replacement process runs. */
import type { Pod } from "#proto/resources/pod.ts";
import { deployment } from "../e2e/support/manifests.ts";
import { type Benchmark, type Measured, median, seconds } from "./benchmark.ts";
import { countProcesses, untilCount } from "./processes.ts";
import { withCluster } from "./with-cluster.ts";

const word = "86398";
const runs = 3;

export const failover: Benchmark = {
  name: "failover",
  what: "link of a node cut silently → replacement running",
  run: (say) =>
    withCluster(3, say, async ({ cluster }): Promise<Measured> => {
      await cluster.apply(deployment({ name: "one", replicas: 1, command: `exec sleep ${word}` }), "--wait");
      const figures: number[] = [];
      for (let i = 0; i < runs; i++) {
        const [pod] = (await cluster.pods()).filter((one: Pod) => one.metadata.deletionTimestamp === undefined);
        const node = pod?.spec.nodeName ?? "";
        const running = countProcesses(word);
        const startedAtMs = performance.now();
        await cluster.setCable(node, false);
        const endedAtMs = await untilCount(word, (count) => count > running, 60_000);
        figures.push((endedAtMs - startedAtMs) / 1000);
        say(`  ${node} cut: ${seconds(figures[i] ?? 0)}`);
        await cluster.setCable(node, true);
        await cluster.waitReady(3, 60_000);
        await untilCount(word, (count) => count === 1, 60_000);
      }
      const ours = median(figures);
      return {
        ours,
        unit: "s",
        target: "≤ 7 s",
        met: ours <= 7,
        worst: Math.max(...figures),
        conditions: [`median of ${runs}`, "default settings"],
      };
    }),
};
