/** orch-node-agent: reads flags and environment, builds, runs, and ends with a documented exit code. */
import { hostname } from "node:os";
import { systemClock } from "#proto/kit/clock.ts";
import { openFaultPoints } from "#proto/kit/fault-points.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { createLogger } from "#proto/kit/pino-logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { version } from "#proto/kit/version.ts";
import { type Invocation, parseInvocation } from "./config.ts";
import { agentFaultPoints } from "./fault-points.ts";
import type { Surroundings } from "./wiring.ts";

/** 0 stopped in good order; 1 failed; 2 wrong flags; 3 sent away for good by the control plane: do not restart. */
const exitCodes = { ok: 0, failed: 1, usage: 2, dismissed: 3 } as const;

async function main(): Promise<number> {
  const invocation = parseInvocation(process.argv.slice(2), hostname());
  switch (invocation.kind) {
    case "help":
      process.stdout.write(invocation.text);
      return exitCodes.ok;
    case "version":
      process.stdout.write(`orch-node-agent ${version}\n`);
      return exitCodes.ok;
    case "join":
      return await runJoin(invocation);
    case "run":
      return await runAgent(invocation);
    case "leave":
      return await runLeave(invocation);
  }
}

async function runJoin({ config, forRun }: Extract<Invocation, { kind: "join" }>): Promise<number> {
  const { joinNode } = await import("./join.ts");
  const { membership, dataDirectory } = await joinNode(config, version, systemClock, stopSignal());
  process.stdout.write(
    `This machine is now node ${membership.nodeName} of cluster ${membership.cluster}.\n` +
      `Start it: ${["orch-node-agent run --data-dir", dataDirectory, ...forRun].join(" ")}   (or: systemctl enable --now orch-node-agent)\n`,
  );
  return exitCodes.ok;
}

async function runAgent({ config }: Extract<Invocation, { kind: "run" }>): Promise<number> {
  const logger = createLogger({ level: config.logLevel, component: "node-agent" });
  const { startAgent } = await import("./wiring.ts");
  const around = surroundings(logger);
  const dismissal = await startAgent(config, hostname(), around, stopSignal());
  logger.info({}, dismissal ? "stopped for good" : "stopped; containers run on");
  return dismissal ? exitCodes.dismissed : exitCodes.ok;
}

async function runLeave({ config }: Extract<Invocation, { kind: "leave" }>): Promise<number> {
  const logger = createLogger({ level: config.run.logLevel, component: "node-agent" });
  const { leaveCluster } = await import("./leave.ts");
  const around = surroundings(logger);
  const { cluster, nodeName, untold } = await leaveCluster(config, hostname(), around, stopSignal());
  const told =
    untold === undefined ? "" : `The control plane does not know (${untold}): run orchctl node remove ${nodeName}.\n`;
  process.stdout.write(
    `This machine is no longer node ${nodeName} of cluster ${cluster}; nothing of it is left here.\n${told}`,
  );
  return exitCodes.ok;
}

function surroundings(logger: Logger): Surroundings {
  const faults = openFaultPoints(process.env.ORCH_FAULTS, agentFaultPoints, { clock: systemClock, logger });
  return { clock: systemClock, random: systemRandom, logger, faults, programDirectory: import.meta.dirname };
}

/** Aborts at the first SIGTERM or SIGINT; the second ends the process at once. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => controller.abort(new DOMException(`received ${signal}`, "AbortError")));
  }
  return controller.signal;
}

try {
  process.exitCode = await main();
} catch (thrown) {
  const problem = Problem.from(thrown);
  const hint = problem.hint === undefined ? "" : `\n${problem.hint}`;
  process.stderr.write(`orch-node-agent: ${problem.message}${hint}\n`);
  process.exitCode = problem.code === "bad-request" ? exitCodes.usage : exitCodes.failed;
}
