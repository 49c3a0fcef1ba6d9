/**
 * Lets calls share a stream while there are several at once: for many small ones that takes a fraction of the processor time of a call
 * each, here and with the server. A call alone is an ordinary one.
 */
import type { MethodDefinition } from "@grpc/grpc-js";
import type { Clock } from "../clock.ts";
import { Problem } from "../problem.ts";
import type { BidiStream, CallOptions, RpcCaller } from "./caller.ts";
import type { CarriedMessage } from "./carried-calls.ts";
import { ForwardingCaller } from "./forwarding-caller.ts";
import { decodeProblem } from "./problem-wire.ts";
import type { Sendable } from "./sendable.ts";

interface Answer {
  readonly id: number;
  readonly reply?: Uint8Array | null;
  readonly problem?: Uint8Array | null;
}

/** A service's method whose handler is a `carrier`. */
export type CarryMethod = MethodDefinition<CarriedMessage, Answer>;

export interface CarryingCallerOptions {
  readonly caller: RpcCaller;
  readonly method: CarryMethod;
  readonly clock: Clock;
  /** For calls that bring none. */
  readonly deadlineMs: number;
}

/** The server answers with what went wrong; only when it does not in time do we give up ourselves. */
const deadlineGraceMs = 1_000;

export class CarryingCaller extends ForwardingCaller {
  readonly #options: CarryingCallerOptions;
  /** As `/orch.v1.Api/`. */
  readonly #service: string;
  #underWay = 0;
  #carrier: Carrier | undefined;
  /** An older server. */
  #knowsNoStreams = false;

  constructor(options: CarryingCallerOptions) {
    super(options.caller);
    this.#options = options;
    this.#service = options.method.path.slice(0, options.method.path.lastIndexOf("/") + 1);
  }

  async unary<Request, Reply>(
    method: MethodDefinition<Request, Reply>,
    request: Sendable<NoInfer<Request>>,
    options: CallOptions = {},
  ): Promise<Reply> {
    const isAlone = this.#underWay++ === 0;
    const isCarried = !isAlone && !this.#knowsNoStreams && method.path.startsWith(this.#service);
    try {
      if (!isCarried) return await this.caller.unary(method, request, options);
      return await this.#carried(method, request as Request, options);
    } catch (thrown) {
      // Nothing was begun.
      if (!(thrown instanceof NoSuchStream)) throw thrown;
      this.#knowsNoStreams = true;
      return await this.caller.unary(method, request, options);
    } finally {
      // Nobody waits for anything: the server may forget the stream.
      if (--this.#underWay === 0) this.#carrier?.end();
    }
  }

  async #carried<Request, Reply>(
    method: MethodDefinition<Request, Reply>,
    request: Request,
    { signal, deadlineMs = this.#options.deadlineMs }: CallOptions,
  ): Promise<Reply> {
    const { clock, method: carry } = this.#options;
    if (!this.#carrier?.isOpen) this.#carrier = new Carrier(this.caller.bidi(carry), clock);
    const name = method.path.slice(this.#service.length);
    const call = { method: name, request: method.requestSerialize(request), deadlineMs };
    return method.responseDeserialize(await this.#carrier.call(call, signal));
  }
}

/** The server has no method that carries calls. */
class NoSuchStream extends Problem {}

interface Waiting {
  take(answer: Answer): void;
  fail(reason: unknown): void;
}

/** One stream, and those who wait for its answers. */
class Carrier {
  readonly #stream: BidiStream<CarriedMessage, Answer>;
  readonly #clock: Clock;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #isOpen = true;

  constructor(stream: BidiStream<CarriedMessage, Answer>, clock: Clock) {
    this.#stream = stream;
    this.#clock = clock;
    void this.#read();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  call(call: Omit<CarriedMessage, "id">, signal: AbortSignal | undefined): Promise<Buffer> {
    if (signal?.aborted) return Promise.reject(Problem.from(signal.reason));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const settle = (done: () => void): void => {
        this.#waiting.delete(id);
        timer.cancel();
        signal?.removeEventListener("abort", onAbort);
        done();
      };
      const fail = (reason: unknown): void => settle(() => reject(Problem.from(reason)));
      const onAbort = (): void => fail(signal?.reason);
      const timer = this.#clock.after(call.deadlineMs + deadlineGraceMs, () =>
        fail(new Problem("timeout", `${call.method} was not answered in time`)),
      );
      signal?.addEventListener("abort", onAbort, { once: true });
      const take = ({ reply, problem }: Answer): void => {
        if (problem && problem.length > 0) fail(decodeProblem(problem));
        else settle(() => resolve(Buffer.from(reply ?? [])));
      };
      this.#waiting.set(id, { take, fail });
      // Why it cannot be sent is told to whoever reads.
      this.#stream.send({ ...call, id }).catch(() => undefined);
    });
  }

  /** No more calls. */
  end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#stream.end();
  }

  async #read(): Promise<void> {
    try {
      for await (const answer of this.#stream.replies) this.#waiting.get(answer.id)?.take(answer);
      this.#over(new Problem("unavailable", "the stream ended before its answers"));
    } catch (thrown) {
      const { code, message } = Problem.from(thrown);
      this.#over(code === "unsupported" ? new NoSuchStream(code, message) : thrown);
    }
  }

  #over(reason: unknown): void {
    this.#isOpen = false;
    for (const { fail } of [...this.#waiting.values()]) fail(reason);
  }
}
