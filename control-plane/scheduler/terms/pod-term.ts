/** A pod (anti-)affinity or spread term, made ready to count with: which pods it means, by which node label. */

import { matchesSelector, selectorOf } from "#proto/resources/label-selector.ts";
import type { LabelSelector } from "#proto/resources/meta.ts";
import type { PodAffinityTerm, TopologySpreadConstraint } from "#proto/resources/pod.ts";
import type { Labels, PodShape } from "../pod-facts.ts";

/** Labels of a namespace, for terms with a namespaceSelector. */
export type NamespaceLabels = (namespace: string) => Labels;

export interface PodTerm {
  /** Equal terms have equal keys: tallies are shared by it. */
  readonly key: string;
  readonly topologyKey: string;
  readonly matches: (shape: PodShape) => boolean;
}

export function affinityTerm(term: PodAffinityTerm, shape: PodShape, namespaceLabels: NamespaceLabels): PodTerm {
  const selector = withLabelKeys(term.labelSelector, shape.labels, term.matchLabelKeys, term.mismatchLabelKeys);
  const wanted = selectorOf(selector);
  const namespaceSelector = term.namespaceSelector && selectorOf(term.namespaceSelector);
  const explicit = term.namespaces ?? [];
  const namespaces = explicit.length === 0 && namespaceSelector === undefined ? [shape.namespace] : explicit;
  return {
    key: JSON.stringify(["affinity", term.topologyKey, selector, namespaces, term.namespaceSelector]),
    topologyKey: term.topologyKey,
    matches: (other) =>
      (namespaces.includes(other.namespace) ||
        (namespaceSelector !== undefined && matchesSelector(namespaceSelector, namespaceLabels(other.namespace)))) &&
      matchesSelector(wanted, other.labels),
  };
}

/** Several terms at once, as required affinity counts: only pods that match all of them. */
export function allOf(terms: readonly PodTerm[], topologyKey: string): PodTerm {
  return {
    key: JSON.stringify(["all", topologyKey, terms.map((term) => term.key)]),
    topologyKey,
    matches: (other) => terms.every((term) => term.matches(other)),
  };
}

export function spreadTerm(constraint: TopologySpreadConstraint, shape: PodShape): PodTerm {
  const selector = withLabelKeys(constraint.labelSelector, shape.labels, constraint.matchLabelKeys, undefined);
  const wanted = selectorOf(selector);
  return {
    key: JSON.stringify(["spread", constraint.topologyKey, selector, shape.namespace]),
    topologyKey: constraint.topologyKey,
    matches: (other) => other.namespace === shape.namespace && matchesSelector(wanted, other.labels),
  };
}

function withLabelKeys(
  selector: LabelSelector | undefined,
  labels: Labels,
  match: readonly string[] | undefined,
  mismatch: readonly string[] | undefined,
): LabelSelector | undefined {
  if (selector === undefined) return undefined;
  const extra = [
    ...(match ?? []).map((key) => ({ key, operator: "In" as const })),
    ...(mismatch ?? []).map((key) => ({ key, operator: "NotIn" as const })),
  ].flatMap(({ key, operator }) => {
    const value = labels[key];
    return value === undefined ? [] : [{ key, operator, values: [value] }];
  });
  if (extra.length === 0) return selector;
  return { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), ...extra] };
}
