/** 1 GB of log lines through orchctl logs, and what the agent's memory does meanwhile. */
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { nodePaths } from "#deploy/local-cluster/names.ts";
import { pod } from "../e2e/support/manifests.ts";
import { rssOf } from "../e2e/support/process-memory.ts";
import { must, programs } from "../e2e/support/programs.ts";
import { type Benchmark, type Measured, median, seconds, timed } from "./benchmark.ts";
import { cpuSecondsOf } from "./processes.ts";
import { withCluster } from "./with-cluster.ts";

const textBytes = 1_000_000_000;
const lineBytes = 100;
const runs = 3;
const targetBytesPerSecond = 100e6;
/** The agent may hold a few windows of bytes, not the log. */
const maxGrowthBytes = 128 * 2 ** 20;
const sampleEveryMs = 100;

export const logs: Benchmark = {
  name: "logs",
  what: "1 GB of log lines through orchctl logs",
  run: (say) =>
    withCluster(1, say, async ({ cluster }): Promise<Measured> => {
      await cluster.apply(pod("chatty", "echo done", "  restartPolicy: Never"));
      await cluster.orchctl(["wait", "pod/chatty", "--for", "jsonpath={.status.phase}=Succeeded", "--timeout", "60s"]);
      const [{ metadata: { uid = "" } = {} } = {}] = await cluster.pods();
      const log = join(nodePaths(cluster.name, "node-1").data, "logs", uid, "main", "0.log");
      say("writing a log of 1 GB as conmon does");
      await writeLog(log);
      const agent = cluster.agentPid("node-1");
      const before = rssOf(agent);
      let peak = before;
      const sampler = setInterval(() => {
        peak = Math.max(peak, rssOf(agent));
      }, sampleEveryMs);
      const daemons = (): number => cpuSecondsOf(agent) + cpuSecondsOf(cluster.controlPlanePid());
      const times: number[] = [];
      const processorTimes: number[] = [];
      const command = `"${join(programs, "bin/orchctl")}" logs chatty | wc -c; times`;
      try {
        for (let i = 0; i < runs; i++) {
          const spentBefore = daemons();
          let answer = "";
          const took = await timed(async () => {
            answer = await must("sh", ["-c", command], { variables: cluster.variables, timeoutMs: 300_000 });
          });
          const [count = "", , children = ""] = answer.split("\n");
          if (Number(count) !== textBytes) throw new Error(`${count} bytes came instead of ${textBytes}`);
          const spent = daemons() - spentBefore + secondsIn(children);
          say(
            `  ${seconds(took)}, ${(textBytes / took / 1e6).toFixed(0)} MB/s, ${spent.toFixed(1)} s of processor time`,
          );
          times.push(took);
          processorTimes.push(spent);
        }
      } finally {
        clearInterval(sampler);
      }
      const rate = textBytes / median(times);
      const growth = peak - before;
      return {
        ours: Number((rate / 1e6).toFixed(1)),
        unit: "MB/s",
        target: "≥ 100 MB/s, the agent's RSS grows by ≤ 128 MiB",
        met: rate >= targetBytesPerSecond && growth <= maxGrowthBytes,
        processorSeconds: Number(median(processorTimes).toFixed(1)),
        agentRssMiB: { before: mebibytes(before), peak: mebibytes(peak) },
        conditions: [`lines of ${lineBytes} bytes`, `median of ${runs}`, "from one node through the control plane"],
      };
    }),
};

/** Of a shell's `times`: user and system, as `0m3.41s 0m1.26s`. */
const secondsIn = (line: string): number =>
  [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest),
    0,
  );

const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);

async function writeLog(path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const line = `2026-01-02T03:04:05.678901234+00:00 stdout F ${"x".repeat(lineBytes - 1)}\n`;
  const block = Buffer.from(line.repeat(10_000));
  const blocks = textBytes / lineBytes / 10_000;
  await pipeline(Readable.from(Array.from({ length: blocks }, () => block)), createWriteStream(path));
}
