/** I1: what a calm cluster must look like. Each difference is a sentence; none means settled. */
import { isReady } from "#control-plane/controllers/model/pod-state.ts";
import { leaderKey, sessionKey } from "#control-plane/store/keyspace.ts";
import type { Deployment } from "#proto/resources/deployment.ts";
import type { Node } from "#proto/resources/node.ts";
import { controllerOf } from "#proto/resources/owner.ts";
import type { Pod } from "#proto/resources/pod.ts";
import type { ReplicaSet } from "#proto/resources/replica-set.ts";
import { isActive } from "./bounds.ts";
import type { SimWorld } from "./sim-world.ts";

export function unsettled(world: SimWorld): readonly string[] {
  return [
    ...deployments(world),
    ...strays(world),
    ...nodes(world),
    ...containers(world),
    ...caches(world),
    ...leftovers(world),
  ];
}

function deployments({ truth }: SimWorld): readonly string[] {
  const pods = truth.list<Pod>("pods");
  return truth.list<Deployment>("deployments.apps").flatMap((deployment) => {
    const { name, uid, generation } = deployment.metadata;
    const wanted = deployment.spec.replicas ?? 1;
    const image = deployment.spec.template.spec?.containers[0]?.image;
    const sets = truth.list<ReplicaSet>("replicasets.apps").filter((one) => controllerOf(one)?.uid === uid);
    const uids = new Set(sets.map((one) => one.metadata.uid));
    const own = pods.filter((pod) => uids.has(controllerOf(pod)?.uid));
    const right = own.filter((pod) => isActive(pod) && isReady(pod) && pod.spec.containers[0]?.image === image);
    const { status } = deployment;
    const found: string[] = [];
    if (deployment.metadata.deletionTimestamp !== undefined) found.push(`${name} is still being deleted`);
    else if (own.length !== wanted || right.length !== wanted) {
      found.push(`${name} wants ${wanted} pods, has ${own.length}, ${right.length} of them right`);
    }
    if (status?.observedGeneration !== generation) found.push(`the status of ${name} is not up to date`);
    if ((status?.availableReplicas ?? 0) !== wanted) {
      found.push(`${name} reports ${status?.availableReplicas} of ${wanted} available`);
    }
    return found;
  });
}

/** Nothing is left of what was deleted. */
function strays({ truth }: SimWorld): readonly string[] {
  const uids = new Set(
    ["pods", "replicasets.apps", "deployments.apps"].flatMap((of) => truth.list(of)).map((one) => one.metadata.uid),
  );
  return [...truth.list("pods"), ...truth.list("replicasets.apps")]
    .filter((object) => (object.metadata.ownerReferences ?? []).some((owner) => !uids.has(owner.uid)))
    .map((object) => `${object.kind} ${object.metadata.name} has no owner any more`);
}

function nodes({ truth, agents }: SimWorld): readonly string[] {
  const ready = truth.list<Node>("nodes").filter((node) => {
    const isWell = node.status?.conditions?.some((one) => one.type === "Ready" && one.status === "True");
    return isWell && (node.spec?.taints ?? []).length === 0 && node.spec?.podCIDR !== undefined;
  });
  return ready.length === agents.length ? [] : [`${ready.length} of ${agents.length} nodes are ready`];
}

/** What runs is what is assigned, each on its node, once. */
function containers({ truth, agents }: SimWorld): readonly string[] {
  const assigned = new Map(truth.list<Pod>("pods").map((pod) => [pod.metadata.uid, pod.spec.nodeName]));
  const found: string[] = [];
  for (const agent of agents) {
    for (const [uid, container] of agent.containers) {
      if (assigned.get(uid) === agent.name) assigned.delete(uid);
      else found.push(`${agent.name} runs ${container.pod.metadata.name}, which is not assigned to it`);
    }
  }
  return [...found, ...[...assigned].map(([uid, node]) => `pod ${uid} on ${node} does not run`)];
}

/** I8: every cache holds exactly what the store holds. */
function caches({ truth, controlPlanes }: SimWorld): readonly string[] {
  return controlPlanes.flatMap((controlPlane) =>
    ["pods", "replicasets.apps", "deployments.apps", "nodes"].flatMap((resource) => {
      const real = truth.list(resource).map(versionOf).sort();
      const cached = controlPlane.cache.list(resource).map(versionOf).sort();
      const same = real.length === cached.length && real.every((one, index) => one === cached[index]);
      return same ? [] : [`the cache of ${controlPlane.name} differs from the store in ${resource}`];
    }),
  );
}

const versionOf = ({ metadata }: { metadata: { name: string; resourceVersion?: string | undefined } }): string =>
  `${metadata.name} ${metadata.resourceVersion}`;

/** I8 and I12: what a watching client has put together is what is there, and nothing is kept for what is gone. */
function leftovers({ truth, etcd, agents, reader, controlPlanes }: SimWorld): readonly string[] {
  const pods = truth.list<Pod>("pods");
  const isTold = pods.every(({ metadata }) => reader.known.get(metadata.name) === metadata.resourceVersion);
  const isRight = (isTold && reader.known.size === pods.length) || !reader.isStrict;
  const found = isRight ? [] : ["a watching client was not told of everything"];
  const sessions = etcd.list({ prefix: sessionKey(""), keysOnly: true }).items.length;
  if (sessions !== agents.length) found.push(`the store holds ${sessions} sessions of ${agents.length} agents`);
  if (etcd.list({ prefix: leaderKey }).items.length !== 1) found.push("not one control plane leads");
  const links = controlPlanes.reduce((sum, one) => sum + one.openLinks, 0);
  if (links !== agents.length) found.push(`${links} connections are open, ${agents.length} agents are there`);
  return found;
}
