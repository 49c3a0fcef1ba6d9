/** Work on many objects: a bounded number at once, the outcomes in the objects' order. */
import type { Problem } from "#proto/kit/problem.ts";

/** Writes under way: enough for the cluster to write them together, few beside what it takes from one user. */
export const writesAtOnce = 32;

/** What says nothing of the one object it met: the others would meet it, too. */
export const meetsAll = ({ code }: Problem): boolean => ["unavailable", "unauthenticated", "canceled"].includes(code);

export type Settled<Item, Result> =
  | { readonly item: Item; readonly done: true; readonly result: Result }
  | { readonly item: Item; readonly done: false; readonly thrown: unknown };

/** Whoever leaves the loop starts no more; what is under way goes on unheard. */
export async function* settledInOrder<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Settled<Item, Result>, void> {
  const settle = async (item: Item): Promise<Settled<Item, Result>> => {
    try {
      return { item, done: true, result: await work(item) };
    } catch (thrown) {
      return { item, done: false, thrown };
    }
  };
  const underWay = items.slice(0, atOnce).map(settle);
  for (let next = atOnce; ; next++) {
    const first = underWay.shift();
    if (!first) return;
    const settled = await first;
    const item = items[next];
    if (item !== undefined) underWay.push(settle(item));
    yield settled;
  }
}

/** What comes later in the order may stand on what comes before: only neighbours of one kind go at once. */
export function runsOfOneKind<One extends { readonly definition: object }>(
  all: readonly One[],
): readonly (readonly One[])[] {
  const runs: One[][] = [];
  for (const one of all) {
    const last = runs.at(-1);
    if (last?.[0]?.definition === one.definition) last.push(one);
    else runs.push([one]);
  }
  return runs;
}
