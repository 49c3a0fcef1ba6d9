/** Puts wishes about containers on pods, and waits until their nodes have carried them out. */
import { Problem } from "#proto/kit/problem.ts";
import {
  type ContainerWish,
  containerWishesAnnotation,
  pausedCondition,
  wishOf,
  withWishes,
} from "#proto/resources/container-wishes.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { ContainerStatus, Pod } from "#proto/resources/pod.ts";
import type { Connection } from "../../client/connect.ts";
import type { Environment } from "../../environment.ts";
import { watchUntil } from "../../waiting/watch-until.ts";

const tries = 5;

/** Changes what is wished of these containers; nobody's change in between is lost. */
export async function wish(
  { api, namespace }: Connection,
  name: string,
  containers: readonly string[],
  change: (wish: ContainerWish) => ContainerWish,
): Promise<Pod> {
  for (let attempt = 1; ; attempt++) {
    const pod = await api.get("pods", namespace, name);
    const text = withWishes(pod, containers, change);
    const before = pod.metadata.annotations?.[containerWishesAnnotation];
    if (text === before) return pod as unknown as Pod;
    const { resourceVersion } = pod.metadata;
    const metadata = { resourceVersion, annotations: { [containerWishesAnnotation]: text ?? null } };
    try {
      const target = { resource: "pods", namespace, name };
      const patched = await api.patch(target, { type: "merge", body: { metadata } }, { fieldManager: "orchctl" });
      return patched.object as unknown as Pod;
    } catch (thrown) {
      if (!Problem.is(thrown, "conflict") || attempt === tries) throw thrown;
    }
  }
}

/** Whether what is wished of the container is so. Pure. */
export type Fulfilled = (status: ContainerStatus, pod: Pod) => boolean;

const isPaused = ({ name }: ContainerStatus, pod: Pod): boolean =>
  pod.status?.conditions?.some(({ type, status }) => type === pausedCondition(name) && status === "True") ?? false;

export const isStopped: Fulfilled = ({ state }) =>
  state?.waiting?.reason === "Stopped" || state?.terminated !== undefined;

/** A container that ends at once has run, too: its restart count or its end tells. */
export const isStarted: Fulfilled = (status, pod) =>
  wishOf(pod as unknown as KubeObject, status.name).state === "Running" &&
  status.state?.waiting?.reason !== "Stopped" &&
  (status.state?.running !== undefined || status.state?.waiting?.reason === "CrashLoopBackOff") &&
  !isPaused(status, pod);

export const isFrozen: Fulfilled = (status, pod) => isPaused(status, pod) || status.state?.terminated !== undefined;
export const isThawed: Fulfilled = (status, pod) => !isPaused(status, pod);

export const hasRestarted =
  (before: Pod): Fulfilled =>
  (status, pod) => {
    const known = statusesOf(before).find(({ name }) => name === status.name);
    return status.restartCount > (known?.restartCount ?? -1) && isStarted(status, pod);
  };

export const statusesOf = ({ status }: Pod): readonly ContainerStatus[] => [
  ...(status?.containerStatuses ?? []),
  ...(status?.initContainerStatuses ?? []),
];

export async function untilFulfilled(
  connection: Connection,
  pod: Pod,
  wanted: { readonly containers: readonly string[]; readonly fulfilled: Fulfilled; readonly what: string },
  timeoutMs: number,
  environment: Environment,
): Promise<void> {
  const { name } = pod.metadata;
  let left: readonly string[] = wanted.containers;
  await watchUntil(
    connection.api,
    { resource: "pods", namespace: connection.namespace, name },
    (object) => {
      if (!object) throw new Problem("not-found", `pod ${name} was deleted meanwhile`);
      const now = object as unknown as Pod;
      left = wanted.containers.filter((container) => {
        const status = statusesOf(now).find((one) => one.name === container);
        return !status || !wanted.fulfilled(status, now);
      });
      return left.length === 0 ? true : undefined;
    },
    {
      known: pod as unknown as KubeObject,
      timeoutMs,
      describe: () => `pod ${name}: ${left.join(", ")} not ${wanted.what} within ${timeoutMs / 1000} s`,
      hint: `the wish stands, and is carried out as soon as it can be; orchctl describe pod ${name} shows how it is`,
    },
    environment,
  );
}
