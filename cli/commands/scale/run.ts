/** Sets spec.replicas through the scale subresource. */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { ChangeFlags } from "../../changes/flags.ts";
import { merged } from "../../changes/merge.ts";
import { eachInTurn, Report, writeQuery } from "../../changes/report.ts";
import { type Selected, type SelectFlags, selectObjects } from "../../changes/select.ts";
import type { WriteAnswer } from "../../client/api-client.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { fieldOf } from "../../printers/field-path.ts";
import { startDeadline } from "../../waiting/deadline.ts";
import { waitForRollout } from "../../waiting/rollout.ts";
import { parseTargets } from "../targets.ts";

export interface ScaleOptions extends ChangeFlags, SelectFlags {
  readonly replicas: number;
  readonly currentReplicas?: number;
  readonly resourceVersion?: string;
  readonly wait?: boolean;
  readonly timeout: number;
}

export async function runScale(
  words: readonly string[],
  options: ScaleOptions,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const [kinds, ...names] = words;
  for (const { definition, names: named } of kinds === undefined ? [] : parseTargets(kinds, names))
    refuseUnscalable(definition, named[0] ?? "");
  const deadline = startDeadline(environment.clock, options.timeout);
  const report = await Report.open(options, environment);
  await withConnection(global, environment, async (connection) => {
    const selected = await selectObjects({ words, flags: options, global }, connection, environment);
    await eachInTurn(selected, "scaled", environment, async (one) => {
      refuseUnscalable(one.definition, one.name);
      report.add(one.definition, await scale(one, options, connection), "scaled");
      if (!options.wait || (options.dryRun ?? "none") !== "none") return;
      environment.err.write(`${await waitForRollout(connection, one, deadline, environment)}\n`);
    });
    report.close();
  });
}

function refuseUnscalable({ kind, subresources }: Selected["definition"], name: string): void {
  if (subresources.includes("scale")) return;
  throw new Problem("unsupported", `${kind} ${name} has no replicas to scale`, {
    hint: "scale Deployments and ReplicaSets",
  });
}

/** What was looked at is what is changed: with --current-replicas nobody else's scaling is undone. */
async function scale(
  { definition, namespace, name, object }: Selected,
  options: ScaleOptions,
  { api }: Connection,
): Promise<WriteAnswer> {
  const { replicas, currentReplicas } = options;
  const before = fieldOf(object, "spec.replicas");
  if (currentReplicas !== undefined && before !== currentReplicas)
    throw new Problem("conflict", `${definition.kind} ${name} has ${String(before)} replicas, not ${currentReplicas}`);
  const version =
    options.resourceVersion ?? (currentReplicas === undefined ? undefined : object.metadata.resourceVersion);
  const body = { ...(version !== undefined && { metadata: { resourceVersion: version } }), spec: { replicas } };
  if (options.dryRun === "client")
    return { object: merged(object, { spec: { replicas } }) as KubeObject, warnings: [], outcome: "configured" };
  const target = { resource: definition.resource, namespace, name, subresource: "scale" };
  const answer = await api.patch(target, { type: "merge", body }, writeQuery(options));
  return { ...answer, outcome: before === replicas ? "unchanged" : answer.outcome };
}
