/**
 * What the scheduler knows, kept by changes instead of being copied: nodes with their totals, tallies, used host ports. A
 * placement is assumed here at once, so that the next pod sees the space taken; `forget` undoes one that failed.
 */
import { domainOf, type NodeFacts, type NodeState } from "./node-state.ts";
import type { Labels, PodFacts, PodShape } from "./pod-facts.ts";
import { accumulate, type MutableResources } from "./resources.ts";
import { HeldTerms, preferencesOf, requiredAntiAffinityOf } from "./terms/held-terms.ts";
import type { PodTerm } from "./terms/pod-term.ts";
import { type Counting, Tally } from "./terms/tally.ts";

class MutableNode implements NodeState {
  facts: NodeFacts;
  readonly used: MutableResources = { milliCpu: 0, memoryBytes: 0, ephemeralStorageBytes: 0, pods: 0 };
  readonly hostPorts = new Map<string, number>();
  readonly pods = new Map<string, PodFacts>();

  constructor(facts: NodeFacts) {
    this.facts = facts;
  }
}

interface PlacedPod {
  readonly pod: PodFacts;
  readonly nodeName: string;
}

/** Terms seldom used again are dropped when there are more than this. */
const maxTallies = 512;
const noReplicas: ReadonlyMap<string, number> = new Map();

export class Snapshot {
  readonly #nodes = new Map<string, MutableNode>();
  #list: readonly NodeState[] | undefined;
  /** All placed pods, also those whose node this snapshot does not know (yet, or any more). */
  readonly #placed = new Map<string, PlacedPod>();
  readonly #strays = new Map<string, Set<string>>();
  readonly #tallies = new Map<string, Tally>();
  /** Replicas per node of each owner, for default spreading. */
  readonly #replicas = new Map<string, Map<string, number>>();
  readonly #namespaces = new Map<string, Labels>();
  readonly antiAffinity = new HeldTerms(requiredAntiAffinityOf, (namespace) => this.namespaceLabels(namespace));
  readonly preferences = new HeldTerms(preferencesOf, (namespace) => this.namespaceLabels(namespace));

  /** In a stable order: that of joining. */
  get nodes(): readonly NodeState[] {
    this.#list ??= [...this.#nodes.values()];
    return this.#list;
  }

  node(name: string): NodeState | undefined {
    return this.#nodes.get(name);
  }

  placement(uid: string): string | undefined {
    return this.#placed.get(uid)?.nodeName;
  }

  namespaceLabels(namespace: string): Labels {
    return this.#namespaces.get(namespace) ?? {};
  }

  setNamespace(name: string, labels: Labels | undefined): void {
    const before = this.#namespaces.get(name);
    if (labels === undefined) this.#namespaces.delete(name);
    else this.#namespaces.set(name, labels);
    // Terms with a namespaceSelector may mean other pods now; they are counted again when next asked for.
    if (JSON.stringify(before) !== JSON.stringify(labels)) this.#tallies.clear();
  }

  setNode(facts: NodeFacts): void {
    const known = this.#nodes.get(facts.name);
    if (!known) {
      const node = new MutableNode(facts);
      this.#nodes.set(facts.name, node);
      this.#list = undefined;
      for (const uid of this.#strays.get(facts.name) ?? []) {
        const placed = this.#placed.get(uid);
        if (placed) this.#enter(placed.pod, node);
      }
      this.#strays.delete(facts.name);
      return;
    }
    const moves = !sameLabels(known.facts.labels, facts.labels);
    if (moves) for (const pod of known.pods.values()) this.#count(pod, known.facts, -1);
    known.facts = facts;
    if (moves) for (const pod of known.pods.values()) this.#count(pod, facts, 1);
  }

  removeNode(name: string): void {
    const node = this.#nodes.get(name);
    if (!node) return;
    for (const pod of [...node.pods.values()]) {
      this.#leave(pod, node);
      this.#addStray(name, pod.uid);
    }
    this.#nodes.delete(name);
    this.#list = undefined;
  }

  /** A pod that stands on a node, by what the store says or by assumption. */
  setPod(pod: PodFacts, nodeName: string): void {
    const before = this.#placed.get(pod.uid);
    if (before && before.nodeName === nodeName && before.pod === pod) return;
    if (before) this.removePod(pod.uid);
    this.#placed.set(pod.uid, { pod, nodeName });
    const node = this.#nodes.get(nodeName);
    if (node) this.#enter(pod, node);
    else this.#addStray(nodeName, pod.uid);
  }

  removePod(uid: string): void {
    const placed = this.#placed.get(uid);
    if (!placed) return;
    this.#placed.delete(uid);
    this.#strays.get(placed.nodeName)?.delete(uid);
    const node = this.#nodes.get(placed.nodeName);
    if (node?.pods.has(uid)) this.#leave(placed.pod, node);
  }

  /** Pods that match `term`, counted by domain. */
  tally(term: PodTerm, counting: Counting): Tally {
    const key = `${counting} ${term.key}`;
    const known = this.#tallies.get(key);
    if (known) {
      // Most recently used last.
      this.#tallies.delete(key);
      this.#tallies.set(key, known);
      return known;
    }
    const tally = new Tally(term, counting);
    for (const node of this.#nodes.values()) for (const pod of node.pods.values()) tally.change(pod, node.facts, 1);
    this.#tallies.set(key, tally);
    return tally;
  }

  /** Called between passes: tallies in use are never dropped. */
  trim(): void {
    for (const key of this.#tallies.keys()) {
      if (this.#tallies.size <= maxTallies) return;
      this.#tallies.delete(key);
    }
  }

  /** How many staying replicas of `owner` each node has. */
  replicasOf(owner: string): ReadonlyMap<string, number> {
    return this.#replicas.get(owner) ?? noReplicas;
  }

  #enter(pod: PodFacts, node: MutableNode): void {
    node.pods.set(pod.uid, pod);
    this.#occupy(pod.shape, node, 1);
    this.#count(pod, node.facts, 1);
  }

  #leave(pod: PodFacts, node: MutableNode): void {
    node.pods.delete(pod.uid);
    this.#occupy(pod.shape, node, -1);
    this.#count(pod, node.facts, -1);
  }

  #occupy(shape: PodShape, node: MutableNode, sign: 1 | -1): void {
    accumulate(node.used, shape.requests, sign);
    for (const port of shape.hostPorts) addTo(node.hostPorts, port, sign);
  }

  #count(pod: PodFacts, facts: NodeFacts, sign: 1 | -1): void {
    for (const tally of this.#tallies.values()) tally.change(pod, facts, sign);
    this.antiAffinity.change(pod, facts, sign);
    this.preferences.change(pod, facts, sign);
    const { owner } = pod.shape;
    if (owner === undefined || pod.isTerminating || pod.isLost) return;
    const replicas = this.#replicas.get(owner) ?? new Map<string, number>();
    addTo(replicas, facts.name, sign);
    if (replicas.size === 0) this.#replicas.delete(owner);
    else this.#replicas.set(owner, replicas);
  }

  #addStray(nodeName: string, uid: string): void {
    const strays = this.#strays.get(nodeName) ?? new Set<string>();
    strays.add(uid);
    this.#strays.set(nodeName, strays);
  }
}

function addTo(counts: Map<string, number>, key: string, by: number): void {
  const next = (counts.get(key) ?? 0) + by;
  if (next === 0) counts.delete(key);
  else counts.set(key, next);
}

function sameLabels(a: Labels, b: Labels): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

/** For filters and scores: the domain of a node state. */
export const domain = (node: NodeState, topologyKey: string): string | undefined => domainOf(node.facts, topologyKey);
