/**
 * What a controller's plan may ask for: the closed vocabulary between `plan.ts` files and the engine, which holds one
 * executor per kind. Every step is idempotent, and each object stands in at most one write step of a plan.
 */
import type { KubeObject } from "#proto/resources/object.ts";

export type Step =
  /** uid, creationTimestamp and generation are filled in when missing. Nothing happens when the name is taken. */
  | { readonly kind: "create"; readonly resource: string; readonly object: KubeObject }
  /** The whole new object. Its `metadata.resourceVersion` names the revision it was decided on. */
  | { readonly kind: "update"; readonly resource: string; readonly object: KubeObject }
  /**
   * As the API's delete with background propagation: pods on a node and objects with finalizers are marked, others leave.
   * `now` takes the object out whatever runs, for pods whose node is gone.
   */
  | { readonly kind: "delete"; readonly resource: string; readonly object: KubeObject; readonly now?: boolean }
  /** Recorded when all writes of the plan went through. */
  | {
      readonly kind: "event";
      readonly regarding: KubeObject;
      readonly type: "Normal" | "Warning";
      readonly reason: string;
      readonly message: string;
    };

export type StepKind = Step["kind"];
export type WriteStep = Exclude<Step, { kind: "event" }>;
