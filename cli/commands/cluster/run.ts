/** Starts and stops local clusters, and keeps their contexts for root and for the user behind sudo. */
import { clusterDown, clusterUp } from "#deploy/local-cluster/up.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Node } from "#proto/resources/node.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import { readConfig } from "../../context/config-file.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { jsonOf } from "../../printers/json.ts";
import { addContexts, forgetContext } from "./contexts.ts";

export interface UpFlags {
  readonly name: string;
  readonly nodes?: number;
  readonly maxPods?: number;
  /** In seconds. */
  readonly maxRestartPeriod?: number;
  /** In seconds. */
  readonly pressureHold?: number;
  readonly plainHttpRegistry: readonly string[];
  readonly wait: boolean;
  readonly timeout: number;
  readonly output?: string;
}

export interface DownFlags {
  readonly name: string;
  readonly purge?: boolean;
}

export interface StatusFlags {
  readonly output?: string;
}

export async function runUp(flags: UpFlags, global: GlobalOptions, environment: Environment): Promise<void> {
  environment.err.write(`Starting cluster ${flags.name} …\n`);
  const controlPlaneArguments = flags.plainHttpRegistry.flatMap((host) => ["--plain-http-registry", host]);
  const agentArguments = [
    ...(flags.maxPods === undefined ? [] : ["--max-pods", String(flags.maxPods)]),
    ...(flags.maxRestartPeriod === undefined ? [] : ["--max-restart-period", String(flags.maxRestartPeriod)]),
    ...(flags.pressureHold === undefined ? [] : ["--pressure-hold", String(flags.pressureHold)]),
  ];
  const result = await clusterUp(
    { name: flags.name, nodes: flags.nodes, programs: environment.programs, agentArguments, controlPlaneArguments },
    environment.clock,
  );
  const contexts = await readConfig(result.adminContext);
  const path = await addContexts(contexts.contexts, global, environment);
  const ready = flags.wait
    ? await waitForNodes(
        { ...global, config: path, context: flags.name },
        flags,
        result.cluster.nodes.length,
        environment,
      )
    : 0;
  if (flags.output === "json") {
    const { name } = flags;
    const { nodes } = result.cluster;
    const readiness = flags.wait ? { readyNodes: ready } : {};
    environment.out.write(
      jsonOf({
        cluster: name,
        outcome: result.outcome,
        nodes: nodes.length,
        ...readiness,
        context: name,
        config: path,
      }),
    );
    return;
  }
  const done = { created: "is up", started: "is up again", unchanged: "was up already" }[result.outcome];
  environment.out.write(
    `Cluster ${flags.name} ${done}${flags.wait ? `: ${ready} nodes are ready` : ""}. Context "${flags.name}" is in ${path}.\n`,
  );
}

const isReady = (node: Node): boolean =>
  node.status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") === true;

async function waitForNodes(
  global: GlobalOptions,
  flags: UpFlags,
  nodes: number,
  environment: Environment,
): Promise<number> {
  return withConnection(global, environment, async (connection) => {
    const deadline = new AbortController();
    const timer = environment.clock.after(flags.timeout, () => deadline.abort());
    const signal = AbortSignal.any([environment.signal, deadline.signal]);
    try {
      return await countReady(connection, nodes, signal);
    } catch (thrown) {
      if (!deadline.signal.aborted) throw thrown;
      throw new Problem("timeout", `not all of ${nodes} nodes were ready after ${flags.timeout / 1000} s`, {
        hint: `look at: orchctl get nodes   and the logs in /var/lib/orch/${flags.name}/logs`,
      });
    } finally {
      timer.cancel();
    }
  });
}

async function countReady({ api }: Connection, wanted: number, signal: AbortSignal): Promise<number> {
  const ready = new Set<string>();
  for await (const event of api.watch("nodes", {}, signal)) {
    if (event.type === "BOOKMARK") continue;
    if (event.type !== "DELETED" && isReady(event.object as unknown as Node)) ready.add(event.object.metadata.name);
    else ready.delete(event.object.metadata.name);
    if (ready.size >= wanted) break;
  }
  return ready.size;
}

export async function runDown(flags: DownFlags, global: GlobalOptions, environment: Environment): Promise<void> {
  const { existed } = await clusterDown({ name: flags.name, purge: flags.purge === true }, environment.clock);
  // Of a cluster that never was here the name may be that of another one.
  if (flags.purge && existed) await forgetContext(flags.name, global, environment);
  if (!existed) environment.out.write(`There is no cluster ${flags.name} on this machine.\n`);
  else
    environment.out.write(
      flags.purge
        ? `Cluster ${flags.name} is removed.\n`
        : `Cluster ${flags.name} is stopped; its data stays (orchctl cluster up --name ${flags.name} starts it again).\n`,
    );
}
