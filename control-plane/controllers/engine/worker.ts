/**
 * Runs one controller: a queue of keys, decide, apply, wait until the cache shows what was written. The wait is what makes a
 * stale cache harmless: no decision for a key is made on a view older than the last decision's own writes.
 */
import { type BackoffOptions, backoffMs } from "#proto/kit/backoff.ts";
import { KeyedQueue } from "#proto/kit/keyed-queue.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Step, WriteStep } from "../model/step.ts";
import type { ControllerWorld } from "../world.ts";
import { applySteps, isDeposed } from "./apply.ts";
import type { Controller, EngineMetrics, Outcome } from "./controller.ts";

export interface WorkerOptions {
  readonly controller: Controller;
  readonly world: ControllerWorld;
  readonly metrics: EngineMetrics;
  /** Called once when a write was refused because another process leads. */
  readonly onDeposed: (thrown: unknown) => void;
}

interface Unsettled {
  readonly steps: readonly WriteStep[];
}

const conflictBackoff: BackoffOptions = { initialMs: 4, maxMs: 2_000 };

export class Worker {
  readonly #options: WorkerOptions;
  readonly #queue: KeyedQueue;
  readonly #conflicts = new Map<string, number>();
  readonly #unsettled = new Map<string, Unsettled>();
  #failing = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
    const { clock, random, settings, logger } = options.world;
    this.#queue = new KeyedQueue({
      clock,
      random,
      concurrency: options.controller.concurrency ?? settings.concurrency,
      work: async (key) => {
        try {
          return await this.#work(key);
        } finally {
          // The key itself is still counted.
          options.metrics.queued(options.controller.name, this.#queue.size - 1);
        }
      },
      onError: (key, thrown) => {
        // Once per outage: the queue goes on trying with back-off.
        const level = this.#failing ? "debug" : "warn";
        this.#failing = true;
        logger[level](
          { key, err: Problem.from(thrown).message },
          `${options.controller.name}: working on a key failed, trying again`,
        );
      },
    });
  }

  wake(key: string): void {
    this.#queue.add(key);
    this.#options.metrics.queued(this.#options.controller.name, this.#queue.size);
  }

  async stop(): Promise<void> {
    await this.#queue.stop();
  }

  async #work(key: string): Promise<{ readonly againInMs?: number } | undefined> {
    const { world, controller, metrics } = this.#options;
    // The queue may call from inside a cache change: let all changes of this turn arrive before deciding.
    await Promise.resolve();
    if (world.signal.aborted) return undefined;
    const startedAtMs = world.clock.monotonicMs();
    try {
      await this.#settle(key);
      const nowMs = world.clock.nowMs();
      const plan = await controller.decide(key, nowMs, world.signal);
      const steps = plan?.steps ?? [];
      const outcomes = await this.#apply(key, steps);
      const conflicts = outcomes.filter((outcome) => outcome.ok === false).length;
      metrics.worked(
        controller.name,
        conflicts > 0 ? "conflict" : "done",
        world.clock.monotonicMs() - startedAtMs,
        steps.length,
      );
      this.#failing = false;
      if (conflicts > 0) return { againInMs: this.#conflictDelayMs(key) };
      this.#conflicts.delete(key);
      return plan?.recheckAtMs === undefined
        ? undefined
        : { againInMs: Math.max(1, plan.recheckAtMs - world.clock.nowMs()) };
    } catch (thrown) {
      if (world.signal.aborted) return undefined;
      metrics.worked(controller.name, "failed", world.clock.monotonicMs() - startedAtMs, 0);
      if (!isDeposed(thrown)) throw thrown;
      this.#options.onDeposed(thrown);
      return undefined;
    }
  }

  /**
   * Writes whose answer was lost are sent again as they were: a create fails on its own name when it did happen, an update
   * on its revision. So nothing is done twice, and what comes late is refused.
   */
  async #settle(key: string): Promise<void> {
    const unsettled = this.#unsettled.get(key);
    if (!unsettled) return;
    this.#unsettled.delete(key);
    await this.#send(key, unsettled.steps);
  }

  async #apply(key: string, steps: readonly Step[]): Promise<readonly Outcome[]> {
    if (steps.length === 0) return [];
    const outcomes = await this.#send(
      key,
      steps.filter((step): step is WriteStep => step.kind !== "event"),
    );
    if (outcomes.every((outcome) => outcome.ok === true)) this.#record(steps);
    return outcomes;
  }

  async #send(key: string, steps: readonly WriteStep[]): Promise<readonly Outcome[]> {
    if (steps.length === 0) return [];
    const outcomes = await applySteps(steps, this.#options.world);
    this.#options.controller.settled?.(key, outcomes);
    const lost = outcomes.filter((outcome) => outcome.ok === "unknown");
    if (lost.length > 0) this.#unsettled.set(key, { steps: lost.map((outcome) => outcome.step) });
    await this.#awaitCache(outcomes);
    if (lost[0]) throw lost[0].thrown;
    return outcomes;
  }

  async #awaitCache(outcomes: readonly Outcome[]): Promise<void> {
    const { cache, settings, signal } = this.#options.world;
    let newest = 0;
    for (const outcome of outcomes) {
      const object = outcome.ok === true ? outcome.object : outcome.ok === false ? outcome.current : undefined;
      newest = Math.max(newest, Number(object?.metadata.resourceVersion ?? 0));
    }
    if (newest > 0) await cache.waitFor(String(newest), settings.cacheWaitMs, signal);
  }

  #record(steps: readonly Step[]): void {
    const { events } = this.#options.world;
    for (const step of steps) {
      if (step.kind !== "event") continue;
      const { regarding, type, reason, message } = step;
      events.record({ regarding, type, reason, message, source: this.#options.controller.source });
    }
  }

  #conflictDelayMs(key: string): number {
    const attempt = this.#conflicts.get(key) ?? 0;
    this.#conflicts.set(key, attempt + 1);
    return backoffMs(conflictBackoff, attempt, this.#options.world.random);
  }
}
