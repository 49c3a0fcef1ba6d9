/** One screen: who leads, how the nodes are, what is wrong and what to do. */
import { readHostSetup } from "#deploy/local-cluster/host-setup.ts";
import type { ClusterStatus } from "#proto/resources/cluster-status.ts";
import { apiService } from "#proto/wire/generated/services.ts";
import { withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { exitCodes } from "../../exit-codes.ts";
import { renderTable, visible } from "../../printers/table.ts";
import type { StatusFlags } from "./run.ts";

export async function runStatus(flags: StatusFlags, global: GlobalOptions, environment: Environment): Promise<void> {
  await withConnection(global, environment, async ({ api, context }) => {
    const reply = await api.rpc.unary(apiService.clusterStatus, {}, { signal: environment.signal });
    const status = JSON.parse(Buffer.from(reply.status).toString("utf8")) as ClusterStatus;
    if (flags.output === "json") environment.out.write(`${JSON.stringify(status, undefined, 2)}\n`);
    else environment.out.write(render(status, context.server));
    if (status.warnings.length > 0) environment.setExitCode(exitCodes.failed);
  });
}

function render(status: ClusterStatus, server: string): string {
  const store = status.store;
  const leader = status.controlPlanes.find((one) => one.leader)?.name ?? "nobody";
  const lines = [`Cluster ${status.cluster} at ${server}, control plane ${status.version}, led by ${leader}\n`];
  lines.push(
    `Store: ${store.kind} etcd ${store.version ?? ""} ${store.healthy ? "is healthy" : `is NOT healthy: ${store.message ?? ""}`}\n\n`,
  );
  const rows = status.nodes.map((node) => [
    node.name,
    node.ready ? "Ready" : "NotReady",
    node.version,
    String(node.pods),
  ]);
  lines.push(renderTable(["NODE", "STATUS", "VERSION", "PODS"], rows), "\n");
  for (const change of readHostSetup().changes) {
    lines.push(
      `This machine was changed: ${change.kind === "mount" ? `${change.target} is mounted` : `${change.name} = ${change.after} (was ${change.before})`}\n`,
    );
  }
  if (status.warnings.length === 0) lines.push("Nothing is wrong.\n");
  for (const warning of status.warnings) lines.push(`! ${visible(warning)}\n`);
  return lines.join("");
}
