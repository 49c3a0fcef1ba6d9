/** Nodes by score, best first; equal scores by their place in the scan, so that the same input gives the same choice. */
import type { NodeState } from "./node-state.ts";

export interface Candidate {
  readonly node: NodeState;
  readonly score: number;
  readonly place: number;
}

export const isBetter = (a: Candidate, b: Candidate): boolean =>
  a.score > b.score || (a.score === b.score && a.place < b.place);

export class NodeHeap {
  readonly #items: Candidate[] = [];

  get best(): Candidate | undefined {
    return this.#items[0];
  }

  push(item: Candidate): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = items[above];
      if (!parent || !isBetter(item, parent)) break;
      items[at] = parent;
      at = above;
    }
    items[at] = item;
  }

  /** Takes the best out. */
  pop(): Candidate | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (last && items.length > 0) this.#sink(last);
    return top;
  }

  #sink(item: Candidate): void {
    const items = this.#items;
    let at = 0;
    while (true) {
      let child = 2 * at + 1;
      const left = items[child];
      if (!left) break;
      const right = items[child + 1];
      const better = right && isBetter(right, left) ? right : left;
      if (better === right) child++;
      if (!isBetter(better, item)) break;
      items[at] = better;
      at = child;
    }
    items[at] = item;
  }
}
