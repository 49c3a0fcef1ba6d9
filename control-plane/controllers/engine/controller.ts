/** What a controller is to the engine: which changes wake which keys, and a decision for one key. */
import type { CacheChange } from "#control-plane/cache/cache.ts";
import type { Plan } from "#proto/kit/plan.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Step, WriteStep } from "../model/step.ts";

export interface Controller {
  /** As `replica-set`: the name in logs and metrics. */
  readonly name: string;
  /** As `replicaset-controller`: the source of its events. */
  readonly source: string;
  /**
   * Keys made worth looking at by a change, by resource; `*` sees all resources. Called synchronously for every change
   * and, at start, with an `added` for all that exists. Must be cheap.
   */
  readonly wakes: Readonly<Record<string, (change: CacheChange) => readonly string[]>>;
  /**
   * Decides for one key from the cache as it is now. `nowMs` is wall clock: stamps in objects are this control plane's own.
   * `recheckAtMs` of the plan is on the same scale. Undefined: nothing to decide.
   */
  readonly decide: (
    key: string,
    nowMs: number,
    signal: AbortSignal,
  ) => Plan<Step> | undefined | Promise<Plan<Step> | undefined>;
  /** Told how the writes of a plan came out, before the next decision for the key. */
  readonly settled?: (key: string, outcomes: readonly Outcome[]) => void;
  /** Called once when the controller starts; what wakes it besides the cache. Returns how to stop. */
  readonly start?: (wake: (key: string) => void) => () => void;
  readonly concurrency?: number;
}

export type Outcome =
  | { readonly step: WriteStep; readonly ok: true; readonly object: KubeObject | undefined }
  /** Another writer was faster: decide again. */
  | { readonly step: WriteStep; readonly ok: false; readonly current: KubeObject | undefined }
  /** The store did not answer: the write may or may not stand. */
  | { readonly step: WriteStep; readonly ok: "unknown"; readonly thrown: unknown };

/** Where the engine reports to; every method is cheap and never throws. */
export interface EngineMetrics {
  worked(controller: string, result: "done" | "conflict" | "failed", tookMs: number, steps: number): void;
  queued(controller: string, depth: number): void;
  /** One pass of the scheduler. */
  scheduled(pass: SchedulerPass): void;
}

export interface SchedulerPass {
  readonly placed: number;
  readonly unplaced: number;
  readonly tookMs: number;
  /** Pods without a node after it. */
  readonly waiting: number;
}

export const silentEngineMetrics: EngineMetrics = {
  worked: () => undefined,
  queued: () => undefined,
  scheduled: () => undefined,
};
