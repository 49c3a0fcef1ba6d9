/** The rules in force. Cheap and telling filters first: the first that refuses a node is the one told. */
import { hostPorts } from "./filters/host-ports.ts";
import { nodeAffinity } from "./filters/node-affinity.ts";
import { nodeFeatures } from "./filters/node-features.ts";
import { nodeReady } from "./filters/node-ready.ts";
import { podAffinity } from "./filters/pod-affinity.ts";
import { resources } from "./filters/resources.ts";
import { taints } from "./filters/taints.ts";
import { topologySpread } from "./filters/topology-spread.ts";
import { unschedulable } from "./filters/unschedulable.ts";
import type { Filter, Score } from "./rule.ts";
import { fewerPods } from "./scores/fewer-pods.ts";
import { freeResources } from "./scores/free-resources.ts";
import { nodePreference } from "./scores/node-preference.ts";
import { podPreference } from "./scores/pod-preference.ts";
import { replicaSpread } from "./scores/replica-spread.ts";
import { taintPreference } from "./scores/taint-preference.ts";
import { topologySpreadPreference } from "./scores/topology-spread-preference.ts";

export const filters: readonly Filter[] = [
  nodeReady,
  unschedulable,
  taints,
  nodeAffinity,
  nodeFeatures,
  hostPorts,
  resources,
  topologySpread,
  podAffinity,
];

export const scores: readonly Score[] = [
  freeResources,
  fewerPods,
  replicaSpread,
  nodePreference,
  taintPreference,
  podPreference,
  topologySpreadPreference,
];
