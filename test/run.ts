/**
 * Runs the test stages in order, quick ones first, and ends with one line: "N passed, N failed".
 * Usage: test/run.ts [STAGE …] [--only TEXT]; stages: checks unit simulation integration e2e (default: all).
 */
import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

const root = join(import.meta.dirname, "..");
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

interface Stage {
  readonly name: string;
  readonly files: () => string[];
  /** Files that run at the same time. */
  readonly concurrency: number;
  /** One process for all files (fast), or one each. */
  readonly isolated: boolean;
  readonly timeoutMs: number;
}

const outside = ["test/integration/**", "test/simulation/**", "test/e2e/**", "node_modules/**", "dist/**", ".build/**"];
const stages: readonly Stage[] = [
  {
    name: "unit",
    files: () => globSync("**/*.test.ts", { cwd: root, exclude: outside }),
    concurrency: 2,
    isolated: false,
    timeoutMs: 180_000,
  },
  {
    name: "simulation",
    files: () => globSync("test/simulation/**/*.test.ts", { cwd: root }),
    concurrency: 1,
    isolated: true,
    timeoutMs: 900_000,
  },
  {
    name: "integration",
    files: () => globSync("test/integration/**/*.test.ts", { cwd: root }),
    concurrency: 3,
    isolated: true,
    timeoutMs: 1_500_000,
  },
  {
    name: "e2e",
    files: () => globSync("test/e2e/**/*.test.ts", { cwd: root }),
    concurrency: 1,
    isolated: true,
    timeoutMs: 1_800_000,
  },
];

interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

/** Runs a command, with its output shown as it comes if `live`; resolves with exit code and the text of its standard output. */
function run(
  command: string,
  args: readonly string[],
  timeoutMs: number,
  live = true,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, NO_COLOR: "1" },
    });
    const timer = setTimeout(() => {
      say(`# ${command} ${args[0] ?? ""}: not done after ${timeoutMs / 1000} s, stopping it`);
      child.kill("SIGTERM");
    }, timeoutMs);
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-200_000);
      if (live) process.stdout.write(text);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, output });
    });
  });
}

const counted = (output: string, name: string): number =>
  Number(new RegExp(`^ℹ ${name} (\\d+)$`, "m").exec(output)?.[1] ?? 0);

async function check(name: string, command: string, args: readonly string[], totals: Totals): Promise<void> {
  const startedAt = performance.now();
  const { code } = await run(command, args, 300_000);
  say(`${code === 0 ? "✔" : "✖"} ${name} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
  if (code === 0) totals.passed++;
  else totals.failed++;
}

async function runStage(stage: Stage, only: string | undefined, totals: Totals): Promise<void> {
  const files = stage
    .files()
    .filter((file) => only === undefined || file.includes(only))
    .sort();
  if (files.length === 0) return;
  say(`\n== ${stage.name}: ${files.length} files`);
  const startedAt = performance.now();
  if (stage.isolated) await runEach(stage, files, totals);
  else add(totals, await runFiles(stage, files, true));
  say(`== ${stage.name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
}

/**
 * Each file in a process of its own, a few at a time. One with real processes, kernels and clocks in it that fails is run once more, alone:
 * passing then, it counts, and is named as flaky at the end, for somebody to look at.
 */
async function runEach(stage: Stage, files: readonly string[], totals: Totals): Promise<void> {
  const [waiting, failed]: [string[], string[]] = [[...files], []];
  const untilMs = performance.now() + stage.timeoutMs;
  const runner = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const ran = await runFiles({ ...stage, timeoutMs: Math.max(1_000, untilMs - performance.now()) }, [file], false);
      if (ran.failed > 0) failed.push(file);
      else add(totals, ran);
    }
  };
  await Promise.all(Array.from({ length: stage.concurrency }, runner));
  for (const file of failed) {
    say(`\n# once more, alone: ${file}`);
    const again = await runFiles(stage, [file], true);
    add(totals, again);
    if (again.failed === 0) flaky.push(file);
  }
}

const flaky: string[] = [];

function add(totals: Totals, { passed, failed, skipped }: Totals): void {
  totals.passed += passed;
  totals.failed += failed;
  totals.skipped += skipped;
}

/** `live`: output as it comes; else when the files are done, so that those of several do not mix. */
async function runFiles(stage: Stage, files: readonly string[], live: boolean): Promise<Totals> {
  const how = stage.isolated ? ["--test"] : [];
  const runner = stage.isolated ? [] : [join(root, "test/one-process.ts")];
  const command = [...how, "--test-reporter=spec", "--test-force-exit", ...runner, ...files];
  const { code, output } = await run(process.execPath, command, stage.timeoutMs, live);
  if (!live) say(output.trimEnd());
  const failed = counted(output, "fail") + counted(output, "cancelled");
  return {
    passed: counted(output, "pass"),
    skipped: counted(output, "skipped"),
    failed: code !== 0 && failed === 0 ? 1 : failed,
  };
}

/** One cluster for all end-to-end tests that need no cluster of their own; what it leaves behind is a failure. */
async function withSharedCluster(body: () => Promise<void>): Promise<void> {
  const { startSharedCluster } = await import("./e2e/support/shared-cluster.ts");
  try {
    const cluster = await startSharedCluster();
    Object.assign(process.env, cluster.variables);
    try {
      await body();
    } finally {
      const leaks = await cluster.stop();
      say(
        leaks.length === 0
          ? "✔ the shared cluster left nothing behind"
          : `✖ the shared cluster left behind:\n  ${leaks.join("\n  ")}`,
      );
      if (leaks.length === 0) totals.passed++;
      else totals.failed++;
    }
  } catch (thrown) {
    say(`✖ the shared cluster: ${String(thrown)}`);
    totals.failed++;
  }
}

const { values, positionals } = parseArgs({ options: { only: { type: "string" } }, allowPositionals: true });
const wanted = (name: string): boolean => positionals.length === 0 || positionals.includes(name);
const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
if (wanted("checks")) {
  await check("types", "tsc", ["-b"], totals);
  await check("lint and format", process.execPath, ["test/biome.ts", "ci", "--colors=off", "."], totals);
  await check("generated code is up to date", process.execPath, ["proto/generate.ts", "--check"], totals);
}
if (wanted("checks") || wanted("e2e") || wanted("integration"))
  await check("build", process.execPath, ["deploy/build.ts"], totals);
for (const stage of stages) {
  if (!wanted(stage.name)) continue;
  if (stage.name === "e2e") await withSharedCluster(() => runStage(stage, values.only, totals));
  else await runStage(stage, values.only, totals);
}
if (flaky.length > 0) say(`\n# flaky: failed once, passed alone: ${flaky.join(", ")}`);
say(`\n${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ""}`);
process.exitCode = totals.failed > 0 ? 1 : 0;
