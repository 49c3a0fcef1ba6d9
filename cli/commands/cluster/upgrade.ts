/** Upgrades a running local cluster to the build that this orchctl is of, one program after the other; containers run on. */
import { askSupervisor } from "#deploy/local-cluster/control.ts";
import { notRunning, runningClusters } from "#deploy/local-cluster/not-running.ts";
import { replaceSupervisor } from "#deploy/local-cluster/up.ts";
import { Problem } from "#proto/kit/problem.ts";
import { version } from "#proto/kit/version.ts";
import type { Node } from "#proto/resources/node.ts";
import { apiService } from "#proto/wire/generated/services/cluster.ts";
import { withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { checkUpgrade } from "./upgrade-check.ts";

export interface UpgradeFlags {
  readonly name: string;
  readonly restart?: boolean;
}

export async function runUpgrade(flags: UpgradeFlags, global: GlobalOptions, environment: Environment): Promise<void> {
  const { name } = flags;
  const running = runningClusters();
  if (!running.includes(name)) throw notRunning(name, running);
  const context = { ...global, context: name };
  const before = await versions(context, environment);
  const isSame = checkUpgrade(before.controlPlane, version) === "same";
  const behind = [...before.nodes].filter(([, of]) => of !== version).map(([node]) => node);
  if (isSame && behind.length === 0 && !flags.restart) {
    environment.out.write(
      `Cluster ${name} runs version ${version} already (--restart starts its programs again, after a rebuild).\n`,
    );
    return;
  }
  environment.err.write(`Upgrading cluster ${name} from ${before.controlPlane} to ${version}; containers run on.\n`);
  const { nodes } = await replaceSupervisor(name, environment.programs, environment.clock);
  environment.err.write("  supervisor replaced\n");
  const all = flags.restart || !isSame;
  if (all) await restart(name, "control-plane", environment);
  const names = nodes.map((node) => node.name).filter((node) => all || behind.includes(node));
  for (const [index, node] of names.entries())
    await restart(name, node, environment, ` (${index + 1} of ${names.length})`);
  const after = await versions(context, environment);
  const left = [...after.nodes].filter(([, of]) => of !== version).map(([node, of]) => `${node} runs ${of}`);
  if (after.controlPlane !== version) left.unshift(`the control plane runs ${after.controlPlane}`);
  if (left.length > 0)
    throw new Problem("internal", `not everything was upgraded: ${left.join(", ")}`, {
      hint: "run the same command again",
    });
  environment.out.write(`Cluster ${name} runs version ${version}.\n`);
}

async function versions(
  context: GlobalOptions,
  environment: Environment,
): Promise<{ readonly controlPlane: string; readonly nodes: ReadonlyMap<string, string> }> {
  return await withConnection(context, environment, async ({ api }) => {
    const hello = await api.rpc.unary(apiService.hello, { version, features: [] }, { signal: environment.signal });
    const { items } = await api.list("nodes");
    const nodes = (items as unknown as readonly Node[]).map(
      (node) => [node.metadata.name, node.status?.nodeInfo?.kubeletVersion ?? "unknown"] as const,
    );
    return { controlPlane: hello.version, nodes: new Map(nodes) };
  });
}

async function restart(cluster: string, program: string, environment: Environment, more = ""): Promise<void> {
  environment.signal.throwIfAborted();
  try {
    await askSupervisor(cluster, { kind: "restart", program });
  } catch (thrown) {
    const { code, message, hint } = Problem.from(thrown);
    throw new Problem(code, message, {
      cause: thrown,
      hint: `${hint === undefined ? "" : `${hint}; `}containers run on; the same command goes on where this one ended`,
    });
  }
  environment.err.write(`  ${program} runs ${version}${more}\n`);
}
