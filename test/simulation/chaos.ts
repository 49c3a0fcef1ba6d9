/** Chooses what goes wrong, from the seed alone. Each seed turns a few kinds of faults on: some bugs need the others off. */
import { registryPrefix } from "#control-plane/store/keyspace.ts";
import type { KvFaults, RequestFault } from "#control-plane/store/kv-faults.ts";
import type { Random } from "#proto/kit/random.ts";

/** Chances per opportunity; 0 = this seed never does it. */
export interface FaultRates {
  /** Store requests. */
  readonly lostRequest: number;
  readonly lostAnswer: number;
  readonly slowRequest: number;
  /** Arrives seconds late, after whoever sent it may have been deposed. */
  readonly stuckRequest: number;
  /** Watch deliveries. */
  readonly slowWatch: number;
  readonly repeatedWatch: number;
  /** Deliveries skipped, as etcd 3.4 does under load. While this is on, bounds that need a true cache are not checked. */
  readonly lostWatch: number;
  /** Messages between agents and control plane. */
  readonly lostDelta: number;
  readonly repeatedDelta: number;
  readonly brokenLink: number;
  readonly slowLink: number;
  /** One end goes and the other is not told. Per connection that ends. */
  readonly halfOpen: number;
  /** Between a control plane and its store, before or after a call: the process is gone. */
  readonly crashAtAwait: number;
  /** Per second. */
  readonly controlPlaneCrash: number;
  /** Stands still, and goes on as if nothing had been. */
  readonly controlPlaneFreeze: number;
  /** The wall clock of a control plane, or of a node, jumps. */
  readonly clockStep: number;
  readonly storeCut: number;
  readonly agentCrash: number;
  readonly partition: number;
  readonly oneWayPartition: number;
  readonly flapping: number;
  readonly powerOff: number;
  readonly containerCrash: number;
}

/** No request is on its way for longer. */
export const longestDelayMs = 9_000;

const highest: FaultRates = {
  lostRequest: 0.02,
  lostAnswer: 0.03,
  slowRequest: 0.2,
  stuckRequest: 0.01,
  slowWatch: 0.2,
  repeatedWatch: 0.1,
  lostWatch: 0.01,
  lostDelta: 0.05,
  repeatedDelta: 0.05,
  brokenLink: 0.02,
  slowLink: 0.1,
  halfOpen: 0.5,
  crashAtAwait: 0.006,
  controlPlaneCrash: 0.08,
  controlPlaneFreeze: 0.05,
  clockStep: 0.05,
  storeCut: 0.03,
  agentCrash: 0.05,
  partition: 0.04,
  oneWayPartition: 0.03,
  flapping: 0.02,
  powerOff: 0.02,
  containerCrash: 0.1,
};

export type FaultKind = keyof FaultRates;

export class Chaos {
  readonly random: Random;
  readonly rates: FaultRates;
  /** Counts of what happened, faults and other rare things: a batch of seeds must have seen them all. */
  readonly seen = new Map<string, number>();
  #isOn = true;

  constructor(random: Random) {
    this.random = random;
    const calm = random.next() < 0.15;
    const rate = (kind: FaultKind): number => {
      const share = kind === "lostWatch" ? 0.15 : 0.5;
      const wanted = random.next() < share ? highest[kind] * random.next() : 0;
      return calm ? 0 : wanted;
    };
    const kinds = Object.keys(highest) as FaultKind[];
    this.rates = Object.fromEntries(kinds.map((kind) => [kind, rate(kind)])) as unknown as FaultRates;
  }

  /** From now on nothing goes wrong any more. */
  stop(): void {
    this.#isOn = false;
  }

  /** Whether it happens now. */
  strikes(kind: FaultKind): boolean {
    const rate = this.rates[kind];
    if (!this.#isOn || rate === 0 || this.random.next() >= rate) return false;
    this.sometimes(kind);
    return true;
  }

  sometimes(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }

  between(fromMs: number, toMs: number): number {
    return fromMs + Math.floor(this.random.next() * (toMs - fromMs));
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.random.next() * items.length)];
  }

  /** For one connection to the store; `isCut` while it is off the network. */
  storeFaults(isCut: () => boolean, nowMs: () => number): KvFaults {
    let lastAtMs = 0;
    return {
      request: () => {
        const fault = this.#requestFault(isCut);
        const atMs = nowMs() + (fault.kind === "delay" ? fault.beforeMs : 0);
        if (fault.kind === "delay" && atMs < lastAtMs) this.sometimes("a request overtakes another");
        lastAtMs = Math.max(lastAtMs, atMs);
        return fault;
      },
      watch: (prefix) => {
        if (isCut()) return { kind: "delay", delayMs: 3_000 };
        if (this.strikes("slowWatch")) return { kind: "delay", delayMs: this.between(1, 1_500) };
        if (this.strikes("repeatedWatch")) return { kind: "duplicate" };
        // Only what the cache checks for drift: nothing else heals by itself.
        if (prefix === registryPrefix && this.strikes("lostWatch")) return { kind: "lose" };
        return { kind: "delay", delayMs: this.between(0, 4) };
      },
    };
  }

  #requestFault(isCut: () => boolean): RequestFault {
    if (isCut()) return { kind: "lost-request", afterMs: 1_000 };
    if (this.strikes("lostRequest")) return { kind: "lost-request", afterMs: this.between(10, 2_000) };
    if (this.strikes("lostAnswer")) return { kind: "lost-answer", afterMs: this.between(10, 2_000) };
    if (this.strikes("stuckRequest")) return { kind: "delay", beforeMs: this.between(1_000, longestDelayMs) };
    if (this.strikes("slowRequest")) {
      return { kind: "delay", beforeMs: this.between(0, 200), afterMs: this.between(0, 200) };
    }
    return { kind: "delay", beforeMs: this.between(0, 3), afterMs: this.between(0, 3) };
  }
}
