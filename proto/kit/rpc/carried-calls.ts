/** Calls of one message each way that come over a stream: each is served as it would be by itself, many side by side. */
import type { StatusObject } from "@grpc/grpc-js";
import type { AuthContext } from "@grpc/grpc-js/build/src/auth-context.js";
import { childAbort } from "../child-abort.ts";
import type { Clock } from "../clock.ts";
import { Problem } from "../problem.ts";
import { encodeProblem, problemMetadataKey } from "./problem-wire.ts";
import type { StreamSurface } from "./stream-call.ts";
import type { UnaryMethod, UnarySurface } from "./unary-call.ts";

/** What a stream brings. */
export interface CarriedMessage {
  /** Chosen by the caller. */
  readonly id: number;
  /** Name of a method of the stream's own service. */
  readonly method: string;
  readonly request: Uint8Array;
  /** 0: the method's own. */
  readonly deadlineMs: number;
}

type Result =
  | { readonly reply: Uint8Array }
  /** JSON of a Problem. */
  | { readonly problem: Uint8Array };

/** What goes back. */
export type CarriedAnswer = { readonly id: number } & Result;

export interface CarrierOptions {
  readonly clock: Clock;
  /** Calls under way. What comes beyond waits with its sender. */
  readonly atOnce: number;
  readonly maxReplyBytes: number;
  readonly methodOf: (name: string) => UnaryMethod | undefined;
  /** The stream is over: so are its calls. */
  readonly signal: AbortSignal;
  /** No more calls are begun; those under way end. */
  readonly stopping: AbortSignal;
  /** Sends an answer; cuts the stream when its caller does not take it. */
  readonly send: (answer: CarriedAnswer) => Promise<void>;
}

/** Until the caller sends no more and all is answered. Throws what ended the stream otherwise. */
export async function carryCalls(stream: StreamSurface, options: CarrierOptions): Promise<void> {
  const { signal, stopping, atOnce } = options;
  const underWay = new Set<CarriedCall>();
  let oneEnded = Promise.withResolvers<void>();
  const end = (call: CarriedCall): void => {
    underWay.delete(call);
    oneEnded.resolve();
  };
  const untilFewerThan = async (count: number): Promise<void> => {
    while (underWay.size >= count) {
      oneEnded = Promise.withResolvers();
      await oneEnded.promise;
    }
  };
  const cancelAll = (): void => {
    for (const call of underWay) call.cancel();
  };
  signal.addEventListener("abort", cancelAll, { once: true });
  const reading = childAbort(signal, stopping);
  try {
    for await (const message of stream.requests(reading.signal)) {
      // Several may have come together.
      signal.throwIfAborted();
      const call = new CarriedCall(stream, message as CarriedMessage, options.clock);
      underWay.add(call);
      call.serve(options, () => end(call));
      await untilFewerThan(atOnce);
    }
  } finally {
    await untilFewerThan(1);
    reading.abort("nothing is read any more");
    signal.removeEventListener("abort", cancelAll);
  }
}

class CarriedCall implements UnarySurface {
  readonly #carrier: StreamSurface;
  readonly #message: CarriedMessage;
  readonly #deadlineAtMs: number;
  #request: unknown;
  #onCancelled: (() => void) | undefined;

  constructor(carrier: StreamSurface, message: CarriedMessage, clock: Clock) {
    this.#carrier = carrier;
    this.#message = message;
    this.#deadlineAtMs = message.deadlineMs > 0 ? clock.nowMs() + message.deadlineMs : Number.POSITIVE_INFINITY;
  }

  get request(): unknown {
    return this.#request;
  }

  /** Who calls is known by it. */
  get stream(): object | undefined {
    return this.#carrier.stream;
  }

  get cancelled(): boolean {
    return this.#carrier.cancelled;
  }

  getPeer(): string {
    return this.#carrier.getPeer();
  }

  getDeadline(): number {
    return this.#deadlineAtMs;
  }

  getAuthContext(): AuthContext {
    return this.#carrier.getAuthContext();
  }

  on(_event: "cancelled", listener: () => void): this {
    this.#onCancelled = listener;
    return this;
  }

  cancel(): void {
    this.#onCancelled?.();
  }

  /** `done` is called once, whatever happens: what has no answer any more has a stream that is over. */
  serve({ methodOf, maxReplyBytes, send }: CarrierOptions, done: () => void): void {
    const answer = (result: Result): void => void send({ id: this.#message.id, ...result }).then(done, done);
    const method = this.#opened(methodOf);
    if (method instanceof Problem) answer(refused(method));
    else method.run(this, (error, value) => answer(error ? failed(error) : replied(method, value, maxReplyBytes)));
  }

  /** The method it is for, with the request read; else what is wrong with it. */
  #opened(methodOf: CarrierOptions["methodOf"]): UnaryMethod | Problem {
    const { method: name, request } = this.#message;
    const method = methodOf(name);
    if (!method) return new Problem("unsupported", `a stream cannot carry calls of "${name}"`);
    try {
      this.#request = method.deserialize(Buffer.from(request.buffer, request.byteOffset, request.byteLength));
      return method;
    } catch (cause) {
      return new Problem("bad-request", `the request of ${name} cannot be read`, { cause });
    }
  }
}

const refused = (problem: Problem): Result => ({ problem: encodeProblem(problem) });

function replied(method: UnaryMethod, value: unknown, maxBytes: number): Result {
  const reply = method.serialize(value);
  if (reply.length <= maxBytes) return { reply };
  return refused(new Problem("too-large", `an answer of ${reply.length} bytes is larger than ${maxBytes}`));
}

/** A status that was made of a Problem has it with it. */
function failed({ metadata, details }: Partial<StatusObject>): Result {
  const problem = metadata?.get(problemMetadataKey)[0];
  return problem instanceof Buffer ? { problem } : refused(new Problem("internal", details ?? "the call failed"));
}
