/** npm run bench -- NAME: measures, says what it does as it goes, and prints one JSON object as its last line. */
import { cpus, loadavg, release, totalmem } from "node:os";
import { api } from "./api.ts";
import type { Benchmark, Measured } from "./benchmark.ts";
import { cli } from "./cli.ts";
import { density } from "./density.ts";
import { exec } from "./exec.ts";
import { failover } from "./failover.ts";
import { idle } from "./idle.ts";
import { p2p } from "./images/p2p.ts";
import { pull, pullOneLayer, pullShared, rmi } from "./images/pull.ts";
import { read } from "./images/read.ts";
import { list } from "./list.ts";
import { logs } from "./logs.ts";
import { restart } from "./restart.ts";
import { scale } from "./scale.ts";
import { startTime } from "./start.ts";
import { stop } from "./stop.ts";
import { watch } from "./watch.ts";

const benchmarks: readonly Benchmark[] = [
  scale,
  startTime,
  stop,
  density,
  exec,
  logs,
  idle,
  failover,
  cli,
  api,
  watch,
  list,
  restart,
  pull,
  pullOneLayer,
  pullShared,
  rmi,
  p2p,
  read,
];

const name = process.argv[2];
const benchmark = benchmarks.find((one) => one.name === name);
if (!benchmark) {
  process.stderr.write(
    `usage: npm run bench -- NAME\n${benchmarks.map((one) => `  ${one.name.padEnd(15)} ${one.what}\n`).join("")}`,
  );
  process.exitCode = 2;
} else if (process.getuid?.() !== 0) {
  process.stderr.write("benchmarks start clusters and peers: run them as root\n");
  process.exitCode = 1;
} else {
  const [loadBefore = 0] = loadavg();
  const measured = await benchmark.run((text) => process.stdout.write(`${text}\n`));
  process.stdout.write(`${JSON.stringify(report(benchmark, measured, loadBefore))}\n`);
  process.exitCode = measured.met ? 0 : 1;
}

function report({ name }: Benchmark, measured: Measured, loadBefore: number): Record<string, unknown> {
  const { ours, peer = null, peerName = null, unit, target, met, conditions = [], ...more } = measured;
  const ratio = peer === null ? null : Number((ours / peer).toFixed(3));
  const machine = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.version}, load before ${loadBefore.toFixed(1)}`;
  return {
    name,
    ours,
    peer,
    peerName,
    ratio,
    unit,
    target,
    met,
    conditions: [machine, ...conditions].join("; "),
    ...more,
  };
}
