/** What becomes of one object by its owners: deleted with the last of them, freed of dead ones, or let go after its dependents. */
import type { Plan } from "#proto/kit/plan.ts";
import type { KubeObject, OwnerReference } from "#proto/resources/object.ts";
import { withMetadata } from "../model/object-change.ts";
import { isTerminating } from "../model/ownership.ts";
import type { Step } from "../model/step.ts";

export const foregroundFinalizer = "foregroundDeletion";
export const orphanFinalizer = "orphan";

export interface Dependent {
  readonly resource: string;
  readonly object: KubeObject;
}

/** `gone`: no object with that uid stands there, read live. */
export type OwnerState = "solid" | "gone" | "waiting-for-dependents";

export interface GarbageView {
  readonly resource: string;
  readonly object: KubeObject;
  readonly stateOf: (owner: OwnerReference) => OwnerState;
  readonly dependents: readonly Dependent[];
}

const maxPerPlan = 500;

export function plan(view: GarbageView): Plan<Step> {
  const { object } = view;
  if (isTerminating(object) && has(object, orphanFinalizer)) return orphanDependents(view);
  if (isTerminating(object) && has(object, foregroundFinalizer)) return awaitDependents(view);
  if (isTerminating(object)) return nothing;
  return followOwners(view);
}

const nothing: Plan<Step> = { steps: [], reasons: [] };

const has = (object: KubeObject, finalizer: string): boolean =>
  object.metadata.finalizers?.includes(finalizer) === true;

/** Orphaning: dependents forget this owner first, then the owner may go. */
function orphanDependents(view: GarbageView): Plan<Step> {
  const uid = view.object.metadata.uid ?? "";
  const steps = view.dependents.slice(0, maxPerPlan).map(({ resource, object }): Step => {
    return { kind: "update", resource, object: withoutOwners(object, new Set([uid])) };
  });
  return steps.length > 0 ? { steps, reasons: [] } : { steps: [finalized(view, orphanFinalizer)], reasons: [] };
}

/** Foreground: dependents go first; those that block must be gone before this object may go. */
function awaitDependents(view: GarbageView): Plan<Step> {
  const uid = view.object.metadata.uid;
  const blocking = view.dependents.filter(({ object }) =>
    object.metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true),
  );
  if (blocking.length === 0) return { steps: [finalized(view, foregroundFinalizer)], reasons: [] };
  const steps = view.dependents
    .filter(({ object }) => !isTerminating(object) && onlyOwnedBy(view, object))
    .slice(0, maxPerPlan)
    .map(({ resource, object }): Step => foregroundDelete(resource, object));
  return { steps, reasons: [`${blocking.length} dependents remain`] };
}

/** Every other owner is gone or waiting too. */
function onlyOwnedBy(view: GarbageView, dependent: KubeObject): boolean {
  return (dependent.metadata.ownerReferences ?? []).every(
    (owner) => owner.uid === view.object.metadata.uid || view.stateOf(owner) !== "solid",
  );
}

/** Pods have no dependents worth waiting for; anything else waits for its own in turn. */
function foregroundDelete(resource: string, object: KubeObject): Step {
  if (resource === "pods" || has(object, foregroundFinalizer)) return { kind: "delete", resource, object };
  const finalizers = [...(object.metadata.finalizers ?? []), foregroundFinalizer];
  return { kind: "delete", resource, object: withMetadata(object, { finalizers }) };
}

function finalized(view: GarbageView, finalizer: string): Step {
  const finalizers = (view.object.metadata.finalizers ?? []).filter((one) => one !== finalizer);
  const object = withMetadata(view.object, { finalizers: finalizers.length > 0 ? finalizers : undefined });
  // The last finalizer of a terminating object takes the object with it, unless an agent still has the pod: zero grace
  // says that it has not.
  const isHeld = view.resource === "pods" && (object.metadata.deletionGracePeriodSeconds ?? 0) > 0;
  const leaves = finalizers.length === 0 && !isHeld;
  return leaves
    ? { kind: "delete", resource: view.resource, object, now: true }
    : { kind: "update", resource: view.resource, object };
}

function followOwners(view: GarbageView): Plan<Step> {
  const { object, resource } = view;
  const owners = object.metadata.ownerReferences ?? [];
  if (owners.length === 0) return nothing;
  const states = owners.map((owner) => ({ owner, state: view.stateOf(owner) }));
  const dead = states.filter(({ state }) => state !== "solid");
  if (dead.length === 0) return nothing;
  if (dead.length < owners.length) {
    const uids = new Set(dead.map(({ owner }) => owner.uid));
    return { steps: [{ kind: "update", resource, object: withoutOwners(object, uids) }], reasons: [] };
  }
  const waits = states.some(({ state }) => state === "waiting-for-dependents");
  const step: Step =
    waits && view.dependents.length > 0 ? foregroundDelete(resource, object) : { kind: "delete", resource, object };
  return { steps: [step], reasons: ["its owners are gone"] };
}

function withoutOwners(object: KubeObject, uids: ReadonlySet<string>): KubeObject {
  const left = (object.metadata.ownerReferences ?? []).filter((owner) => !uids.has(owner.uid));
  return withMetadata(object, { ownerReferences: left.length > 0 ? left : undefined });
}
