/** The ReplicaSet of the Deployment's template: found or made, with its revision number kept the highest. */

import { podTemplateHash } from "#proto/resources/hash.ts";
import { imagePinsAnnotation } from "#proto/resources/image-pins.ts";
import type { Deployment, ReplicaSet } from "../model/kinds.ts";
import { withAnnotations, withSpec } from "../model/object-change.ts";
import { controllerReference, isControlledBy } from "../model/ownership.ts";
import { hasTemplateOf, type Rollout } from "./plan-rollout.ts";
import { annotations, hashLabel, hasObserved, revisionOf, rollingBounds, sizeNow, total, wanted } from "./plan-view.ts";

const notCopied = new Set<string>([
  ...Object.values(annotations),
  "kubectl.kubernetes.io/last-applied-configuration",
  "deprecated.deployment.rollback.to",
  imagePinsAnnotation, // each revision has its own
]);

/** Makes sure the new ReplicaSet exists (unless only an `existing` one is wanted) and carries revision and annotations. */
export function syncRevision(rollout: Rollout, mode: "existing" | "create"): void {
  const revision = Math.max(0, ...rollout.old.map(revisionOf)) + 1;
  const { current } = rollout;
  if (current) markCurrent(rollout, current, revision);
  else if (mode === "create") createCurrent(rollout, revision);
  const marked = rollout.current?.metadata.annotations?.[annotations.revision];
  if (marked !== undefined) {
    // Which content the revision runs is for people to read; the ReplicaSet's word counts.
    const pins = rollout.current?.metadata.annotations?.[imagePinsAnnotation];
    rollout.deployment = withAnnotations(rollout.deployment, {
      [annotations.revision]: marked,
      [imagePinsAnnotation]: pins,
    });
  }
}

function markCurrent(rollout: Rollout, current: ReplicaSet, revision: number): void {
  const { deployment } = rollout;
  const known = revisionOf(current);
  const history = current.metadata.annotations?.[annotations.revisionHistory];
  const changes: Record<string, string | undefined> = { ...copiedAnnotations(deployment) };
  if (known < revision) {
    changes[annotations.revision] = String(revision);
    if (known > 0) changes[annotations.revisionHistory] = history ? `${history},${known}` : String(known);
  }
  const annotated = withAnnotations(current, changes);
  const minReadySeconds = deployment.spec.minReadySeconds ?? 0;
  const sameWait = (current.spec.minReadySeconds ?? 0) === minReadySeconds;
  const next = sameWait ? annotated : withSpec(annotated, { ...annotated.spec, minReadySeconds });
  if (next !== current) rollout.change(next);
  const progressing = deployment.status?.conditions?.some((condition) => condition.type === "Progressing");
  if (!progressing) {
    const message = `Found new replica set "${current.metadata.name}"`;
    rollout.beginning = { reason: "FoundNewReplicaSet", message };
  }
}

function createCurrent(rollout: Rollout, revision: number): void {
  const { deployment, view } = rollout;
  const hash = podTemplateHash(deployment.spec.template, rollout.collisionCount ?? 0);
  const name = `${deployment.metadata.name}-${hash}`;
  const taken = view.replicaSetNamed(name);
  if (taken) {
    // Ours and not yet in the owner index: the next plan finds it. Anybody else's: another hash next time.
    const isOurs = isControlledBy(taken, deployment) && hasTemplateOf(taken, deployment);
    if (!isOurs) rollout.collisionCount = (rollout.collisionCount ?? 0) + 1;
    rollout.reasons.push(`the name ${name} is taken by another ReplicaSet`);
    return;
  }
  rollout.create(newReplicaSet(rollout, name, hash, revision));
  rollout.beginning = { reason: "NewReplicaSetCreated", message: `Created new replica set "${name}"` };
}

function newReplicaSet(rollout: Rollout, name: string, hash: string, revision: number): ReplicaSet {
  const { deployment } = rollout;
  const { selector, template, minReadySeconds } = deployment.spec;
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name,
      ...(deployment.metadata.namespace === undefined ? {} : { namespace: deployment.metadata.namespace }),
      labels,
      annotations: {
        ...copiedAnnotations(deployment),
        ...rollout.scaleMarks(),
        [annotations.revision]: String(revision),
      },
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas: newSize(rollout, 0),
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
    status: { replicas: 0 },
  };
}

/** How large the new ReplicaSet may be now without going over the surge. */
export function newSize(rollout: Rollout, size: number): number {
  const { deployment, all } = rollout;
  const replicas = wanted(deployment);
  if (deployment.spec.strategy?.type === "Recreate") return replicas;
  if (!rollout.old.every(hasObserved)) return size;
  const room = replicas + rollingBounds(deployment).maxSurge - total(all, sizeNow);
  return room <= 0 ? size : size + Math.max(0, Math.min(room, replicas - size));
}

function copiedAnnotations(deployment: Deployment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !notCopied.has(key)),
  );
}
