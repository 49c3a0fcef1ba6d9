/**
 * gRPC over plain HTTP/2: all that a command line needs, ready sooner than grpc-js is loaded. One connection, made again when a
 * call finds it gone.
 */
import type { MethodDefinition } from "@grpc/grpc-js";
import { type Clock, sleep } from "../clock.ts";
import { Problem } from "../problem.ts";
import type { BidiStream, CallOptions, RpcCaller, WireMethod } from "./caller.ts";
import { Http2Call } from "./http2-call.ts";
import type { Http2Connection } from "./http2-connection.ts";
import { keepAlive } from "./http2-keep-alive.ts";
import { isRefusedCertificate } from "./http2-target.ts";
import type { Sendable } from "./sendable.ts";

export interface Http2ClientOptions {
  /** Connects: by Node's HTTP/2, or by the command line's own. Called again when a call finds the connection gone. */
  readonly open: (signal: AbortSignal) => Promise<Http2Connection>;
  /** What messages to people call the other side: `the control plane`. */
  readonly server: string;
  readonly userAgent: string;
  readonly clock: Clock;
  /** For unary calls that bring none. */
  readonly deadlineMs: number;
  /** One attempt to connect. */
  readonly connectTimeoutMs: number;
}

const pauseBetweenAttemptsMs = 200;
const neverAborted = new AbortController().signal;

export class Http2Client implements RpcCaller {
  readonly #options: Http2ClientOptions;
  readonly #closed = new AbortController();
  #isDraining = false;
  /** The connection, or the attempt to make it. */
  #attempt: Promise<Http2Connection> | undefined;

  constructor(options: Http2ClientOptions) {
    this.#options = options;
  }

  /** Connects, trying again for so long. Rejects with what kept the last attempt from it; at once when a certificate is refused. */
  async waitForReady(timeoutMs: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const deadlineMs = clock.monotonicMs() + timeoutMs;
    while (true) {
      try {
        await this.#connected(signal);
        return;
      } catch (thrown) {
        signal.throwIfAborted();
        if (isRefusedCertificate(thrown) || clock.monotonicMs() + pauseBetweenAttemptsMs >= deadlineMs) throw thrown;
        await sleep(clock, pauseBetweenAttemptsMs, signal);
      }
    }
  }

  async unary<Request, Reply>(
    method: MethodDefinition<Request, Reply>,
    request: Sendable<NoInfer<Request>>,
    options: CallOptions = {},
  ): Promise<Reply> {
    const call = await this.#begin(method.path, { deadlineMs: this.#options.deadlineMs, ...options });
    sendOnly(call, method.requestSerialize(request as Request));
    let reply: Buffer | undefined;
    // Read to its end: the status comes after the message.
    for await (const message of call.messages()) reply = message;
    if (!reply) throw new Problem("internal", `${this.#options.server}'s answer is empty`);
    return method.responseDeserialize(reply);
  }

  async *serverStream<Request, Reply>(
    method: MethodDefinition<Request, Reply>,
    request: Sendable<NoInfer<Request>>,
    options: CallOptions = {},
  ): AsyncGenerator<Reply, void, undefined> {
    const call = await this.#begin(method.path, options);
    sendOnly(call, method.requestSerialize(request as Request));
    for await (const message of call.messages()) yield method.responseDeserialize(message);
  }

  /** What is sent may be changed once `send` has resolved. */
  bidi<Request, Reply>(method: WireMethod<Request, Reply>, options: CallOptions = {}): BidiStream<Request, Reply> {
    const begun = this.#begin(method.path, options);
    // Whoever reads or sends is told; nobody may be doing either yet.
    begun.catch(() => undefined);
    return {
      replies: (async function* replies() {
        for await (const message of (await begun).messages()) yield method.responseDeserialize(message);
      })(),
      send: async (message) => (await begun).send(method.requestSerialize(message as Request)),
      end: () => void begun.then((call) => call.end()).catch(() => undefined),
      cancel: () => void begun.then((call) => call.cancel()).catch(() => undefined),
    };
  }

  close(): void {
    this.#closed.abort(connectionClosed());
    this.#attempt?.then((session) => session.destroy()).catch(() => undefined);
  }

  /** Takes no more calls. Those under way go on, and the connection ends with the last of them. */
  drain(): void {
    this.#isDraining = true;
    // Whoever waits for the connection begins a call first.
    this.#attempt?.then((session) => setImmediate(() => session.close())).catch(() => undefined);
  }

  async #begin(path: string, { signal = neverAborted, deadlineMs }: CallOptions): Promise<Http2Call> {
    if (signal.aborted) throw Problem.from(signal.reason);
    if (this.#isDraining) throw connectionClosed();
    try {
      return new Http2Call(await this.#connected(signal), path, { ...this.#options, signal, deadlineMs });
    } catch (thrown) {
      if (signal.aborted) throw Problem.from(signal.reason);
      throw asUnavailable(thrown);
    }
  }

  async #connected(signal: AbortSignal): Promise<Http2Connection> {
    while (true) {
      this.#closed.signal.throwIfAborted();
      this.#attempt ??= this.#connect();
      const attempt = this.#attempt;
      const session = await unlessAborted(attempt, signal).catch((thrown: unknown) => {
        if (!signal.aborted && this.#attempt === attempt) this.#attempt = undefined;
        throw thrown;
      });
      if (!session.closed && !session.destroyed) return session;
      if (this.#attempt === attempt) this.#attempt = undefined;
    }
  }

  async #connect(): Promise<Http2Connection> {
    const { clock, connectTimeoutMs } = this.#options;
    const late = new AbortController();
    const timer = clock.after(connectTimeoutMs, () =>
      late.abort(new Problem("timeout", `no answer within ${connectTimeoutMs / 1000} s`)),
    );
    try {
      const session = await this.#options.open(AbortSignal.any([this.#closed.signal, late.signal]));
      keepAlive(session, clock);
      return session;
    } finally {
      timer.cancel();
    }
  }
}

/** What goes wrong with the request is told by the answer. */
function sendOnly(call: Http2Call, message: Uint8Array): void {
  call.send(message).catch(() => undefined);
  call.end();
}

const connectionClosed = (): Problem => new Problem("canceled", "the connection was closed");

function asUnavailable(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return new Problem("unavailable", `no connection: ${why}`, { cause: thrown });
}

/** The signal's reason as soon as it aborts; the promise goes on for others. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
