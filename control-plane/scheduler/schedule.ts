/**
 * Places pending pods. Identical replicas go as a group: node rules are judged once for all of them, and where a placement
 * changes only the chosen node, a heap gives the next best. Every placement is assumed in the snapshot at once.
 */
import { explain } from "./explain.ts";
import { type Candidate, isBetter, NodeHeap } from "./node-heap.ts";
import type { NodeState } from "./node-state.ts";
import type { PodFacts, PodShape } from "./pod-facts.ts";
import type { NodeCheck, NodeScore, Refusal } from "./rule.ts";
import { filters, scores } from "./rules.ts";
import { sampleSize } from "./sampling.ts";
import type { Snapshot } from "./snapshot.ts";

export interface Placement {
  readonly pod: PodFacts;
  readonly nodeName: string;
}

export interface Unplaced {
  readonly pod: PodFacts;
  /** Why, for a person. */
  readonly sentence: string;
  /** Filters that refused some node: only events that help one of them can change the answer. */
  readonly refusedBy: ReadonlySet<string>;
}

export interface ScheduleResult {
  readonly placements: readonly Placement[];
  readonly unplaced: readonly Unplaced[];
}

export interface ScheduleOptions {
  /** Where the scan over nodes begins; moving it on spreads the work over a large cluster. */
  readonly startAt?: number;
}

export function schedule(
  snapshot: Snapshot,
  pending: readonly PodFacts[],
  options: ScheduleOptions = {},
): ScheduleResult {
  const placements: Placement[] = [];
  const unplaced: Unplaced[] = [];
  const startAt = options.startAt ?? 0;
  for (const group of groups(pending)) {
    const run = new GroupRun(snapshot, group, startAt);
    const placed = run.place();
    placements.push(...placed);
    const left = group.slice(placed.length);
    if (left.length > 0) {
      const { sentence, refusedBy } = run.explain();
      for (const pod of left) unplaced.push({ pod, sentence, refusedBy });
    }
  }
  snapshot.trim();
  return { placements, unplaced };
}

/** By priority, then age; replicas of one shape stand together at the place of the oldest. */
function groups(pending: readonly PodFacts[]): readonly (readonly PodFacts[])[] {
  const sorted = [...pending].sort(
    (a, b) =>
      b.shape.priority - a.shape.priority ||
      a.createdAtMs - b.createdAtMs ||
      (a.uid < b.uid ? -1 : a.uid > b.uid ? 1 : 0),
  );
  const byKey = new Map<string, PodFacts[]>();
  for (const pod of sorted) {
    const group = byKey.get(pod.shape.key);
    if (group) group.push(pod);
    else byKey.set(pod.shape.key, [pod]);
  }
  return [...byKey.values()];
}

interface Weighted extends NodeScore {
  readonly weight: number;
}

class GroupRun {
  readonly #snapshot: Snapshot;
  readonly #group: readonly PodFacts[];
  readonly #startAt: number;
  readonly #checks: readonly NodeCheck[];
  #scores: readonly Weighted[];

  constructor(snapshot: Snapshot, group: readonly PodFacts[], startAt: number) {
    this.#snapshot = snapshot;
    this.#group = group;
    this.#startAt = startAt;
    const shape = shapeOf(group);
    this.#checks = filters.flatMap((filter) => filter.prepare(shape, snapshot) ?? []);
    this.#scores = prepareScores(shape, snapshot);
  }

  /** Places as many of the group as fit, in order. */
  place(): readonly Placement[] {
    const reachesOthers = [...this.#checks, ...this.#scores].some((rule) => rule.scope === "domain");
    return reachesOthers ? this.#placeOneByOne() : this.#placeByHeap();
  }

  #placeByHeap(): readonly Placement[] {
    const placements: Placement[] = [];
    const scan = this.#scan();
    const heap = new NodeHeap();
    let wanted = sampleSize(this.#snapshot.nodes.length, this.#group.length);
    for (const pod of this.#group) {
      // A sample that is used up is widened: nobody stays pending while a node has room.
      while (wanted > 0 || heap.best === undefined) {
        const next = scan.next();
        if (next.done) break;
        heap.push(next.value);
        wanted--;
      }
      const best = heap.pop();
      if (!best) break;
      placements.push(this.#assume(pod, best.node));
      if (this.#isFeasible(best.node)) heap.push({ ...best, score: this.#score(best.node) });
    }
    return placements;
  }

  #placeOneByOne(): readonly Placement[] {
    const placements: Placement[] = [];
    const sample = sampleSize(this.#snapshot.nodes.length, 1);
    for (const pod of this.#group) {
      let best: Candidate | undefined;
      let seen = 0;
      for (const candidate of this.#scan()) {
        if (!best || isBetter(candidate, best)) best = candidate;
        if (++seen >= sample) break;
      }
      if (!best) break;
      placements.push(this.#assume(pod, best.node));
      // What the pod just placed prefers counts for its siblings too.
      this.#scores = prepareScores(pod.shape, this.#snapshot);
    }
    return placements;
  }

  /** Feasible nodes with their scores, from `startAt` round. */
  *#scan(): Generator<Candidate, void, undefined> {
    const { nodes } = this.#snapshot;
    for (let place = 0; place < nodes.length; place++) {
      const node = nodes[(this.#startAt + place) % nodes.length];
      if (node && this.#isFeasible(node)) yield { node, score: this.#score(node), place };
    }
  }

  #isFeasible(node: NodeState): boolean {
    for (const check of this.#checks) if (check.refusals(node).length > 0) return false;
    return true;
  }

  #score(node: NodeState): number {
    let sum = 0;
    for (const { weight, score } of this.#scores) sum += weight * score(node);
    return sum;
  }

  #assume(pod: PodFacts, node: NodeState): Placement {
    this.#snapshot.setPod(pod, node.facts.name);
    return { pod, nodeName: node.facts.name };
  }

  explain(): { readonly sentence: string; readonly refusedBy: ReadonlySet<string> } {
    const all: Refusal[] = [];
    for (const node of this.#snapshot.nodes) {
      for (const check of this.#checks) {
        const refusals = check.refusals(node);
        all.push(...refusals);
        if (refusals.length > 0) break;
      }
    }
    return {
      sentence: explain(this.#snapshot.nodes.length, all),
      refusedBy: new Set(all.map((refusal) => refusal.filter)),
    };
  }
}

function prepareScores(shape: PodShape, snapshot: Snapshot): readonly Weighted[] {
  return scores.flatMap((score) => {
    const prepared = score.prepare(shape, snapshot);
    return prepared ? [{ ...prepared, weight: score.weight }] : [];
  });
}

function shapeOf(group: readonly PodFacts[]): PodShape {
  const [first] = group;
  if (!first) throw new RangeError("a group has at least one pod");
  return first.shape;
}
