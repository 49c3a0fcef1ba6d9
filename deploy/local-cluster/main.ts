/** orch-local-cluster supervise --cluster NAME: the program behind `orchctl cluster up`. Composition root of deploy/. */
import { parseArgs } from "node:util";
import { systemClock } from "#proto/kit/clock.ts";
import { createLogger } from "#proto/kit/pino-logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { serveControl } from "./control.ts";
import { clusterPaths } from "./names.ts";
import { makeRunDirectory } from "./network.ts";
import { readLivePid, writePid } from "./process.ts";
import { readCluster } from "./state.ts";
import { Supervisor } from "./supervisor.ts";

async function supervise(name: string): Promise<void> {
  const logger = createLogger({ level: "info", component: "local-cluster" });
  const cluster = readCluster(name);
  if (!cluster)
    throw new Problem("not-found", `there is no local cluster ${name}`, { hint: "make it with: orchctl cluster up" });
  makeRunDirectory(name);
  const paths = clusterPaths(name);
  const running = readLivePid(paths.supervisorPid);
  if (running !== undefined)
    throw new Problem("already-exists", `cluster ${name} is supervised already, by process ${running}`);
  writePid(paths.supervisorPid, process.pid);

  const stopping = new AbortController();
  const supervisor = new Supervisor(cluster, { clock: systemClock, random: systemRandom, logger });
  let phase = "starting";
  const server = await serveControl(name, {
    supervisor,
    phase: () => phase,
    stop: async () => {
      phase = "stopping";
      await supervisor.stop();
    },
  });
  process.once("SIGTERM", () => {
    stopping.abort();
    server.close();
    void supervisor.release();
  });
  try {
    await supervisor.start(stopping.signal);
    phase = "running";
  } catch (thrown) {
    if (stopping.signal.aborted) return;
    const problem = Problem.from(thrown);
    phase = `failed: ${problem.message}${problem.hint ? `; ${problem.hint}` : ""}`;
    logger.error({ err: String(problem.cause ?? problem.message) }, phase);
  }
}

const { values, positionals } = parseArgs({ options: { cluster: { type: "string" } }, allowPositionals: true });
if (positionals[0] !== "supervise" || values.cluster === undefined) {
  process.stderr.write("usage: orch-local-cluster supervise --cluster NAME\n");
  process.exitCode = 2;
} else {
  supervise(values.cluster).catch((thrown: unknown) => {
    process.stderr.write(`${Problem.from(thrown).message}\n`);
    process.exitCode = 1;
  });
}
