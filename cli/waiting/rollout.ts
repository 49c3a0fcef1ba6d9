/** What `rollout status` and `--wait` mean by done, in kubectl's sense. The decision is pure. */
import { Problem } from "#proto/kit/problem.ts";
import type { CatalogEntry } from "#proto/resources/catalog.ts";
import type { Deployment } from "#proto/resources/deployment.ts";
import { formatSelector, selectorOf } from "#proto/resources/label-selector.ts";
import type { LabelSelector } from "#proto/resources/meta.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod } from "#proto/resources/pod.ts";
import type { Connection } from "../client/connect.ts";
import type { Environment } from "../environment.ts";
import { nameOf } from "../printers/objects.ts";
import { visible } from "../printers/table.ts";
import type { Deadline } from "./deadline.ts";
import { unreadyTexts } from "./unready.ts";
import { watchUntil } from "./watch-until.ts";

export type RolloutState =
  | { readonly done: true; readonly message: string }
  | { readonly done: false; readonly message: string; readonly failed?: boolean };

const stillThere = (count: number, which: string): string =>
  `${count} ${which} ${count === 1 ? "pod is" : "pods are"} still there`;

export function deploymentRollout(deployment: Deployment): RolloutState {
  const { metadata, spec, status } = deployment;
  const held = spec.paused ? " (its rollout is paused: orchctl rollout resume)" : "";
  const waiting = (message: string): RolloutState => ({ done: false, message: `${metadata.name}: ${message}${held}` });
  if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 0))
    return waiting("the change has not been seen yet");
  const progressing = status?.conditions?.find((condition) => condition.type === "Progressing");
  if (progressing?.reason === "ProgressDeadlineExceeded") {
    return {
      done: false,
      failed: true,
      message: `${metadata.name}: no progress within ${spec.progressDeadlineSeconds ?? 600} s (${progressing.message ?? ""})`,
    };
  }
  const wanted = spec.replicas ?? 1;
  const updated = status?.updatedReplicas ?? 0;
  const total = status?.replicas ?? 0;
  const available = status?.availableReplicas ?? 0;
  const failure = status?.conditions?.find(({ type, status: is }) => type === "ReplicaFailure" && is === "True");
  const because = failure?.message === undefined ? "" : `: ${failure.message}`;
  if (updated < wanted) return waiting(`${updated} of ${wanted} new pods have been made${because}`);
  if (total > updated) return waiting(stillThere(total - updated, "old"));
  if (total > wanted) return waiting(stillThere(total - wanted, "surplus"));
  if (available < updated) return waiting(`${available} of ${updated} new pods are available`);
  return {
    done: true,
    message: `deployment ${metadata.name} is rolled out: ${available} of ${wanted} pods are available`,
  };
}

function replicaSetRollout(object: KubeObject): RolloutState {
  const spec = object.spec as { readonly replicas?: number } | undefined;
  const status = object.status as { readonly readyReplicas?: number; readonly observedGeneration?: number } | undefined;
  const wanted = spec?.replicas ?? 1;
  const ready = status?.readyReplicas ?? 0;
  return ready >= wanted && (status?.observedGeneration ?? 0) >= (object.metadata.generation ?? 0)
    ? { done: true, message: `${object.metadata.name}: ${ready} of ${wanted} pods are ready` }
    : { done: false, message: `${object.metadata.name}: ${ready} of ${wanted} pods are ready` };
}

function podRollout(object: KubeObject): RolloutState {
  const status = object.status as
    | { readonly phase?: string; readonly conditions?: readonly { readonly type: string; readonly status: string }[] }
    | undefined;
  if (status?.phase === "Failed") return { done: false, failed: true, message: `${object.metadata.name} failed` };
  const ready =
    status?.phase === "Succeeded" ||
    status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True");
  return ready
    ? { done: true, message: `${object.metadata.name} is ready` }
    : { done: false, message: `${object.metadata.name} is ${status?.phase ?? "pending"}` };
}

const rollouts: Readonly<Record<string, (object: KubeObject) => RolloutState>> = {
  Deployment: (object) => deploymentRollout(object as unknown as Deployment),
  ReplicaSet: replicaSetRollout,
  Pod: podRollout,
};

export interface RolloutTarget {
  readonly definition: CatalogEntry;
  readonly namespace: string;
  readonly object: { readonly metadata: { readonly name: string } };
}

/** Progress goes to standard error; the last sentence is the caller's. A failed rollout and a time-out are Problems. */
export async function waitForRollout(
  connection: Connection,
  target: RolloutTarget,
  deadline: Deadline,
  environment: Environment,
): Promise<string> {
  const { definition, namespace, object } = target;
  const { name } = object.metadata;
  const stateOf = rollouts[definition.kind];
  if (!stateOf) return `${nameOf(definition, object)} needs no rollout`;
  const hint = `orchctl describe ${definition.singular} ${name} shows why`;
  let last = "";
  const waited = watchUntil(
    connection.api,
    { resource: definition.resource, namespace, name },
    (current): RolloutState | undefined => {
      if (!current) return { done: false, failed: true, message: `${name} was deleted` };
      const state = stateOf(current);
      if (state.done || state.failed) return state;
      if (state.message !== last) environment.err.write(`${visible(state.message)}\n`);
      last = state.message;
      return undefined;
    },
    {
      timeoutMs: deadline.remainingMs(),
      describe: () => `${name} is not rolled out after ${deadline.timeoutMs / 1000} s: ${last}`,
      hint,
    },
    environment,
  );
  const failed = async (message: string): Promise<Problem> => {
    const causes = (await unreadyOf(connection, target, environment)).map((text) => ({ message: text }));
    return new Problem("timeout", message, { causes, hint });
  };
  const end = await waited.catch(async (thrown: unknown) => {
    throw Problem.is(thrown, "timeout") ? await failed(thrown.message) : thrown;
  });
  if (!end.done) throw await failed(end.message);
  return visible(end.message);
}

/** What the pods that are not ready wait for; nothing when nobody can say. */
async function unreadyOf(
  { api }: Connection,
  { definition, namespace, object }: RolloutTarget,
  { clock }: Environment,
): Promise<readonly string[]> {
  try {
    const current = await api.get(definition.resource, namespace, object.metadata.name);
    const { selector } = (current.spec ?? {}) as { readonly selector?: LabelSelector };
    const labelSelector = formatSelector(selectorOf(selector));
    const pods = selector ? (await api.list("pods", { namespace, labelSelector })).items : [current];
    return unreadyTexts(pods as unknown as readonly Pod[], clock.nowMs());
  } catch {
    return [];
  }
}

/** Whether a kind has anything to wait for. */
export const rollsOut = (kind: string): boolean => Object.hasOwn(rollouts, kind);
