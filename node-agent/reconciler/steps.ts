/** PURE. The closed vocabulary of what the agent does to a pod. Each step is idempotent. */
import type { PodRecord } from "../journal/record.ts";

export type Step =
  /** Runs in the background; its end wakes the pod again. */
  | { readonly kind: "pull-image"; readonly reference: string; readonly container: string }
  | { readonly kind: "create-sandbox" }
  | { readonly kind: "attach-network" }
  | { readonly kind: "prepare-volumes" }
  | { readonly kind: "create-container"; readonly container: string; readonly attempt: number }
  | { readonly kind: "start-container"; readonly container: string; readonly attempt: number }
  /** Runs in the background; its end wakes the pod again. */
  | { readonly kind: "run-hook"; readonly hook: HookName; readonly container: string; readonly id: string }
  | { readonly kind: "pause-container"; readonly container: string; readonly id: string }
  | { readonly kind: "resume-container"; readonly container: string; readonly id: string }
  | { readonly kind: "signal-container"; readonly container: string; readonly id: string; readonly signal: number }
  | { readonly kind: "kill-container"; readonly container: string; readonly id: string }
  | { readonly kind: "remove-container"; readonly container: string; readonly id: string; readonly attempt: number }
  | { readonly kind: "detach-network" }
  | { readonly kind: "remove-volumes" }
  | { readonly kind: "remove-sandbox" }
  | { readonly kind: "remove-logs" };

export type HookName = "postStart" | "preStop";

/** Names a hook under way: of this container, in this attempt. */
export const hookKey = (hook: HookName, containerId: string): string => `${hook} ${containerId}`;

export type StepKind = Step["kind"];
export type StepOf<Kind extends StepKind> = Extract<Step, { readonly kind: Kind }>;

/** What the parts of a plan hand to one another. */
export interface Draft {
  readonly record: PodRecord;
  readonly steps: readonly Step[];
  readonly recheckAtMs?: number;
  readonly reasons: readonly string[];
}
