/** Deployments and ReplicaSets: how far they are, by which rules, from which template. Pure. */
import type { Deployment } from "#proto/resources/deployment.ts";
import { type ImagePins, imagePins, pinnedName } from "#proto/resources/image-pins.ts";
import { formatSelector, selectorOf } from "#proto/resources/label-selector.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { isControlledBy } from "#proto/resources/owner.ts";
import type { Pod } from "#proto/resources/pod.ts";
import type { ReplicaSet } from "#proto/resources/replica-set.ts";
import { containerLines } from "./container-story.ts";
import { templateLines, unreadyLines } from "./pod-story.ts";
import { type Line, optional, pairs } from "./story.ts";

const revision = "deployment.kubernetes.io/revision";

export function deploymentLines(
  { metadata, spec, status }: Deployment,
  dependents: readonly KubeObject[],
  nowMs: number,
): readonly Line[] {
  const { rollingUpdate, type = "RollingUpdate" } = spec.strategy ?? {};
  const owned = (dependents.filter(({ kind }) => kind === "ReplicaSet") as unknown as readonly ReplicaSet[])
    .filter((set) => isControlledBy(set as unknown as KubeObject, { metadata } as unknown as KubeObject))
    .filter((set) => (set.status?.replicas ?? 0) > 0 || (set.spec.replicas ?? 0) > 0)
    .sort((a, b) => Number(b.metadata.annotations?.[revision] ?? 0) - Number(a.metadata.annotations?.[revision] ?? 0));
  return [
    [
      "Replicas",
      `${spec.replicas ?? 1} wanted, ${status?.updatedReplicas ?? 0} of the newest template, ${status?.availableReplicas ?? 0} available, ${status?.unavailableReplicas ?? 0} not`,
    ],
    ...optional("Paused", spec.paused ? "yes: changes of the template wait for orchctl rollout resume" : undefined),
    ["Selector", formatSelector(selectorOf(spec.selector))],
    [
      "Update",
      type === "Recreate"
        ? "all old pods go before new ones come"
        : `at most ${rollingUpdate?.maxSurge ?? "25%"} more and ${rollingUpdate?.maxUnavailable ?? "25%"} fewer pods than wanted at a time`,
    ],
    ...optional("Available after", spec.minReadySeconds ? `${spec.minReadySeconds} s ready` : undefined),
    ...optional("Behind", lag(metadata.generation, status?.observedGeneration)),
    ...owned.map(
      (set, index): Line => [
        index === 0 ? "ReplicaSets" : "",
        `${set.metadata.name} (revision ${set.metadata.annotations?.[revision] ?? "?"}): ${set.status?.readyReplicas ?? 0} of ${set.spec.replicas ?? 0} ready`,
      ],
    ),
    ...unreadyLines(
      owned.flatMap((set) => podsOf(set as unknown as KubeObject, dependents)),
      nowMs,
    ),
    ...podTemplate(spec.template, owned[0] && imagePins(owned[0] as unknown as KubeObject), nowMs),
  ];
}

export function replicaSetLines(
  { metadata, spec, status }: ReplicaSet,
  dependents: readonly KubeObject[],
  nowMs: number,
): readonly Line[] {
  const own = { metadata } as unknown as KubeObject;
  const pods = podsOf(own, dependents);
  const phases = new Map<string, number>();
  for (const pod of pods) {
    const phase = pod.status?.phase ?? "Pending";
    phases.set(phase, (phases.get(phase) ?? 0) + 1);
  }
  return [
    [
      "Replicas",
      `${spec.replicas ?? 1} wanted, ${status?.replicas ?? 0} there, ${status?.readyReplicas ?? 0} ready, ${status?.availableReplicas ?? 0} available`,
    ],
    ["Pods", [...phases].map(([phase, count]) => `${count} ${phase}`).join(", ") || "none"],
    ["Selector", formatSelector(selectorOf(spec.selector))],
    ...optional("Behind", lag(metadata.generation, status?.observedGeneration)),
    ...unreadyLines(pods, nowMs),
    ...podTemplate(spec.template, imagePins(own), nowMs),
  ];
}

const podsOf = (owner: KubeObject, dependents: readonly KubeObject[]): readonly Pod[] =>
  dependents.filter((one) => one.kind === "Pod" && isControlledBy(one, owner)) as unknown as readonly Pod[];

function lag(generation: number | undefined, observed: number | undefined): string | undefined {
  return (generation ?? 0) > (observed ?? 0) ? "the newest change has not been taken up yet" : undefined;
}

function podTemplate(
  template: Deployment["spec"]["template"] | undefined,
  pins: ImagePins | undefined,
  nowMs: number,
): readonly Line[] {
  const spec = template?.spec;
  if (!spec) return [];
  const inits = (spec.initContainers ?? []).map((container) => ["Init container", container] as const);
  const mains = spec.containers.map((container) => ["Container", container] as const);
  return [
    ["Pod labels", pairs(template?.metadata?.labels)],
    ...[...inits, ...mains].flatMap(([title, container]) => {
      const image = container.image ?? "";
      return containerLines(title, { ...container, image: pinnedName(image, pins?.[image]) }, undefined, nowMs);
    }),
    ...templateLines(spec as Pod["spec"]),
  ];
}
