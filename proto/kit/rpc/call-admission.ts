/**
 * Who may call how much: calls a second and calls under way, for each identity by itself, so that nobody's haste is another's
 * wait. Whoever is refused is told when to come again.
 */
import type { Clock } from "../clock.ts";
import { Problem } from "../problem.ts";
import { type Rate, TokenBuckets } from "./token-buckets.ts";

export interface CallLimits {
  readonly rate: Rate;
  /** Unary calls under way, of one identity and of all. */
  readonly maxRunning: number;
  readonly maxRunningInAll: number;
  /** Streams open, of one identity and of all. */
  readonly maxStreams: number;
  readonly maxStreamsInAll: number;
}

/** Far above what people, tools and controllers need; a loop that went wild meets it within seconds. */
export const defaultCallLimits: CallLimits = {
  rate: { perSecond: 500, burst: 5_000 },
  maxRunning: 400,
  maxRunningInAll: 4_000,
  maxStreams: 2_000,
  maxStreamsInAll: 20_000,
};

export interface AdmissionCounters {
  readonly running: number;
  readonly streams: number;
  readonly refusedByRate: number;
  readonly refusedByCount: number;
}

type Kind = "call" | "stream";

const busyRetryMs = 250;

export class CallAdmission {
  readonly #limits: CallLimits;
  readonly #buckets: TokenBuckets;
  readonly #open: Readonly<Record<Kind, { total: number; readonly byIdentity: Map<string, number> }>> = {
    call: { total: 0, byIdentity: new Map() },
    stream: { total: 0, byIdentity: new Map() },
  };
  #refusedByRate = 0;
  #refusedByCount = 0;

  constructor(clock: Clock, limits: CallLimits = defaultCallLimits) {
    this.#limits = limits;
    this.#buckets = new TokenBuckets(clock, limits.rate);
  }

  /** Throws `too-many-requests` with `retryAfterMs`; else answers how to give the place back, once. */
  enter(identity: string, kind: Kind): () => void {
    const waitMs = this.#buckets.take(identity);
    if (waitMs > 0) {
      this.#refusedByRate++;
      throw tooFast(identity, this.#limits.rate, waitMs);
    }
    const open = this.#open[kind];
    const own = open.byIdentity.get(identity) ?? 0;
    const { maxRunning, maxRunningInAll, maxStreams, maxStreamsInAll } = this.#limits;
    const [max, maxInAll] = kind === "call" ? [maxRunning, maxRunningInAll] : [maxStreams, maxStreamsInAll];
    if (own >= max || open.total >= maxInAll) {
      this.#refusedByCount++;
      throw tooMany(kind, own >= max ? `of "${identity}" (${max})` : `of all callers together (${maxInAll})`);
    }
    open.byIdentity.set(identity, own + 1);
    open.total++;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#leave(identity, kind);
    };
  }

  get counters(): AdmissionCounters {
    return {
      running: this.#open.call.total,
      streams: this.#open.stream.total,
      refusedByRate: this.#refusedByRate,
      refusedByCount: this.#refusedByCount,
    };
  }

  #leave(identity: string, kind: Kind): void {
    const open = this.#open[kind];
    const rest = (open.byIdentity.get(identity) ?? 1) - 1;
    if (rest === 0) open.byIdentity.delete(identity);
    else open.byIdentity.set(identity, rest);
    open.total--;
  }
}

function tooFast(identity: string, { perSecond, burst }: Rate, waitMs: number): Problem {
  return new Problem("too-many-requests", `"${identity}" calls more than ${perSecond} times a second`, {
    hint: `Wait ${waitMs} ms and go on more slowly; ${burst} calls at once are served after a pause.`,
    retryAfterMs: waitMs,
  });
}

function tooMany(kind: Kind, whose: string): Problem {
  const what = kind === "call" ? "calls under way" : "open streams";
  return new Problem("too-many-requests", `the limit of ${what} ${whose} is reached`, {
    hint: kind === "call" ? "Wait for answers before asking more." : "End streams that are no longer needed.",
    retryAfterMs: busyRetryMs,
  });
}
