/**
 * Requests to an agent that are not desired state. The agent journals them by id, so that asking again after a broken session
 * is safe: what is pending is sent again with every new session of the node, until its deadline.
 */
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { decodeProblem } from "#proto/kit/rpc/problem-status.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import { notConnected, type StreamSender } from "./stream-broker.ts";

export interface OperationRequest {
  readonly node: string;
  readonly kind: string;
  readonly payload: Uint8Array;
  readonly deadlineMs: number;
}

interface Pending {
  readonly node: string;
  readonly kind: string;
  readonly payload: Uint8Array;
  readonly deadlineAtMs: number;
  readonly settle: PromiseWithResolvers<Uint8Array>;
}

const maxPending = 1024;

export class Operations {
  readonly #options: {
    readonly clock: Clock;
    readonly random: Random;
    readonly sessionOf: (node: string) => StreamSender | undefined;
  };
  readonly #pending = new Map<string, Pending>();

  constructor(options: {
    readonly clock: Clock;
    readonly random: Random;
    readonly sessionOf: (node: string) => StreamSender | undefined;
  }) {
    this.#options = options;
  }

  /** The agent's answer, or its Problem; `timeout` at the deadline: the outcome is then unknown. */
  async request(request: OperationRequest, signal: AbortSignal): Promise<Uint8Array> {
    const { clock, random, sessionOf } = this.#options;
    if (this.#pending.size >= maxPending) throw new Problem("too-many-requests", "too many operations are under way");
    if (!sessionOf(request.node)) throw notConnected(request.node);
    const id = random.uuid();
    const { deadlineMs, ...what } = request;
    const pending = {
      ...what,
      deadlineAtMs: clock.monotonicMs() + deadlineMs,
      settle: Promise.withResolvers<Uint8Array>(),
    };
    const { promise, reject } = pending.settle;
    const late = new Problem("timeout", `node ${request.node} did not finish "${request.kind}" in time`);
    const timer = clock.after(deadlineMs, () => reject(late));
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    this.#pending.set(id, pending);
    try {
      if (signal.aborted) throw signal.reason;
      this.#send(id, pending);
      return await promise;
    } finally {
      this.#pending.delete(id);
      timer.cancel();
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** The node has a new session. */
  sessionStarted(node: string): void {
    for (const [id, pending] of this.#pending) if (pending.node === node) this.#send(id, pending);
  }

  /** An answer nobody waits for is forgotten. */
  answered(node: string, result: orch.v1.OperationResult.$Properties): void {
    const pending = this.#pending.get(result.id ?? "");
    if (pending?.node !== node) return;
    if (result.problem && result.problem.length > 0) pending.settle.reject(decodeProblem(result.problem));
    else pending.settle.resolve(result.payload ?? new Uint8Array());
  }

  #send(id: string, { node, kind, payload, deadlineAtMs }: Pending): void {
    const deadlineMs = Math.max(0, Math.round(deadlineAtMs - this.#options.clock.monotonicMs()));
    this.#options.sessionOf(node)?.send({ operation: { id, kind, payload, deadlineMs } });
  }
}
