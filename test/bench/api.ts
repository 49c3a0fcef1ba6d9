/** Creates through our API beside raw puts into the same etcd: what validation, history and batching cost or save. */
import { type Benchmark, type Measured, median, type Say } from "./benchmark.ts";
import { type BareControlPlane, etcdTarget, startLoader, withControlPlane } from "./control-plane.ts";
import type { CreateJob, CreateReport } from "./load/create-loop.ts";
import type { Target } from "./load/target.ts";
import { cpuSecondsOf } from "./processes.ts";

const clients = 10;
const count = 5_000;
const dataBytes = 1_024;
const runs = 3;
/** What runs for hours is measured compiled. */
const warmUp = count;
const manyAtOnce = 16;
/** All clients are one user: 5,000 creates at once are within its rate again after this, at 500 a second. */
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

interface Pair {
  readonly ours: CreateReport;
  readonly etcd: CreateReport;
}

/** Creates and puts in turn, each client so many at a time. */
class Turns {
  readonly #bare: BareControlPlane;
  readonly #etcd: Target;
  readonly #say: Say;
  #runs = 0;

  constructor(bare: BareControlPlane, etcd: Target, say: Say) {
    this.#bare = bare;
    this.#etcd = etcd;
    this.#say = say;
  }

  async next(kind: "stream" | "calls", atOnce: number, howMany = count): Promise<Pair> {
    const prefix = `run-${this.#runs++}`;
    const ours = await load({
      ...{ kind, target: this.#bare.target, clients, atOnce, count: howMany, prefix, valueBytes: dataBytes },
    });
    const key = `/bench/${prefix}`;
    const etcd = await load({
      ...{ kind: "etcd", target: this.#etcd, clients, atOnce, count: howMany, prefix: key, valueBytes: storedBytes },
    });
    this.#say(
      `  ${kind}, ${atOnce} at once: ours ${ours.perSecond}/s (p99 ${ours.p99Ms} ms), etcd ${etcd.perSecond}/s (p99 ${etcd.p99Ms} ms)`,
    );
    await pause(refillMs);
    return { ours, etcd };
  }
}

const ratioOf = ({ ours, etcd }: Pair): number => Number((ours.perSecond / etcd.perSecond).toFixed(3));

async function measure(bare: BareControlPlane, say: Say): Promise<Measured> {
  const turns = new Turns(bare, await etcdTarget(bare), say);
  await turns.next("stream", 1, warmUp);
  const pairs: Pair[] = [];
  let cpuSeconds = 0;
  for (let run = 0; run < runs; run++) {
    const before = cpuSecondsOf(bare.process.pid ?? 0);
    pairs.push(await turns.next("stream", 1));
    cpuSeconds += cpuSecondsOf(bare.process.pid ?? 0) - before;
  }
  const many = await turns.next("stream", manyAtOnce);
  const calls = await turns.next("calls", 1);
  const of = (side: keyof Pair, figure: keyof CreateReport): number => median(pairs.map((pair) => pair[side][figure]));
  const [ours, peer] = [of("ours", "perSecond"), of("etcd", "perSecond")];
  return {
    ours,
    peer,
    peerName: "raw etcd puts of the stored bytes",
    unit: "objects/s",
    target: "ratio ≥ 0.8",
    met: ours / peer >= 0.8,
    oursP99Ms: of("ours", "p99Ms"),
    peerP99Ms: of("etcd", "p99Ms"),
    clientMsPerObject: of("ours", "cpuMsPerObject"),
    controlPlaneMsPerObject: Number(((cpuSeconds / runs / count) * 1000).toFixed(3)),
    ratioManyAtOnce: ratioOf(many),
    ratioOfCalls: ratioOf(calls),
    conditions: [
      `median of ${runs} in turn after a warm-up; each client a stream that carries its creates, one at a time`,
      `then one run with ${manyAtOnce} at once of each client, ours and etcd's, and one with a call for each create`,
      "one etcd, mTLS, the same light HTTP/2 client in a process of its own for both",
    ],
  };
}
