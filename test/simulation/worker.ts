/** Child process of `run-seeds.ts`: simulates its share of seeds and reports each. */
import { setImmediate as eventLoopTurn } from "node:timers/promises";
import type { WorkerMessage } from "./run-seeds.ts";
import { simulate } from "./simulate.ts";

const [first = 0, end = 0, step = 1] = process.argv.slice(2).map(Number);

for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => undefined);

for (let seed = first; seed < end; seed += step) {
  const { violations, seen } = await simulate(seed);
  const message: WorkerMessage = { seed, violations, seen: [...seen] };
  process.send?.(message);
  // A seed takes none.
  await eventLoopTurn();
}
process.disconnect?.();
