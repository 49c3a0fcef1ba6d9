/** The life of one call on the server: its context, its signal, its deadline. */
import type { AuthContext } from "@grpc/grpc-js/build/src/auth-context.js";
import type { Clock, Timer } from "../clock.ts";
import { Problem } from "../problem.ts";
import type { CallContext } from "./handlers.ts";
import type { PeerIdentities } from "./identity.ts";

/** What all four call classes of grpc-js, and our own, have in common. */
export interface SurfaceCall {
  readonly cancelled: boolean;
  getPeer(): string;
  getDeadline(): Date | number;
  getAuthContext(): AuthContext;
  on(event: "cancelled", listener: () => void): unknown;
}

export interface CallScopeOptions {
  readonly clock: Clock;
  readonly peers: PeerIdentities;
  /** For calls whose caller set no deadline; who set one gets at most ten times as long. Without it only the caller's counts. */
  readonly deadlineMs?: number;
  readonly stopping?: AbortSignal;
}

const longestOverDefault = 10;

export class CallScope {
  readonly context: CallContext;
  readonly #clock: Clock;
  readonly #controller = new AbortController();
  readonly #stopping: AbortSignal | undefined;
  readonly #timer: Timer | undefined;
  #ended = false;
  #cutBy: Problem | undefined;
  #onAbort: (() => void) | undefined;

  constructor(method: string, call: SurfaceCall, options: CallScopeOptions) {
    this.context = {
      method,
      peer: options.peers.of(call),
      // Asked of the socket, and mostly for a log line that is never written.
      get remoteAddress() {
        return call.getPeer();
      },
      signal: this.#controller.signal,
    };
    this.#clock = options.clock;
    const deadlineAtMs = Number(call.getDeadline());
    // grpc-js also says "cancelled" after an ordinary end.
    const onCancelled = (): void => {
      if (this.#ended) return;
      const late = Number.isFinite(deadlineAtMs) && options.clock.nowMs() >= deadlineAtMs;
      this.#abort(late ? timedOut(method) : new Problem("canceled", "the caller went away"));
    };
    call.on("cancelled", onCancelled);
    if (call.cancelled) onCancelled();
    const capMs = longestMs(deadlineAtMs - options.clock.nowMs(), options.deadlineMs);
    if (capMs !== undefined) this.#timer = options.clock.after(capMs, () => this.#abort(timedOut(method)));
    this.#stopping = options.stopping;
    if (this.#stopping?.aborted) this.#onStopping();
    this.#stopping?.addEventListener("abort", this.#onStopping);
  }

  /** The work, or the signal's reason as soon as it aborts: a handler that overlooks its signal cannot hold a call. */
  bounded<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const { signal } = this.context;
      this.#onAbort = () => reject(signal.reason);
      if (signal.aborted) this.#onAbort();
      work.then(resolve, reject);
    });
  }

  /** Aborts the call with `late` when `work` takes longer. */
  async withinMs(limitMs: number, late: (limitMs: number) => Problem, work: () => Promise<void>): Promise<void> {
    const timer = this.#clock.after(limitMs, () => this.#abort(late(limitMs)));
    try {
      await work();
    } finally {
      timer.cancel();
    }
  }

  /** Ends the call from outside: its handler sees its signal abort with this reason, and the caller gets it. */
  cut(reason: Problem): void {
    this.#cutBy ??= reason;
    this.#abort(reason);
  }

  /** Throws the reason when it was cut: a handler may end quietly when its signal aborts. */
  throwIfCut(): void {
    if (this.#cutBy) throw this.#cutBy;
  }

  /** The call was answered: nothing aborts any more. */
  end(): void {
    this.#ended = true;
    this.#timer?.cancel();
    this.#stopping?.removeEventListener("abort", this.#onStopping);
  }

  readonly #onStopping = (): void => this.#abort(this.#stopping?.reason);

  #abort(reason: unknown): void {
    if (this.#ended) return;
    this.#controller.abort(reason);
    this.#onAbort?.();
  }
}

/** Undefined: as long as it takes. */
function longestMs(leftMs: number, defaultMs: number | undefined): number | undefined {
  if (!Number.isFinite(leftMs)) return defaultMs;
  return Math.max(0, Math.min(leftMs, (defaultMs ?? Number.POSITIVE_INFINITY) * longestOverDefault));
}

function timedOut(method: string): Problem {
  return new Problem("timeout", `${method.slice(method.lastIndexOf("/") + 1)} took longer than its deadline`, {
    hint: "What it asks for may be done all the same: look before it is repeated.",
  });
}
