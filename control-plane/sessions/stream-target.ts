/** From what a caller names to the node and pod that serve it. Pure; every dead end has a sentence of its own. */
import { Problem } from "#proto/kit/problem.ts";
import { isOfWholePods, readContainerRequest } from "#proto/resources/container-request.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod } from "#proto/resources/pod.ts";
import type { orch } from "#proto/wire/generated/messages.js";

export type StreamOpen = orch.v1.StreamOpen.$Properties;

export const podStreamKinds = ["logs", "exec", "attach", "port-forward", "copy", "container"] as const;
export type PodStreamKind = (typeof podStreamKinds)[number];

export function isPodStreamKind(kind: string): kind is PodStreamKind {
  return podStreamKinds.some((known) => known === kind);
}

/** Throws Problem `not-found`, `unavailable` or `bad-request`. */
export function resolvePodTarget(
  open: StreamOpen,
  kind: PodStreamKind,
  find: (namespace: string, name: string) => KubeObject | undefined,
): { readonly node: string; readonly open: StreamOpen } {
  const namespace = open.namespace || "default";
  const name = open.pod ?? "";
  const object = `Pod ${namespace}/${name}`;
  const pod = find(namespace, name) as Pod | undefined;
  if (!pod) {
    const hint = `List what is there: \`orchctl get pods -n ${namespace}\`.`;
    throw new Problem("not-found", `pod "${name}" not found in namespace ${namespace}`, { object, hint });
  }
  const node = pod.spec?.nodeName;
  if (!node) throw notScheduled(pod, object);
  const target: StreamOpen = { ...open, kind, namespace, podUid: pod.metadata.uid ?? "" };
  if (kind === "port-forward") {
    const port = open.port ?? 0;
    if (port < 1 || port > 65_535) throw new Problem("bad-request", `${port} is not a port`, { object });
    return { node, open: target };
  }
  if (kind === "container" && !open.container && isOfWholePods(readContainerRequest(open.containerRequest).verb))
    return { node, open: target };
  if (kind === "exec" && (open.exec?.command ?? []).length === 0) {
    throw new Problem("bad-request", "exec needs a command", { object, hint: `As in: orchctl exec ${name} -- ls -l` });
  }
  if (kind === "copy" && !open.copy?.path) {
    throw new Problem("bad-request", "copy needs a path in the container", { object });
  }
  const mayCome = kind === "attach" && Number(open.attach?.waitMs ?? 0) > 0;
  return { node, open: { ...target, container: containerOf(pod, open.container ?? "", object, mayCome) } };
}

/** `mayCome`: the caller waits for a container that is about to be added. */
function containerOf(pod: Pod, wanted: string, object: string, mayCome: boolean): string {
  const main = (pod.spec?.containers ?? []).map((container) => container.name);
  const others = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.ephemeralContainers ?? [])].map(
    ({ name }) => name,
  );
  const all = [...main, ...others];
  if (wanted !== "") {
    if (mayCome || all.includes(wanted)) return wanted;
    throw new Problem("not-found", `there is no container "${wanted}" in this pod; it has: ${all.join(", ")}`, {
      object,
    });
  }
  const marked = pod.metadata.annotations?.["kubectl.kubernetes.io/default-container"];
  if (marked !== undefined && all.includes(marked)) return marked;
  return main[0] ?? "";
}

function notScheduled(pod: Pod, object: string): Problem {
  const scheduled = pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
  const why = scheduled?.message ? `: ${scheduled.message}` : "";
  const hint = "Wait until it runs, or see why it does not: `orchctl describe pod`.";
  return new Problem("unavailable", `the pod is not scheduled to a node yet${why}`, { object, hint });
}
