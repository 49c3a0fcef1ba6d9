/**
 * The other direction: terms that pods already placed hold against (or for) newcomers, with how much of each stands in
 * every domain. Required anti-affinity is symmetric; preferences of running pods count in scores.
 */
import type { PodAffinityTerm } from "#proto/resources/pod.ts";
import { domainOf, type NodeFacts } from "../node-state.ts";
import type { PodFacts, PodShape } from "../pod-facts.ts";
import { affinityTerm, type NamespaceLabels, type PodTerm } from "./pod-term.ts";

export interface HeldTerm {
  readonly term: PodTerm;
  readonly byDomain: ReadonlyMap<string, number>;
}

interface MutableHeldTerm {
  readonly term: PodTerm;
  readonly byDomain: Map<string, number>;
  holders: number;
}

type TermsOf = (shape: PodShape) => readonly { readonly term: PodAffinityTerm; readonly weight: number }[];

export class HeldTerms {
  readonly #termsOf: TermsOf;
  readonly #namespaceLabels: NamespaceLabels;
  readonly #held = new Map<string, MutableHeldTerm>();
  /** Terms ready for use, per shape: replicas share them. */
  readonly #ready = new WeakMap<PodShape, readonly { readonly term: PodTerm; readonly weight: number }[]>();

  constructor(termsOf: TermsOf, namespaceLabels: NamespaceLabels) {
    this.#termsOf = termsOf;
    this.#namespaceLabels = namespaceLabels;
  }

  change(pod: PodFacts, node: NodeFacts, sign: 1 | -1): void {
    if (pod.isLost || pod.shape.affinity === undefined) return;
    for (const { term, weight } of this.#readyTerms(pod.shape)) {
      const held = this.#held.get(term.key) ?? { term, byDomain: new Map<string, number>(), holders: 0 };
      held.holders += sign;
      if (held.holders === 0) this.#held.delete(term.key);
      else this.#held.set(term.key, held);
      const domain = domainOf(node, term.topologyKey);
      if (domain === undefined) continue;
      const next = (held.byDomain.get(domain) ?? 0) + sign * weight;
      if (next === 0) held.byDomain.delete(domain);
      else held.byDomain.set(domain, next);
    }
  }

  /** Terms of placed pods that are about pods like this one. */
  about(shape: PodShape): readonly HeldTerm[] {
    const found: HeldTerm[] = [];
    for (const held of this.#held.values()) if (held.term.matches(shape)) found.push(held);
    return found;
  }

  #readyTerms(shape: PodShape): readonly { readonly term: PodTerm; readonly weight: number }[] {
    const known = this.#ready.get(shape);
    if (known) return known;
    const ready = this.#termsOf(shape).map(({ term, weight }) => ({
      term: affinityTerm(term, shape, this.#namespaceLabels),
      weight,
    }));
    this.#ready.set(shape, ready);
    return ready;
  }
}

export const requiredAntiAffinityOf: TermsOf = (shape) =>
  (shape.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => ({
    term,
    weight: 1,
  }));

/** Required affinity of a running pod weighs like a mild preference, as in Kubernetes (hardPodAffinityWeight 1). */
export const preferencesOf: TermsOf = (shape) => {
  const { podAffinity, podAntiAffinity } = shape.affinity ?? {};
  return [
    ...(podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => ({ term, weight: 1 })),
    ...(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((one) => ({
      term: one.podAffinityTerm,
      weight: one.weight,
    })),
    ...(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((one) => ({
      term: one.podAffinityTerm,
      weight: -one.weight,
    })),
  ];
};
