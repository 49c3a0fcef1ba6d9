/** Moves all pods off a node, and says before it starts which pods nobody would start again. */
import { Problem } from "#proto/kit/problem.ts";
import { controllerOf } from "#proto/resources/owner.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { type Connection, withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { nameOf } from "../../printers/objects.ts";
import { startDeadline } from "../../waiting/deadline.ts";
import { waitUntilGone } from "../../waiting/until-gone.ts";
import { definitionOf } from "../targets.ts";
import { type DrainOptions, setUnschedulable } from "./run.ts";

/** Pods to move and reasons not to begin. Pure. */
export function drainPlan(
  pods: readonly Pod[],
  options: DrainOptions,
): { readonly move: readonly Pod[]; readonly refusals: readonly string[] } {
  const move = pods.filter(
    (pod) =>
      controllerOf(pod)?.kind !== "DaemonSet" && pod.status?.phase !== "Succeeded" && pod.status?.phase !== "Failed",
  );
  const refusals = move.flatMap((pod) => {
    if (pod.metadata.deletionTimestamp) return [];
    const name = `${pod.metadata.namespace}/${pod.metadata.name}`;
    const alone =
      controllerOf(pod) === undefined && !options.force
        ? [`${name} has no controller that would start it elsewhere (--force deletes it)`]
        : [];
    const keepsData = pod.spec.volumes?.some((volume) => volume.emptyDir !== undefined) && !options.deleteEmptydirData;
    return [...alone, ...(keepsData ? [`${name} keeps data in emptyDir (--delete-emptydir-data loses it)`] : [])];
  });
  return { move, refusals };
}

export async function drain(
  node: string,
  options: DrainOptions,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const deadline = startDeadline(environment.clock, options.timeout);
  await setUnschedulable([node], true, global, environment);
  await withConnection(global, environment, async (connection) => {
    const { items } = await connection.api.list("pods", { namespace: "", fieldSelector: `spec.nodeName=${node}` });
    const { move, refusals } = drainPlan(items as unknown as readonly Pod[], options);
    if (refusals.length > 0) {
      throw new Problem("conflict", `${node} is cordoned, but not drained`, {
        causes: refusals.map((message) => ({ message })),
        hint: "repeat with the flags named above",
      });
    }
    for (const pod of move) await evict(pod, options, connection, environment);
    for (const [index, pod] of move.entries()) {
      await waitUntilGone(
        connection,
        {
          definition: definitionOf("pods"),
          namespace: pod.metadata.namespace ?? "",
          name: pod.metadata.name,
          uid: pod.metadata.uid ?? "",
        },
        deadline,
        environment,
      );
      environment.out.write(`${nameOf(definitionOf("pods"), pod)} moved (${index + 1} of ${move.length})\n`);
    }
    environment.out.write(`node/${node} drained\n`);
  });
}

async function evict(pod: Pod, options: DrainOptions, { api }: Connection, environment: Environment): Promise<void> {
  const { name, namespace = "" } = pod.metadata;
  await api
    .delete({
      resource: "pods",
      namespace,
      name,
      graceSeconds: options.gracePeriod,
      preconditionUid: pod.metadata.uid ?? "",
    })
    .catch((thrown: unknown) => {
      if (!Problem.is(thrown, "not-found")) throw thrown;
    });
  environment.err.write(`${nameOf(definitionOf("pods"), pod)} is asked to leave\n`);
}
