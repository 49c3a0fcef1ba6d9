/** `POD`, `pod/POD`, `deployment/NAME` → one pod to look into. Of several the ready and newest come first. */
import { Problem } from "#proto/kit/problem.ts";
import { formatSelector, selectorOf } from "#proto/resources/label-selector.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { allContainers } from "#proto/resources/pod-containers.ts";
import type { Connection } from "../client/connect.ts";
import { parseOne } from "./targets.ts";

export async function podOf({ api, namespace }: Connection, word: string): Promise<Pod> {
  const { definition, name } = parseOne([word], "pods");
  const object = await api.get(definition.resource, namespace, name);
  if (definition.kind === "Pod") return object as unknown as Pod;
  const pods = await podsOf({ api, namespace }, object);
  const [best] = [...pods].sort((a, b) => rank(b) - rank(a));
  if (!best)
    throw new Problem("not-found", `${definition.kind} ${name} has no pods now`, {
      hint: `orchctl describe ${definition.singular} ${name} shows why`,
    });
  return best;
}

/** `pod/POD` → that one; `deployment/NAME` → all of its pods. */
export async function allPodsOf({ api, namespace }: Connection, word: string): Promise<readonly Pod[]> {
  const { definition, name } = parseOne([word], "pods");
  const object = await api.get(definition.resource, namespace, name);
  return definition.kind === "Pod" ? [object as unknown as Pod] : await podsOf({ api, namespace }, object);
}

/** The pods that a workload selects. */
export async function podsOf(
  { api, namespace }: Pick<Connection, "api" | "namespace">,
  workload: KubeObject,
): Promise<readonly Pod[]> {
  const spec = workload.spec as { readonly selector?: Parameters<typeof selectorOf>[0] } | undefined;
  if (!spec?.selector) throw new Problem("unsupported", `${workload.kind} ${workload.metadata.name} has no pods`);
  const { items } = await api.list("pods", { namespace, labelSelector: formatSelector(selectorOf(spec.selector)) });
  return items as unknown as readonly Pod[];
}

function rank(pod: Pod): number {
  const ready = pod.status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True")
    ? 4
    : 0;
  const running = pod.status?.phase === "Running" ? 2 : 0;
  return ready + running + (pod.metadata.deletionTimestamp ? 0 : 1);
}

/** Names of all containers, those that prepare the pod first. */
export const containersOf = ({ spec }: Pod): readonly string[] =>
  allContainers({ spec }).map((container) => container.name);

/** The container meant: the one named, the only one, or the first (as kubectl's default annotation says). */
export function containerOf(pod: Pod, wanted: string | undefined): string {
  const names = containersOf(pod);
  if (wanted === undefined)
    return pod.metadata.annotations?.["kubectl.kubernetes.io/default-container"] ?? pod.spec.containers[0]?.name ?? "";
  if (names.includes(wanted)) return wanted;
  throw new Problem("not-found", `pod ${pod.metadata.name} has no container ${wanted}`, {
    hint: `its containers are ${names.join(", ")}`,
  });
}
