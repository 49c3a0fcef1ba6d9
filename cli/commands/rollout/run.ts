/** Rollouts of Deployments: their revisions are the ReplicaSets they own. */

import { toTime } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Deployment } from "#proto/resources/deployment.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { isControlledBy } from "#proto/resources/owner.ts";
import type { ReplicaSet } from "#proto/resources/replica-set.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { exitCodes } from "../../exit-codes.ts";
import { renderTable } from "../../printers/table.ts";
import { deploymentRollout, waitForRollout } from "../../waiting/rollout.ts";
import { parseOne } from "../targets.ts";

const revisionAnnotation = "deployment.kubernetes.io/revision";
const changeCause = "kubernetes.io/change-cause";
const resource = "deployments.apps";

interface Found {
  readonly deployment: Deployment;
  readonly connection: Connection;
}

function withDeployment(
  words: readonly string[],
  global: GlobalOptions,
  environment: Environment,
  run: (found: Found) => Promise<void>,
): Promise<void> {
  const { definition, name } = parseOne(words, "deployments");
  if (definition.kind !== "Deployment")
    throw new Problem("unsupported", `${definition.kind} ${name} has no rollouts`, {
      hint: "rollouts are of Deployments",
    });
  return withConnection(global, environment, async (connection) => {
    const deployment = (await connection.api.get(resource, connection.namespace, name)) as unknown as Deployment;
    await run({ deployment, connection });
  });
}

export function rolloutStatus(
  words: readonly string[],
  options: { readonly timeout: number; readonly watch: boolean },
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  return withDeployment(words, global, environment, async ({ deployment, connection }) => {
    const state = deploymentRollout(deployment);
    if (state.done || !options.watch) {
      environment.out.write(`${state.message}\n`);
      if (!state.done) environment.setExitCode(exitCodes.failed);
      return;
    }
    const { definition } = parseOne(["deployments", deployment.metadata.name]);
    await waitForRollout(
      connection,
      { definition, namespace: connection.namespace, object: deployment },
      options.timeout,
      environment,
    );
  });
}

async function revisionsOf({
  deployment,
  connection,
}: Found): Promise<readonly { readonly revision: number; readonly set: ReplicaSet }[]> {
  const { items } = await connection.api.list("replicasets.apps", { namespace: connection.namespace });
  const owned = items.filter((item) => isControlledBy(item, deployment as unknown as KubeObject));
  return owned
    .map((item) => ({
      revision: Number(item.metadata.annotations?.[revisionAnnotation] ?? 0),
      set: item as unknown as ReplicaSet,
    }))
    .sort((a, b) => a.revision - b.revision);
}

export function rolloutHistory(
  words: readonly string[],
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  return withDeployment(words, global, environment, async (found) => {
    const rows = (await revisionsOf(found)).map(({ revision, set }) => [
      String(revision),
      set.spec.template?.spec?.containers.map((container) => container.image ?? "").join(", ") ?? "",
      String(set.status?.replicas ?? 0),
      set.metadata.annotations?.[changeCause] ?? "<none>",
    ]);
    environment.out.write(renderTable(["REVISION", "IMAGES", "PODS", "CHANGE-CAUSE"], rows));
  });
}

export function rolloutUndo(
  words: readonly string[],
  options: { readonly toRevision?: number },
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  return withDeployment(words, global, environment, async (found) => {
    const { deployment, connection } = found;
    const revisions = await revisionsOf(found);
    const current = Number(deployment.metadata.annotations?.[revisionAnnotation] ?? 0);
    const wanted =
      options.toRevision === undefined
        ? revisions.filter((one) => one.revision < current).at(-1)
        : revisions.find((one) => one.revision === options.toRevision);
    if (!wanted) {
      const known = revisions.map((one) => one.revision).join(", ");
      throw new Problem(
        "not-found",
        options.toRevision === undefined
          ? `${deployment.metadata.name} has no earlier revision`
          : `${deployment.metadata.name} has no revision ${options.toRevision}`,
        { hint: `it has: ${known || "none"}` },
      );
    }
    const template = structuredClone(wanted.set.spec.template) as unknown as {
      metadata?: { labels?: Record<string, string> };
    };
    delete template.metadata?.labels?.["pod-template-hash"];
    const patch = [{ op: "replace", path: "/spec/template", value: template }];
    await connection.api.patch(
      { resource, namespace: connection.namespace, name: deployment.metadata.name },
      { type: "json", body: patch },
      { fieldManager: "orchctl" },
    );
    environment.out.write(`deployment.apps/${deployment.metadata.name} goes back to revision ${wanted.revision}\n`);
  });
}

export function rolloutChange(
  verb: "pause" | "resume" | "restart",
  words: readonly string[],
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  return withDeployment(words, global, environment, async ({ deployment, connection }) => {
    const stamp = { "kubectl.kubernetes.io/restartedAt": toTime(environment.clock.nowMs()) };
    const spec = verb === "restart" ? { template: { metadata: { annotations: stamp } } } : { paused: verb === "pause" };
    await connection.api.patch(
      { resource, namespace: connection.namespace, name: deployment.metadata.name },
      { type: "merge", body: { spec } },
      { fieldManager: "orchctl" },
    );
    const done = { pause: "paused", resume: "resumed", restart: "restarts" }[verb];
    environment.out.write(`deployment.apps/${deployment.metadata.name} ${done}\n`);
  });
}
