/** Several waits of one command: one that is in vain is told, and the others still have their time. */

import { Problem } from "#proto/kit/problem.ts";
import { meetsAll, settledInOrder } from "../changes/at-once.ts";
import type { Environment } from "../environment.ts";
import { printProblem } from "../printers/problem.ts";

/** Watches open at once. */
const waitsAtOnce = 32;

/** `wait` answers what to say of one; it is said in the order of `all`. Throws the first Problem's code when any was in vain. */
export async function waitForEach<T>(
  all: readonly T[],
  environment: Pick<Environment, "out" | "err" | "color">,
  wait: (one: T) => Promise<string>,
): Promise<void> {
  const problems: Problem[] = [];
  for await (const settled of settledInOrder(all, waitsAtOnce, wait)) {
    if (settled.done) {
      environment.out.write(`${settled.result}\n`);
      continue;
    }
    const { thrown } = settled;
    if (all.length === 1 || !Problem.is(thrown) || meetsAll(thrown)) throw thrown;
    problems.push(thrown);
    printProblem(thrown, environment);
  }
  const [first] = problems;
  if (first) throw new Problem(first.code, `waited in vain for ${problems.length} of ${all.length}`);
}
