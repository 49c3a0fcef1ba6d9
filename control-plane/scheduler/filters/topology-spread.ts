/** topologySpreadConstraints with DoNotSchedule: no domain may get ahead of the emptiest eligible one by more than maxSkew. */
import type { TopologySpreadConstraint } from "#proto/resources/pod.ts";
import type { NodeState } from "../node-state.ts";
import type { PodShape } from "../pod-facts.ts";
import { type Filter, fits, type Refusal } from "../rule.ts";
import { domain, type Snapshot } from "../snapshot.ts";
import type { NodePredicate } from "../terms/node-term.ts";
import { spreadTerm } from "../terms/pod-term.ts";
import type { Tally } from "../terms/tally.ts";
import { isTolerated } from "../tolerance.ts";
import { nodePredicate } from "./node-affinity.ts";

interface Spread {
  readonly constraint: TopologySpreadConstraint;
  readonly tally: Tally;
  readonly domains: ReadonlySet<string>;
  /** 1 when the pod itself is counted. */
  readonly own: number;
  readonly missing: readonly Refusal[];
  readonly skewed: readonly Refusal[];
}

export const topologySpread: Filter = {
  name: "topology-spread",
  helpedBy: ["node-added", "node-labels", "node-taints", "pod-added", "pod-removed", "pod-labels"],
  prepare(shape, snapshot) {
    const hard = shape.spread.filter((constraint) => constraint.whenUnsatisfiable === "DoNotSchedule");
    if (hard.length === 0) return undefined;
    const keys = hard.map((constraint) => constraint.topologyKey);
    const spreads = hard.map((constraint) => prepareSpread(constraint, keys, shape, snapshot));
    return {
      scope: "domain",
      refusals(node) {
        for (const spread of spreads) {
          const place = domain(node, spread.constraint.topologyKey);
          if (place === undefined) return spread.missing;
          if (spread.tally.count(place) + spread.own - emptiest(spread) > spread.constraint.maxSkew)
            return spread.skewed;
        }
        return fits;
      },
    };
  },
};

function prepareSpread(
  constraint: TopologySpreadConstraint,
  keys: readonly string[],
  shape: PodShape,
  snapshot: Snapshot,
): Spread {
  const term = spreadTerm(constraint, shape);
  const domains = new Set<string>();
  const canRun = nodePredicate(shape);
  for (const node of snapshot.nodes) {
    if (!isEligible(node, constraint, keys, shape, canRun)) continue;
    const place = domain(node, constraint.topologyKey);
    if (place !== undefined) domains.add(place);
  }
  const what = `topology label ${constraint.topologyKey}`;
  const skew = `the spread over ${constraint.topologyKey} exceed ${constraint.maxSkew}`;
  const code = `spread ${constraint.topologyKey}`;
  const filter = "topology-spread";
  return {
    constraint,
    domains,
    tally: snapshot.tally(term, "staying"),
    own: term.matches(shape) ? 1 : 0,
    missing: [{ filter, code: `${code} missing`, one: `node lacks the ${what}`, many: `nodes lack the ${what}` }],
    skewed: [{ filter, code, one: `node would make ${skew}`, many: `nodes would make ${skew}` }],
  };
}

/** Nodes whose domains count, by nodeAffinityPolicy (default Honor) and nodeTaintsPolicy (default Ignore). */
function isEligible(
  node: NodeState,
  constraint: TopologySpreadConstraint,
  keys: readonly string[],
  shape: PodShape,
  canRun: NodePredicate,
): boolean {
  if (!keys.every((key) => domain(node, key) !== undefined)) return false;
  if (constraint.nodeAffinityPolicy !== "Ignore" && !canRun(node.facts)) return false;
  if (constraint.nodeTaintsPolicy !== "Honor") return true;
  return node.facts.taints.every(
    (taint) => taint.effect === "PreferNoSchedule" || isTolerated(shape.tolerations, taint),
  );
}

function emptiest(spread: Spread): number {
  if (spread.domains.size < (spread.constraint.minDomains ?? 1)) return 0;
  let least = Number.POSITIVE_INFINITY;
  for (const place of spread.domains) {
    const count = spread.tally.count(place);
    if (count === 0) return 0;
    if (count < least) least = count;
  }
  return least === Number.POSITIVE_INFINITY ? 0 : least;
}
