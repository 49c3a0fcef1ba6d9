/** Builders of objects for tests: say only what matters. */
import type { Deployment, Namespace, Node, Pod, ReplicaSet } from "./model/kinds.ts";

const createdAt = "2026-01-01T00:00:00Z";

export function aNode(name: string, change: Partial<Node> = {}): Node {
  return {
    apiVersion: "v1",
    kind: "Node",
    spec: {},
    status: {
      allocatable: { cpu: "4", memory: "8Gi", pods: "110" },
      conditions: [{ type: "Ready", status: "True" }],
    },
    ...change,
    metadata: { name, uid: `uid-${name}`, labels: { "kubernetes.io/hostname": name }, ...change.metadata },
  };
}

export function aPod(name: string, change: Partial<Pod> = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    spec: { containers: [{ name: "main", image: "example" }] },
    status: { phase: "Pending" },
    ...change,
    metadata: {
      name,
      namespace: "default",
      uid: `uid-${name}`,
      resourceVersion: "128",
      creationTimestamp: createdAt,
      ...change.metadata,
    },
  };
}

export function aReplicaSet(name: string, replicas: number, change: Partial<ReplicaSet> = {}): ReplicaSet {
  const { metadata, ...rest } = aWorkload("ReplicaSet", name, replicas);
  return { ...rest, ...change, metadata: { ...metadata, ...change.metadata } };
}

export function aDeployment(name: string, replicas: number, change: Partial<Deployment> = {}): Deployment {
  const { metadata, ...rest } = aWorkload("Deployment", name, replicas);
  return { ...rest, ...change, metadata: { ...metadata, ...change.metadata } };
}

function aWorkload<Kind extends string>(kind: Kind, name: string, replicas: number) {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1" as const,
    kind,
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "main", image: "example" }] } },
    },
    metadata: {
      name,
      namespace: "default",
      uid: `uid-${name}`,
      resourceVersion: "128",
      generation: 1,
      creationTimestamp: createdAt,
    },
  };
}

export function aNamespace(name: string, change: Partial<Namespace> = {}): Namespace {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    ...change,
    metadata: { name, uid: `uid-${name}`, resourceVersion: "128", ...change.metadata },
  };
}
