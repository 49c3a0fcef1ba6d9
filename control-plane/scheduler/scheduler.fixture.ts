/** Builders of nodes and pods for scheduler tests: say only what matters. */
import type { Pod, PodSpec } from "#proto/resources/pod.ts";
import type { NodeFacts } from "./node-state.ts";
import { type PodFacts, podShape } from "./pod-facts.ts";
import { resourcesFrom } from "./resources.ts";
import { type ScheduleResult, schedule } from "./schedule.ts";
import { Snapshot } from "./snapshot.ts";

export function aNodeFacts(name: string, change: Partial<NodeFacts> = {}): NodeFacts {
  return {
    name,
    taints: [],
    isUnschedulable: false,
    isReady: true,
    features: [],
    allocatable: resourcesFrom({ cpu: "4", memory: "8Gi", "ephemeral-storage": "10Gi", pods: "110" }),
    ...change,
    labels: { "kubernetes.io/hostname": name, ...change.labels },
  };
}

export interface PodWish {
  readonly labels?: Record<string, string>;
  readonly namespace?: string;
  readonly owner?: string;
  readonly requests?: Record<string, string>;
  readonly spec?: Partial<PodSpec>;
}

export function aPodFacts(name: string, wish: PodWish = {}): PodFacts {
  const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "set", uid: wish.owner ?? "", controller: true };
  const pod: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: wish.namespace ?? "default",
      uid: name,
      labels: wish.labels ?? {},
      ...(wish.owner === undefined ? {} : { ownerReferences: [owner] }),
    },
    spec: {
      containers: [
        { name: "main", image: "example", ...(wish.requests ? { resources: { requests: wish.requests } } : {}) },
      ],
      ...wish.spec,
    },
  };
  return { uid: name, name, shape: podShape(pod), createdAtMs: 0, isTerminating: false, isLost: false };
}

export function aSnapshot(
  nodes: readonly NodeFacts[],
  placed: readonly (readonly [PodFacts, string])[] = [],
): Snapshot {
  const snapshot = new Snapshot();
  for (const node of nodes) snapshot.setNode(node);
  for (const [pod, node] of placed) snapshot.setPod(pod, node);
  return snapshot;
}

/** Where one pod goes, or the sentence why it does not. */
export function placeOne(snapshot: Snapshot, pod: PodFacts): string {
  const { placements, unplaced } = schedule(snapshot, [pod]);
  return placements[0]?.nodeName ?? unplaced[0]?.sentence ?? "";
}

/** How many each node got. */
export function spreadOf(result: ScheduleResult): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { nodeName } of result.placements) counts[nodeName] = (counts[nodeName] ?? 0) + 1;
  return counts;
}
