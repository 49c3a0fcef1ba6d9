/**
 * orch-control-plane: reads its flags, starts, tells that it is ready, and stops in order when asked to.
 *
 * Exit codes: 0 stopped as asked; 1 failed while running, or a stop took too long; 2 the command line is wrong; 3 could not
 * start (the message says why).
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { enableCompileCache } from "node:module";
import { hostname, networkInterfaces } from "node:os";
import { dirname, join } from "node:path";
import tls from "node:tls";
import { systemClock } from "#proto/kit/clock.ts";
import { openFaultPoints } from "#proto/kit/fault-points.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { createLogger } from "#proto/kit/pino-logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { version } from "#proto/kit/version.ts";
import { type ControlPlaneConfig, readInvocation } from "./config.ts";
import { controlPlaneFaultPoints } from "./fault-points.ts";
import { claimFolder } from "./folder-claim.ts";
import { ensureOwnFolder } from "./own-folder.ts";
import type { ControlPlaneDependencies, RunningControlPlane } from "./wiring.ts";

const exitCodes = { stopped: 0, failed: 1, usage: 2, cannotStart: 3 } as const;
const stopDeadlineMs = 20_000;

tls.DEFAULT_MIN_VERSION = "TLSv1.3";

function firstAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.1";
}

function explain(problem: Problem): string {
  const lines = [`orch-control-plane: ${problem.message}`];
  for (const { path, message } of problem.causes) lines.push(`  ${path === undefined ? "" : `${path}: `}${message}`);
  if (problem.hint !== undefined) lines.push(problem.hint);
  return `${lines.join("\n")}\n`;
}

async function run(config: ControlPlaneConfig, logger: Logger): Promise<number> {
  const stopping = new AbortController();
  const { promise: asked, resolve: ask } = Promise.withResolvers<string>();
  let signals = 0;
  for (const name of ["SIGTERM", "SIGINT"] as const) {
    process.on(name, () => {
      ask(name);
      stopping.abort(new Problem("canceled", `stopped by ${name}`));
      if (++signals > 1) process.exit(exitCodes.failed);
    });
  }
  if (config.readyFile !== undefined) await rm(config.readyFile, { force: true });
  let running: RunningControlPlane;
  let release = async (): Promise<void> => undefined;
  try {
    await ensureOwnFolder(config.dataDir, "--data-dir");
    release = await claimFolder(config.dataDir, process.pid);
    // Never the shared default in /tmp: what is in there is run as this user.
    enableCompileCache(join(config.dataDir, "compile-cache"));
    const faults = openFaultPoints(process.env.ORCH_FAULTS, controlPlaneFaultPoints, { clock: systemClock, logger });
    const dependencies = { clock: systemClock, random: systemRandom, logger, faults };
    if (config.restore) return await restore(config, dependencies, stopping.signal).finally(release);
    const { startControlPlane } = await import("./wiring.ts");
    running = await startControlPlane(config, dependencies, stopping.signal);
  } catch (thrown) {
    await release();
    if (stopping.signal.aborted) return exitCodes.stopped;
    const problem = Problem.from(thrown);
    if (!(thrown instanceof Problem)) logger.error({ err: thrown }, "the start failed");
    process.stderr.write(explain(problem));
    return exitCodes.cannotStart;
  }
  if (running.joinCommand !== undefined) await showFirstSteps(config, running.joinCommand, running.adminContext);
  if (config.readyFile !== undefined) {
    await mkdir(dirname(config.readyFile), { recursive: true, mode: 0o700 });
    await writeFile(config.readyFile, `${process.pid}\n`, { mode: 0o600 });
  }
  logger.info({ reason: await asked }, "stopping");
  if (config.readyFile !== undefined) await rm(config.readyFile, { force: true });
  const late = systemClock.after(stopDeadlineMs, () => {
    logger.error({}, "stopping took too long");
    process.exit(exitCodes.failed);
  });
  await running.stop();
  await release();
  late.cancel();
  return exitCodes.stopped;
}

async function restore(
  config: ControlPlaneConfig,
  dependencies: ControlPlaneDependencies,
  signal: AbortSignal,
): Promise<number> {
  const { restoreOnly } = await import("./restore-only.ts");
  const { cluster, items, createdAt } = await restoreOnly(config, dependencies, signal);
  process.stdout.write(
    `Restored ${items} keys of cluster "${cluster}" as of ${createdAt}. Start it: orch-control-plane with the same flags but --restore (or: systemctl start orch-control-plane).\n`,
  );
  return exitCodes.stopped;
}

/** A join command holds a secret: it is shown to a person, and kept out of a log. */
async function showFirstSteps(config: ControlPlaneConfig, joinCommand: string, adminContext: string): Promise<void> {
  const file = join(config.dataDir, "join-command");
  const command = process.stdout.isTTY ? joinCommand : `$(cat ${file})`;
  if (!process.stdout.isTTY) await writeFile(file, `${joinCommand}\n`, { mode: 0o600 });
  process.stdout.write(
    `The cluster "${config.settings.clusterName}" is ready. On each machine, as root, run:\n\n  ${command}\n\n` +
      `(good for one hour and ten machines; \`orchctl node join\` makes more)\nAdministrator's context: ${adminContext}\n`,
  );
}

async function main(): Promise<number> {
  let invocation: ReturnType<typeof readInvocation>;
  try {
    const searchPath = process.env.PATH ?? "/usr/local/bin:/usr/bin:/bin";
    const host = { hostname: hostname().toLowerCase(), address: firstAddress(), searchPath };
    invocation = readInvocation(process.argv.slice(2), host);
  } catch (thrown) {
    process.stderr.write(explain(Problem.from(thrown)));
    return exitCodes.usage;
  }
  if (invocation.kind === "help") process.stdout.write(invocation.text);
  if (invocation.kind === "version") process.stdout.write(`orch-control-plane ${version}\n`);
  if (invocation.kind !== "run") return exitCodes.stopped;
  const { config } = invocation;
  const logger = createLogger({ level: config.logLevel, component: "control-plane" });
  process.on("uncaughtException", (thrown) => {
    // What is half done is in etcd's hands; a fresh process is safer than this one.
    logger.error({ err: thrown }, "an error nobody handled; ending");
    process.exit(exitCodes.failed);
  });
  return await run(config, logger);
}

// Our timers hold no process open; this does, until the end is decided below.
const hold = setInterval(() => undefined, 2 ** 31 - 1);
process.exitCode = await main();
clearInterval(hold);
// A connection or child that does not let go must not keep a stopped control plane around.
process.exit();
