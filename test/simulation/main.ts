/**
 * `npm run sim -- --seeds 1000 --from 1` runs many seeds on all processors, says how far it is and, at the end or at Ctrl-C, what failed
 * and how to go on;
 * `--seed 7 --trace` replays one. `npm run soak` is a hundred thousand seeds, from a place of its own each day, at the lowest priority.
 */
import { parseArgs } from "node:util";
import { systemClock } from "#proto/kit/clock.ts";
import { runSeeds, type SeedsProgress } from "./run-seeds.ts";
import { simulate } from "./simulate.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "100" },
    /** "today": another range each day. */
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    trace: { type: "boolean", default: false },
    /** Failures after which it gives up. */
    failures: { type: "string", default: "20" },
  },
});

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const progressEveryMs = 10_000;
const dayMs = 86_400_000;

async function replay(seed: number): Promise<boolean> {
  const result = await simulate(seed, values.trace ? print : undefined);
  for (const violation of result.violations) print(`violated: ${violation}`);
  print(`seed ${result.seed}: ${result.violations.length === 0 ? "passed" : "FAILED"}, digest ${result.digest >>> 0}`);
  return result.violations.length === 0;
}

async function soak(count: number): Promise<boolean> {
  const from =
    values.from === "today" ? (Math.floor(systemClock.nowMs() / dayMs) % 20_000) * 100_000 : Number(values.from);
  const stopping = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stopping.abort());
  print(`seeds ${from} to ${from + count - 1}`);
  let saidAtMs = systemClock.monotonicMs();
  const onProgress = ({ done, failed, tookMs }: SeedsProgress): void => {
    if (failed)
      print(`seed ${failed.seed} FAILED: ${failed.violations[0]} (npm run sim -- --seed ${failed.seed} --trace)`);
    const nowMs = systemClock.monotonicMs();
    if (nowMs - saidAtMs < progressEveryMs) return;
    saidAtMs = nowMs;
    const leftMinutes = Math.ceil(((tookMs / done) * (count - done)) / 60_000);
    print(`${done} of ${count} seeds, ${((done * 1000) / tookMs).toFixed(1)} a second, ${leftMinutes} min left`);
  };
  const options = { onProgress, signal: stopping.signal, maxFailures: Number(values.failures) };
  const report = await runSeeds(from, count, options);
  for (const [what, times] of [...report.seen].sort()) print(`${String(times).padStart(8)} ${what}`);
  for (const { seed, violations } of report.failed) print(`seed ${seed} FAILED: ${violations[0]}`);
  print(`${report.passed} seeds passed, ${report.failed.length} failed, ${Math.round(report.tookMs / 1000)} s`);
  const left = from + count - report.next;
  if (left > 0) print(`to go on: npm run sim -- --from ${report.next} --seeds ${left}`);
  return report.failed.length === 0;
}

const isWell = values.seed === undefined ? await soak(Number(values.seeds)) : await replay(Number(values.seed));
process.exitCode = isWell ? 0 : 1;
