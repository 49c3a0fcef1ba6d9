/** Rollouts of Deployments: their revisions are the ReplicaSets they own. */

import { toTime } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Deployment } from "#proto/resources/deployment.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { isControlledBy } from "#proto/resources/owner.ts";
import type { ReplicaSet } from "#proto/resources/replica-set.ts";
import { eachInTurn } from "../../changes/report.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { exitCodes } from "../../exit-codes.ts";
import { renderTable, visible } from "../../printers/table.ts";
import { yamlOf } from "../../printers/yaml.ts";
import { usageProblem } from "../../program-options.ts";
import { startDeadline } from "../../waiting/deadline.ts";
import { deploymentRollout, waitForRollout } from "../../waiting/rollout.ts";
import { parseOne, parseTargets, type Target } from "../targets.ts";

const revisionAnnotation = "deployment.kubernetes.io/revision";
const changeCause = "kubernetes.io/change-cause";
const resource = "deployments.apps";

interface Found {
  readonly deployment: Deployment;
  readonly connection: Connection;
}

export interface RolloutTargets {
  readonly words: readonly string[];
  /** Labels; then the words name the kind alone. */
  readonly selector?: string;
}

/** `deployment/a deployment/b`, `deploy a b`, a lone `a`, or `deploy -l LABELS`: one after the other. */
function withDeployment(
  targets: RolloutTargets,
  global: GlobalOptions,
  environment: Environment,
  run: (found: Found) => Promise<void>,
): Promise<void> {
  const names = namesOf(targets);
  return withConnection(global, environment, async (connection) => {
    const { api, namespace } = connection;
    const found = names ?? (await selected(targets.selector ?? "", connection));
    await eachInTurn({ found, missing: [] }, "changed", environment, async (name) => {
      await run({ deployment: (await api.get(resource, namespace, name)) as unknown as Deployment, connection });
    });
  });
}

async function selected(labelSelector: string, { api, namespace }: Connection): Promise<readonly string[]> {
  const { items } = await api.list(resource, { namespace, labelSelector });
  return items.map(({ metadata }) => metadata.name);
}

/** Undefined: those that the selector finds. */
function namesOf({ words, selector }: RolloutTargets): readonly string[] | undefined {
  const [first = "", ...others] = words;
  const isLone = others.length === 0 && !first.includes("/") && selector === undefined;
  const targets = isLone ? [oneOf(words)] : parseTargets(first, others);
  const foreign = targets.find(({ definition }) => definition.kind !== "Deployment");
  if (foreign)
    throw new Problem("unsupported", `${foreign.definition.kind} ${foreign.names[0] ?? ""} has no rollouts`, {
      hint: "rollouts are of Deployments",
    });
  const names = targets.flatMap((target) => target.names);
  if (selector === undefined) return names;
  if (names.length > 0) throw usageProblem("a name and a selector do not go together", "leave one of them out");
  return undefined;
}

function oneOf(words: readonly string[]): Target {
  const { definition, name } = parseOne(words, "deployments");
  return { definition, names: [name] };
}

export function rolloutStatus(
  targets: RolloutTargets,
  options: { readonly timeout: number; readonly watch: boolean },
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  return withDeployment(targets, global, environment, async ({ deployment, connection }) => {
    const state = deploymentRollout(deployment);
    if (state.done || !options.watch) {
      environment.out.write(`${visible(state.message)}\n`);
      if (!state.done) environment.setExitCode(exitCodes.failed);
      return;
    }
    const { definition } = parseOne(["deployments", deployment.metadata.name]);
    const target = { definition, namespace: connection.namespace, object: deployment };
    environment.out.write(
      `${await waitForRollout(connection, target, startDeadline(environment.clock, options.timeout), environment)}\n`,
    );
  });
}

interface Revision {
  readonly revision: number;
  readonly set: ReplicaSet;
}

/** The one asked for, or the newest before the current one. */
function chooseRevision({ deployment }: Found, revisions: readonly Revision[], asked: number | undefined): Revision {
  const current = Number(deployment.metadata.annotations?.[revisionAnnotation] ?? 0);
  const wanted =
    asked === undefined
      ? revisions.filter((one) => one.revision < current).at(-1)
      : revisions.find((one) => one.revision === asked);
  if (wanted) return wanted;
  const { name } = deployment.metadata;
  throw new Problem(
    "not-found",
    asked === undefined ? `${name} has no earlier revision` : `${name} has no revision ${asked}`,
    {
      hint: `it has: ${revisions.map((one) => one.revision).join(", ") || "none"}`,
    },
  );
}

/** Oldest first. */
async function revisionsOf({ deployment, connection }: Found): Promise<readonly Revision[]> {
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
  options: { readonly revision?: number },
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  return withDeployment({ words }, global, environment, async (found) => {
    const revisions = await revisionsOf(found);
    if (options.revision !== undefined) {
      const { set } = chooseRevision(found, revisions, options.revision);
      environment.out.write(yamlOf(set.spec.template));
      return;
    }
    const rows = revisions.map(({ revision, set }) => [
      String(revision),
      set.spec.template?.spec?.containers.map((container) => container.image ?? "").join(", ") ?? "",
      String(set.status?.replicas ?? 0),
      set.metadata.annotations?.[changeCause] ?? "<none>",
    ]);
    environment.out.write(renderTable(["REVISION", "IMAGES", "PODS", "CHANGE-CAUSE"], rows));
  });
}

/** A held rollout would change nothing, and surprise later. */
function refusePaused({ metadata, spec }: Deployment, what: string): void {
  if (!spec.paused) return;
  throw new Problem("conflict", `deployment ${metadata.name} is paused: it cannot ${what}`, {
    hint: `orchctl rollout resume deployment/${metadata.name}   and then again`,
  });
}

export function rolloutUndo(
  words: readonly string[],
  options: { readonly toRevision?: number },
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  return withDeployment({ words }, global, environment, async (found) => {
    const { deployment, connection } = found;
    refusePaused(deployment, "go back");
    const wanted = chooseRevision(found, await revisionsOf(found), options.toRevision);
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
  targets: RolloutTargets,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  return withDeployment(targets, global, environment, async ({ deployment, connection }) => {
    if (verb === "restart") refusePaused(deployment, "restart");
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
