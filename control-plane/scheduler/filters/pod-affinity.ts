/** Required pod affinity and anti-affinity, and the required anti-affinity of pods already there, by tallies. */

import type { NodeState } from "../node-state.ts";
import type { PodShape } from "../pod-facts.ts";
import { type Filter, fits, type NodeCheck, type Refusal, type Scope } from "../rule.ts";
import { domain, type Snapshot } from "../snapshot.ts";
import { affinityTerm, allOf, type PodTerm } from "../terms/pod-term.ts";

const refuse = (code: string, text: string): readonly Refusal[] => [
  { filter: "pod-affinity", code, one: `node ${text}`, many: `nodes ${text}` },
];
const noFriend = refuse("affinity", "without a pod that the pod's affinity asks for");
const ownFoe = refuse("anti-affinity", "with a pod that the pod's anti-affinity keeps away from");
const theirFoe = refuse("held-anti-affinity", "with a pod whose anti-affinity keeps this pod away");

export const podAffinity: Filter = {
  name: "pod-affinity",
  helpedBy: ["node-added", "node-labels", "pod-added", "pod-removed", "pod-labels", "namespace-labels"],
  prepare(shape, snapshot) {
    const friends = friendCheck(shape, snapshot);
    const foes = foeCheck(shape, snapshot);
    const held = heldCheck(shape, snapshot);
    if (!friends && !foes && !held) return undefined;
    return {
      scope: widest([friends, foes, held]),
      refusals(node) {
        for (const check of [friends, foes, held]) {
          const refusals = check?.refusals(node) ?? fits;
          if (refusals.length > 0) return refusals;
        }
        return fits;
      },
    };
  },
};

function friendCheck(shape: PodShape, snapshot: Snapshot): NodeCheck | undefined {
  const terms = readyTerms(shape, snapshot, "podAffinity");
  if (terms.length === 0) return undefined;
  const tallies = terms.map((term) => snapshot.tally(allOf(terms, term.topologyKey), "all"));
  const matchesItself = terms.every((term) => term.matches(shape));
  return {
    scope: "domain",
    refusals(node) {
      // The first of a group that wants to be together may go anywhere that has all the labels.
      const isFirst = matchesItself && tallies.every((tally) => tally.total === 0);
      for (const tally of tallies) {
        const place = domain(node, tally.term.topologyKey);
        if (place === undefined || (!isFirst && tally.count(place) === 0)) return noFriend;
      }
      return fits;
    },
  };
}

function foeCheck(shape: PodShape, snapshot: Snapshot): NodeCheck | undefined {
  const terms = readyTerms(shape, snapshot, "podAntiAffinity");
  if (terms.length === 0) return undefined;
  const tallies = terms.map((term) => snapshot.tally(term, "all"));
  return {
    scope: scopeOf(terms),
    refusals: (node) => (tallies.some((tally) => occupied(node, tally.term.topologyKey, tally)) ? ownFoe : fits),
  };
}

function occupied(node: NodeState, topologyKey: string, tally: { count(place: string): number }): boolean {
  const place = domain(node, topologyKey);
  return place !== undefined && tally.count(place) > 0;
}

function heldCheck(shape: PodShape, snapshot: Snapshot): NodeCheck | undefined {
  // A group's own terms are held only from its first placement on; foeCheck covers them by symmetry of its selector,
  // and this list is read afresh for every group.
  const held = snapshot.antiAffinity.about(shape);
  if (held.length === 0) return undefined;
  return {
    scope: scopeOf(held.map((one) => one.term)),
    refusals(node) {
      for (const { term, byDomain } of held) {
        const place = domain(node, term.topologyKey);
        if (place !== undefined && (byDomain.get(place) ?? 0) > 0) return theirFoe;
      }
      return fits;
    },
  };
}

function readyTerms(shape: PodShape, snapshot: Snapshot, field: "podAffinity" | "podAntiAffinity"): readonly PodTerm[] {
  const terms = shape.affinity?.[field]?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  return terms.map((term) => affinityTerm(term, shape, (namespace) => snapshot.namespaceLabels(namespace)));
}

/** Host domains hold one node each: a placement changes nothing elsewhere. */
const scopeOf = (terms: readonly PodTerm[]): Scope =>
  terms.every((term) => term.topologyKey === "kubernetes.io/hostname") ? "node" : "domain";

const widest = (checks: readonly (NodeCheck | undefined)[]): Scope =>
  checks.some((check) => check?.scope === "domain") ? "domain" : "node";
