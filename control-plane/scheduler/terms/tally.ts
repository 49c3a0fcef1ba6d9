/**
 * Label tallies per topology domain: how many pods that match a term stand in each domain. Made by one scan when a term is
 * first asked about, then kept by every change, so that affinity and spreading cost a look-up per node.
 */
import { domainOf, type NodeFacts } from "../node-state.ts";
import type { PodFacts } from "../pod-facts.ts";
import type { PodTerm } from "./pod-term.ts";

/** Whether terminating pods count: they do for affinity, not for spreading. */
export type Counting = "all" | "staying";

export class Tally {
  readonly term: PodTerm;
  readonly #counting: Counting;
  readonly #counts = new Map<string, number>();
  total = 0;

  constructor(term: PodTerm, counting: Counting) {
    this.term = term;
    this.#counting = counting;
  }

  count(domain: string): number {
    return this.#counts.get(domain) ?? 0;
  }

  /** Weight 1 when the pod comes to the node, -1 when it goes. */
  change(pod: PodFacts, node: NodeFacts, sign: 1 | -1): void {
    if (pod.isLost || (pod.isTerminating && this.#counting === "staying")) return;
    if (!this.term.matches(pod.shape)) return;
    this.total += sign;
    const domain = domainOf(node, this.term.topologyKey);
    if (domain === undefined) return;
    const next = this.count(domain) + sign;
    if (next === 0) this.#counts.delete(domain);
    else this.#counts.set(domain, next);
  }
}
