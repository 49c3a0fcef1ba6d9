/** Starts every controller and the scheduler. Called by the composition root each time this process begins to lead. */
import { childAbort } from "#proto/kit/child-abort.ts";
import { Problem } from "#proto/kit/problem.ts";
import { controllersFor } from "./controllers.ts";
import { silentEngineMetrics } from "./engine/controller.ts";
import { Dispatch } from "./engine/dispatch.ts";
import { Worker } from "./engine/worker.ts";
import type { ControllerWorld } from "./world.ts";

export type { ControllerWorld } from "./world.ts";

export interface RunningControllers {
  /** Settles when all have stopped; rejects with Problem `conflict` when a write was refused because another leads. */
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

/** resourceVersion = revision × 128 + position in the batch (DESIGN 4). */
const positionsPerRevision = 128;

/** Returns at once; controllers begin when the cache includes everything written before this leadership. */
export function startControllers(outer: ControllerWorld): RunningControllers {
  const stopping = childAbort(outer.signal);
  const world: ControllerWorld = { ...outer, signal: stopping.signal };
  let deposed: { readonly thrown: unknown } | undefined;
  const run = async (): Promise<void> => {
    await awaitOwnBeginning(world);
    if (!world.signal.aborted) {
      await runUntilAborted(world, (thrown) => {
        deposed ??= { thrown };
        stopping.abort(thrown);
      });
    }
    if (deposed) throw deposed.thrown;
  };
  const done = run();
  // The owner may look at `done` later than it fails.
  done.catch(() => undefined);
  return {
    done,
    async stop() {
      stopping.abort(new DOMException("stopping", "AbortError"));
      await done.catch(() => undefined);
    },
  };
}

/** A predecessor's writes end before the fence's revision: a cache that has reached it knows them all. */
async function awaitOwnBeginning(world: ControllerWorld): Promise<void> {
  const { cache, fence, settings, signal, logger } = world;
  let told = false;
  while (!signal.aborted) {
    try {
      await cache.waitFor(String(fence.createRevision * positionsPerRevision), settings.cacheWaitMs, signal);
      return;
    } catch (thrown) {
      if (signal.aborted) return;
      if (!Problem.is(thrown, "timeout")) throw thrown;
      if (!told) logger.warn({}, "the cache lags behind the start of this leadership; controllers wait");
      told = true;
    }
  }
}

async function runUntilAborted(world: ControllerWorld, onDeposed: (thrown: unknown) => void): Promise<void> {
  const dispatch = new Dispatch(world.logger);
  const stops: (() => void)[] = [];
  const workers: Worker[] = [];
  const metrics = world.metrics ?? silentEngineMetrics;
  for (const controller of controllersFor(world)) {
    const worker = new Worker({ controller, world, metrics, onDeposed });
    const wake = (key: string): void => worker.wake(key);
    workers.push(worker);
    dispatch.add(controller, wake);
    const stop = controller.start?.(wake);
    if (stop) stops.push(stop);
  }
  stops.push(world.cache.subscribe((change) => dispatch.handle(change), { replay: true }));
  await new Promise<void>((resolve) => {
    if (world.signal.aborted) resolve();
    else world.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  for (const stop of stops) stop();
  await Promise.all(workers.map((worker) => worker.stop()));
}
