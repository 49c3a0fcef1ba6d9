/** Work on many objects: a bounded number at once, the outcomes in the objects' order. */

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
