/** Creates through our API beside raw puts into the same etcd: what validation, history and batching cost or save. */
import { type Benchmark, type Measured, median, type Say } from "./benchmark.ts";
import { type BareControlPlane, etcdTarget, startLoader, withControlPlane } from "./control-plane.ts";
import type { CreateJob, CreateReport } from "./load/create-loop.ts";
import { cpuSecondsOf } from "./processes.ts";

const clients = 10;
const count = 5_000;
const dataBytes = 1_024;
const runs = 3;
const warmUp = 500;
/** All clients are one user: 5,000 calls at once are within its rate again after this, at 500 a second. */
const refillMs = 10_000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** Metadata, managed fields and the header: what a ConfigMap takes in the store besides its data. */
const storedBytes = dataBytes + 430;

async function load(job: CreateJob): Promise<CreateReport> {
  return (await startLoader("create-loop.ts", job).report) as CreateReport;
}

export const api: Benchmark = {
  name: "api",
  what: `create ${count} ConfigMaps of 1 KB by ${clients} clients, beside raw puts into the same etcd`,
  run: (say) => withControlPlane(say, (bare) => measure(bare, say)),
};

async function measure(bare: BareControlPlane, say: Say): Promise<Measured> {
  const etcd = await etcdTarget(bare);
  const ours = (prefix: string, howMany: number): Promise<CreateReport> =>
    load({ kind: "ours", target: bare.target, clients, count: howMany, prefix, valueBytes: dataBytes });
  const peer = (prefix: string, howMany: number): Promise<CreateReport> =>
    load({ kind: "etcd", target: etcd, clients, count: howMany, prefix: `/bench/${prefix}`, valueBytes: storedBytes });
  await ours("warm", warmUp);
  await peer("warm", warmUp);
  const [mine, theirs]: [CreateReport[], CreateReport[]] = [[], []];
  let cpuSeconds = 0;
  for (let run = 0; run < runs; run++) {
    await pause(refillMs);
    const before = cpuSecondsOf(bare.process.pid ?? 0);
    const one = await ours(`run-${run}`, count);
    cpuSeconds += cpuSecondsOf(bare.process.pid ?? 0) - before;
    const other = await peer(`run-${run}`, count);
    mine.push(one);
    theirs.push(other);
    say(`  ours ${one.perSecond}/s (p99 ${one.p99Ms} ms), etcd ${other.perSecond}/s (p99 ${other.p99Ms} ms)`);
  }
  const perSecond = (reports: readonly CreateReport[]): number => median(reports.map((report) => report.perSecond));
  return {
    ours: perSecond(mine),
    peer: perSecond(theirs),
    peerName: "raw etcd puts of the stored bytes",
    unit: "objects/s",
    target: "ratio ≥ 0.8",
    met: perSecond(mine) / perSecond(theirs) >= 0.8,
    oursP99Ms: median(mine.map((report) => report.p99Ms)),
    peerP99Ms: median(theirs.map((report) => report.p99Ms)),
    clientMsPerObject: median(mine.map((report) => report.cpuMsPerObject)),
    controlPlaneMsPerObject: Number(((cpuSeconds / runs / count) * 1000).toFixed(3)),
    conditions: [
      `median of ${runs} in turn after a warm-up`,
      "one etcd, mTLS, the same light HTTP/2 client in a process of its own for both",
    ],
  };
}
