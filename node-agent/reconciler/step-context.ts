/** What a step's effect is made with. */
import type { Pod } from "#proto/resources/pod.ts";
import type { PodRecord } from "../journal/record.ts";
import type { Outcome } from "./outcome.ts";
import type { ReconcilerPorts } from "./ports.ts";
import type { PodPresence } from "./presence.ts";
import type { Step } from "./steps.ts";

export interface StepContext {
  readonly ports: ReconcilerPorts;
  /** Of a pod nobody knows any more there is only the uid. */
  readonly pod: Pod | undefined;
  readonly record: PodRecord | undefined;
  readonly presence: PodPresence;
  readonly signal: AbortSignal;
  /** The end of a step that went on in the background. */
  readonly later: (step: Step, outcome: Outcome) => void;
}
