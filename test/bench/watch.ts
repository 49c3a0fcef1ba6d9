/** Many watchers of one namespace and a writer at a steady pace: is everything delivered, how late, and at what cost. */
import { apiService } from "#proto/wire/generated/services.ts";
import type { Benchmark, Measured, Say } from "./benchmark.ts";
import { type BareControlPlane, startLoader, withControlPlane } from "./control-plane.ts";
import { connect, sharedClockMs } from "./load/target.ts";
import type { WatchJob, WatchReport } from "./load/watch-many.ts";
import { cpuSecondsOf } from "./processes.ts";

const watchers = 200;
const changes = 1_000;
const changesPerSecond = 50;
const connections = 20;
const targetMs = 200;

export const watch: Benchmark = {
  name: "watch",
  what: `${watchers} watchers of ${changes} changes at ${changesPerSecond}/s: delivered, delay, CPU`,
  run: (say) => withControlPlane(say, (bare) => measure(bare, say)),
};

async function measure(bare: BareControlPlane, say: Say): Promise<Measured> {
  await once(bare, "warm", 200, say);
  const { report, cpuPercent } = await once(bare, "measured", changes, say);
  const all = watchers * changes;
  return {
    ours: report.p99Ms,
    unit: "ms (p99 delay)",
    target: `all delivered in order; p99 ≤ ${targetMs} ms`,
    met: report.delivered === all && report.wrong === 0 && report.p99Ms <= targetMs,
    ...report,
    expected: all,
    controlPlaneCpuPercent: cpuPercent,
    conditions: [
      `${watchers} streams on ${connections} connections, ${changesPerSecond} changes of 1 KB a second, after a warm-up`,
      "delay = from before the writer's request until the watcher has the bytes, one clock",
    ],
  };
}

async function once(
  bare: BareControlPlane,
  name: string,
  count: number,
  say: Say,
): Promise<{ readonly report: WatchReport; readonly cpuPercent: number }> {
  const { target } = bare;
  const writer = await connect(target);
  const write = (data: Record<string, string>, resourceVersion?: string) => {
    const metadata = { name, namespace: "default", ...(resourceVersion !== undefined && { resourceVersion }) };
    const object = Buffer.from(JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata, data }));
    const method = resourceVersion === undefined ? apiService.create : apiService.update;
    return writer.unary(method, { resource: "configmaps", namespace: "default", name, object });
  };
  const filler = "x".repeat(1_000);
  const first = await write({ filler });
  const { metadata } = JSON.parse(Buffer.from(first.object).toString()) as { metadata: { resourceVersion: string } };
  const job: WatchJob = {
    ...{ target, watchers, connections, changes: count, namespace: "default" },
    resourceVersion: metadata.resourceVersion,
    timeoutMs: (count / changesPerSecond) * 1000 + 60_000,
  };
  const watching = startLoader("watch-many.ts", job);
  await watching.waitFor(/ready/, 60_000);
  const cpuBefore = cpuSecondsOf(bare.process.pid ?? 0);
  const startedAtMs = sharedClockMs();
  for (let sequence = 0; sequence < count; sequence++) {
    const dueMs = startedAtMs + (sequence * 1000) / changesPerSecond;
    const waitMs = dueMs - sharedClockMs();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    await write({ filler, stamp: `stamp-${sequence}-${sharedClockMs().toFixed(3)}-` }, "");
  }
  const report = (await watching.report) as WatchReport;
  const seconds = (sharedClockMs() - startedAtMs) / 1000;
  const cpuPercent = Math.round(((cpuSecondsOf(bare.process.pid ?? 0) - cpuBefore) / seconds) * 100);
  writer.close();
  say(`  ${name}: ${report.delivered} delivered, p50 ${report.p50Ms} ms, p99 ${report.p99Ms} ms, CPU ${cpuPercent} %`);
  return { report, cpuPercent };
}
