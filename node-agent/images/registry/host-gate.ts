/**
 * When a registry may be asked again. A registry that said "not before" is asked by nobody on this node until then, whatever image is
 * wanted; and no host gets more requests a second than its limit.
 */
import { type Clock, sleep } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";

/** Longer waits are the caller's: it has its own back-off, and other work. */
export const maxGateWaitMs = 30_000;
/** What a registry may ask for at most: a wrong clock there shall not stop us for days. */
const maxRetryAfterMs = 60 * 60 * 1000;
const maxHosts = 256;

interface Gate {
  closedUntilMs: number;
  /** When the next request is due under the limit. */
  nextMs: number;
}

export class HostGates {
  readonly #clock: Clock;
  readonly #gates = new Map<string, Gate>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Problem `too-many-requests` at once when it would take too long. */
  async pass(host: string, requestsPerSecond: number | undefined, signal: AbortSignal): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    const gate = this.#gates.get(host);
    if (!gate && requestsPerSecond === undefined) return;
    const own = gate ?? this.#open(host, nowMs);
    const dueMs = Math.max(nowMs, own.closedUntilMs, requestsPerSecond === undefined ? 0 : own.nextMs);
    const waitMs = dueMs - nowMs;
    if (waitMs > maxGateWaitMs) {
      const seconds = Math.ceil(waitMs / 1000);
      throw new Problem("too-many-requests", `registry ${host} has asked to be left alone for ${seconds} s more`, {
        retryAfterMs: waitMs,
        hint: "wait, or pull with credentials that have a higher limit",
      });
    }
    if (requestsPerSecond !== undefined) own.nextMs = dueMs + 1000 / requestsPerSecond;
    if (waitMs === 0) return;
    await sleep(this.#clock, waitMs, signal).catch((reason: unknown) => {
      throw Problem.from(reason);
    });
  }

  /** The registry answered that it shall not be asked again so soon. */
  close(host: string, forMs: number): void {
    const nowMs = this.#clock.monotonicMs();
    const gate = this.#gates.get(host) ?? this.#open(host, nowMs);
    gate.closedUntilMs = Math.max(gate.closedUntilMs, nowMs + Math.min(forMs, maxRetryAfterMs));
  }

  #open(host: string, nowMs: number): Gate {
    const gate = { closedUntilMs: nowMs, nextMs: nowMs };
    const [oldest] = this.#gates.keys();
    if (this.#gates.size >= maxHosts && oldest !== undefined) this.#gates.delete(oldest);
    this.#gates.set(host, gate);
    return gate;
  }
}
