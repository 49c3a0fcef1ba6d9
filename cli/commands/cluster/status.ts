/** One screen: who leads, how the nodes are, what is wrong and what to do; also when there is nobody to ask. */
import { readHostSetup } from "#deploy/local-cluster/host-setup.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { ClusterStatus, NodeSummary } from "#proto/resources/cluster-status.ts";
import { apiService } from "#proto/wire/generated/services/cluster.ts";
import { withConnection } from "../../client/connect.ts";
import { currentContext } from "../../context/current-context.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { exitCodes } from "../../exit-codes.ts";
import { jsonOf } from "../../printers/json.ts";
import { renderTable, visible } from "../../printers/table.ts";
import { localHint } from "./local-hint.ts";
import type { StatusFlags } from "./run.ts";

/** Who asks how a cluster is wants an answer now, not when it is back. */
const connectTimeoutMs = 2000;

export async function runStatus(flags: StatusFlags, global: GlobalOptions, environment: Environment): Promise<void> {
  const context = await currentContext(global, environment);
  try {
    await withConnection({ ...global, connectTimeoutMs }, environment, async ({ api }) => {
      const reply = await api.rpc.unary(apiService.clusterStatus, {}, { signal: environment.signal });
      const status = JSON.parse(Buffer.from(reply.status).toString("utf8")) as ClusterStatus;
      environment.out.write(flags.output === "json" ? jsonOf(status) : renderStatus(status, context.server));
      if (flags.output !== "json") environment.out.write(hostChanges());
      if (status.warnings.length > 0) environment.setExitCode(exitCodes.failed);
    });
  } catch (thrown) {
    if (!Problem.is(thrown, "unavailable")) throw thrown;
    const hint = await localHint(context.cluster, environment.clock);
    throw new Problem("unavailable", thrown.message, { causes: thrown.causes, cause: thrown, hint });
  }
}

/** Pure. */
export function renderStatus(status: ClusterStatus, server: string): string {
  const { store, authority } = status;
  const leader = status.controlPlanes.find((one) => one.leader)?.name ?? "nobody";
  const others = status.controlPlanes.filter((one) => !one.leader).map(({ name, address }) => `${name} at ${address}`);
  const well = store.isFull ? "FULL: reads and deletes only" : "healthy";
  const health = store.healthy ? well : `NOT healthy: ${store.message ?? "no reason given"}`;
  const used =
    store.sizeBytes === undefined
      ? ""
      : `, ${megabytes(store.sizeBytes)}${store.quotaBytes ? ` of ${megabytes(store.quotaBytes)}` : ""}`;
  const facts = [
    ["Cluster", `${status.cluster} at ${server}`],
    ["Control plane", `${status.version}, led by ${leader}${others.length > 0 ? `; also ${others.join(", ")}` : ""}`],
    ["Store", `${store.kind} etcd${store.version ? ` ${store.version}` : ""}, ${health}${used}`],
    ...(authority
      ? [["Certificates", `authority ${authority.fingerprint.slice(0, 16)}, good until ${authority.expiresAt}`]]
      : []),
    [
      "Pods",
      Object.entries(status.pods)
        .map(([phase, count]) => `${count} ${phase}`)
        .join(", ") || "none",
    ],
    ...(status.monitoringAddress ? [["Metrics", `http://${status.monitoringAddress}/metrics (on its machine)`]] : []),
  ];
  const rows = status.nodes.map((node) => [
    node.name,
    stateOf(node),
    node.version,
    String(node.pods),
    node.address ?? "",
    node.message ?? "",
  ]);
  const nodes =
    rows.length === 0
      ? "No nodes yet: orchctl node join shows how to add one.\n"
      : renderTable(["NODE", "STATUS", "VERSION", "PODS", "ADDRESS", ""], rows);
  const wrong = status.warnings.map((warning) => `! ${visible(warning)}\n`).join("") || "Nothing is wrong.\n";
  return `${renderTable(["", ""], facts, { headers: false })}\n${nodes}\n${wrong}`;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

const stateOf = (node: NodeSummary): string =>
  [
    node.ready ? "Ready" : "NotReady",
    ...(node.unschedulable ? ["SchedulingDisabled"] : []),
    ...(node.troubles ?? []),
  ].join(",");

/** What a local cluster changed on this machine; nothing to say where there is none. */
function hostChanges(): string {
  return readHostSetup()
    .changes.map((change) =>
      change.kind === "mount"
        ? `This machine was changed: ${change.target} is mounted (cluster down --purge undoes it)\n`
        : `This machine was changed: ${change.name} = ${change.after}, was ${change.before} (cluster down --purge undoes it)\n`,
    )
    .join("");
}
