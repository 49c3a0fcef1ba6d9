/** The state of one decision: ReplicaSets as they will be, gathered so that each is written once. */

import { isSame } from "#proto/kit/is-same.ts";
import type { Deployment, DeploymentCondition, ReplicaSet } from "../model/kinds.ts";
import { withAnnotations, withSpec } from "../model/object-change.ts";
import type { Step } from "../model/step.ts";
import { annotations, byAge, type DeploymentView, hashLabel, rollingBounds, sizeOf, wanted } from "./plan-view.ts";

export class Rollout {
  readonly view: DeploymentView;
  readonly nowMs: number;
  /** With the changes decided so far. */
  deployment: Deployment;
  collisionCount: number | undefined;
  /** Set when this plan makes the new ReplicaSet, or finds it for the first time. */
  beginning: Pick<DeploymentCondition, "reason" | "message"> | undefined;
  readonly events: Step[] = [];
  readonly reasons: string[] = [];
  readonly #before = new Map<string, ReplicaSet>();
  readonly #drafts = new Map<string, ReplicaSet>();
  readonly #deleted = new Set<string>();
  readonly #newName: string | undefined;
  #created: ReplicaSet | undefined;

  constructor(view: DeploymentView, nowMs: number) {
    this.view = view;
    this.nowMs = nowMs;
    this.deployment = view.deployment;
    this.collisionCount = view.deployment.status?.collisionCount;
    for (const replicaSet of view.replicaSets) {
      this.#before.set(replicaSet.metadata.name, replicaSet);
      this.#drafts.set(replicaSet.metadata.name, replicaSet);
    }
    // Of several with the same template the oldest is the one, whatever the order they were listed in.
    this.#newName = [...view.replicaSets].sort(byAge).find((one) => hasTemplateOf(one, view.deployment))?.metadata.name;
  }

  /** All, as they will be. */
  get all(): readonly ReplicaSet[] {
    return [...this.#drafts.values(), ...(this.#created ? [this.#created] : [])];
  }

  /** The one with the Deployment's template, if it exists (or is made by this plan). */
  get current(): ReplicaSet | undefined {
    return this.#created ?? (this.#newName === undefined ? undefined : this.#drafts.get(this.#newName));
  }

  get old(): readonly ReplicaSet[] {
    const name = this.current?.metadata.name;
    return [...this.#drafts.values()].filter((one) => one.metadata.name !== name).sort(byAge);
  }

  create(replicaSet: ReplicaSet): void {
    this.#created = replicaSet;
    this.#tellScale(replicaSet.metadata.name, 0, sizeOf(replicaSet));
  }

  change(replicaSet: ReplicaSet): void {
    this.#drafts.set(replicaSet.metadata.name, replicaSet);
  }

  /** Sets the size, and the marks by which the next plan sees whether the Deployment was scaled in between. */
  scale(replicaSet: ReplicaSet, size: number): void {
    const before = sizeOf(replicaSet);
    const resized = before === size ? replicaSet : withSpec(replicaSet, { ...replicaSet.spec, replicas: size });
    this.change(withAnnotations(resized, this.scaleMarks()));
    if (before !== size) this.#tellScale(replicaSet.metadata.name, before, size);
  }

  scaleMarks(): Readonly<Record<string, string>> {
    const replicas = wanted(this.deployment);
    return {
      [annotations.desiredReplicas]: String(replicas),
      [annotations.maxReplicas]: String(replicas + rollingBounds(this.deployment).maxSurge),
    };
  }

  delete(replicaSet: ReplicaSet): void {
    this.#deleted.add(replicaSet.metadata.name);
  }

  steps(): readonly Step[] {
    const resource = "replicasets.apps";
    const steps: Step[] = this.#created ? [{ kind: "create", resource, object: this.#created }] : [];
    for (const [name, object] of this.#drafts) {
      if (this.#deleted.has(name)) steps.push({ kind: "delete", resource, object });
      else if (object !== this.#before.get(name)) steps.push({ kind: "update", resource, object });
    }
    return steps;
  }

  #tellScale(name: string, before: number, after: number): void {
    if (before === after) return;
    const direction = after > before ? "up" : "down";
    const message = `Scaled ${direction} replica set ${name} from ${before} to ${after}`;
    this.events.push({
      kind: "event",
      regarding: this.deployment,
      type: "Normal",
      reason: "ScalingReplicaSet",
      message,
    });
  }
}

/** Equal but for the hash label that the ReplicaSet's copy carries. */
export function hasTemplateOf(replicaSet: ReplicaSet, deployment: Deployment): boolean {
  const { template } = replicaSet.spec;
  const { [hashLabel]: _hash, ...labels } = template.metadata?.labels ?? {};
  const own = { ...deployment.spec.template.metadata?.labels };
  delete own[hashLabel];
  return (
    isSame(labels, own) &&
    isSame({ ...template.metadata, labels: {} }, { ...deployment.spec.template.metadata, labels: {} }) &&
    isSame(template.spec, deployment.spec.template.spec)
  );
}
