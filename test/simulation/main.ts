/** `npm run sim -- --seeds 1000 --from 1` runs many seeds on all processors; `--seed 7 --trace` replays one. */
import { parseArgs } from "node:util";
import { runSeeds } from "./run-seeds.ts";
import { simulate } from "./simulate.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "100" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    trace: { type: "boolean", default: false },
  },
});

const print = (line: string): void => void process.stdout.write(`${line}\n`);

if (values.seed !== undefined) {
  const result = await simulate(Number(values.seed), values.trace ? print : undefined);
  for (const violation of result.violations) print(`violated: ${violation}`);
  print(`seed ${result.seed}: ${result.violations.length === 0 ? "passed" : "FAILED"}, digest ${result.digest >>> 0}`);
  process.exitCode = result.violations.length === 0 ? 0 : 1;
} else {
  const report = await runSeeds(Number(values.from), Number(values.seeds));
  for (const { seed, violations } of report.failed) {
    print(`seed ${seed} FAILED: ${violations[0]}`);
    print(`  replay: npm run sim -- --seed ${seed} --trace`);
  }
  for (const [what, count] of [...report.seen].sort()) print(`${String(count).padStart(8)} ${what}`);
  print(`${report.passed} seeds passed, ${report.failed.length} failed, ${Math.round(report.tookMs / 1000)} s`);
  process.exitCode = report.failed.length === 0 ? 0 : 1;
}
