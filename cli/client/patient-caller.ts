/** Waits as long as a server that has too much to do asks for, within the call's own time, and calls again. */
import type { MethodDefinition } from "@grpc/grpc-js";
import { type Clock, sleep } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { CallOptions, RpcCaller } from "#proto/kit/rpc/caller.ts";
import { ForwardingCaller } from "#proto/kit/rpc/forwarding-caller.ts";
import type { Sendable } from "#proto/kit/rpc/sendable.ts";

export interface PatientCallerOptions {
  readonly caller: RpcCaller;
  readonly clock: Clock;
  /** From the first attempt of a unary call to the last. */
  readonly patienceMs: number;
  /** Told once, when a wait is long enough to be noticed. */
  readonly say: (text: string) => void;
}

const noticedMs = 1_000;
const neverAborted = new AbortController().signal;

export class PatientCaller extends ForwardingCaller {
  readonly #options: PatientCallerOptions;
  #hasSaid = false;

  constructor(options: PatientCallerOptions) {
    super(options.caller);
    this.#options = options;
  }

  async unary<Request, Reply>(
    method: MethodDefinition<Request, Reply>,
    request: Sendable<NoInfer<Request>>,
    options: CallOptions = {},
  ): Promise<Reply> {
    const { clock, patienceMs } = this.#options;
    const giveUpAtMs = clock.monotonicMs() + patienceMs;
    while (true) {
      try {
        return await this.caller.unary(method, request, options);
      } catch (thrown) {
        const waitMs = askedToWaitMs(thrown);
        if (waitMs === undefined || clock.monotonicMs() + waitMs >= giveUpAtMs) throw thrown;
        this.#notice(waitMs);
        await sleep(clock, waitMs, options.signal ?? neverAborted);
      }
    }
  }

  #notice(waitMs: number): void {
    if (this.#hasSaid || waitMs < noticedMs) return;
    this.#hasSaid = true;
    this.#options.say(`the control plane asks to wait ${Math.ceil(waitMs / 1000)} s: it has too much to do`);
  }
}

function askedToWaitMs(thrown: unknown): number | undefined {
  return Problem.is(thrown, "too-many-requests") ? thrown.retryAfterMs : undefined;
}
