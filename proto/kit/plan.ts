/** The contract between deciding and doing, shared by every controller and the agent's reconciler. */

/** What a pure `plan(view, now)` returns. Same view and instant, same plan. */
export interface Plan<Step> {
  /** Closed, typed union on `kind`; idempotent. */
  readonly steps: readonly Step[];
  /** Ask again then (monotonic milliseconds of the `now` passed in). Instead of a timer inside the decision. */
  readonly recheckAtMs?: number;
  /** Why nothing, or not everything, could be done: sentences for people. */
  readonly reasons: readonly string[];
}
