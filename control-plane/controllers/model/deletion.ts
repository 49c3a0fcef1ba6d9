/** What deleting an object means, as the API's delete with background propagation does it. */
import { toTime } from "#proto/kit/clock.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod } from "./kinds.ts";
import { withMetadata } from "./object-change.ts";
import { isAssigned, isFinished } from "./pod-state.ts";

export type Deletion =
  | { readonly kind: "remove" }
  /** Stored with a deletionTimestamp; whoever it waits for (agent, finalizers) lets it go. */
  | { readonly kind: "mark"; readonly object: KubeObject }
  | { readonly kind: "nothing" };

const defaultGraceSeconds = 30;

export function deletionOf(resource: string, object: KubeObject, nowMs: number): Deletion {
  const graceSeconds = resource === "pods" ? podGraceSeconds(object as Pod) : 0;
  const waits = graceSeconds > 0 || (object.metadata.finalizers?.length ?? 0) > 0;
  if (!waits) return { kind: "remove" };
  if (object.metadata.deletionTimestamp !== undefined) return { kind: "nothing" };
  const marked = withMetadata(object, {
    deletionTimestamp: toTime(nowMs + graceSeconds * 1000),
    deletionGracePeriodSeconds: graceSeconds,
    generation: (object.metadata.generation ?? 0) + 1,
  });
  return { kind: "mark", object: marked };
}

/** A pod that no agent has, or that has ended, needs no grace. */
function podGraceSeconds(pod: Pod): number {
  if (!isAssigned(pod) || isFinished(pod)) return 0;
  // Grace 0 would take the object out while the containers run; the agent's `finished` does that.
  return Math.max(
    1,
    pod.metadata.deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? defaultGraceSeconds,
  );
}
