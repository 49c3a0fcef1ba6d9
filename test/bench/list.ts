/** Reads in a large store: one object by name, one namespace as a whole. */
import type { Benchmark, Measured, Say } from "./benchmark.ts";
import { type BareControlPlane, startLoader, withControlPlane } from "./control-plane.ts";
import type { FillJob } from "./load/fill.ts";
import type { ReadJob, ReadReport } from "./load/read-loop.ts";
import { pssOf } from "./processes.ts";

export const podNamespaces = Array.from({ length: 20 }, (_, at) => `bench-${at}`);
export const podsPerNamespace = 500;
const gets = 2_000;
const lists = 100;
const targets = { getMs: 10, listMs: 60 };

/** 10,000 pods in 20 namespaces. */
export async function fillWithPods({ target }: BareControlPlane, say: Say): Promise<void> {
  const job: FillJob = { target, namespaces: podNamespaces, perNamespace: podsPerNamespace };
  say(`creating ${podNamespaces.length * podsPerNamespace} pods`);
  await startLoader("fill.ts", job).report;
}

export const list: Benchmark = {
  name: "list",
  what: "10,000 pods: get by name, list a namespace of 500",
  run: (say) => withControlPlane(say, (bare) => measure(bare, say)),
};

async function measure(bare: BareControlPlane, say: Say): Promise<Measured> {
  await fillWithPods(bare, say);
  const job: ReadJob = {
    ...{ target: bare.target, resource: "pods", gets, lists },
    ...{ namespaces: podNamespaces, perNamespace: podsPerNamespace },
  };
  const report = (await startLoader("read-loop.ts", job).report) as ReadReport;
  say(`  get p99 ${report.getP99Ms} ms, list p50 ${report.listP50Ms} ms, p99 ${report.listP99Ms} ms`);
  return {
    ours: report.getP99Ms,
    unit: "ms (get by name, p99)",
    target: `get p99 ≤ ${targets.getMs} ms; list of 500 ≤ ${targets.listMs} ms (median)`,
    met: report.getP99Ms <= targets.getMs && report.listP50Ms <= targets.listMs,
    ...report,
    controlPlaneMb: Math.round(pssOf(bare.process.pid ?? 0) / 1e6),
    conditions: [`${gets} gets and ${lists} lists, one client, one at a time, after a fifth as many to warm up`],
  };
}
