/** A grpc-js client over one connection of its own: promises, async iterables, signals; failures are Problems. */
import type { Readable } from "node:stream";
import { type ChannelCredentials, Client, Metadata, type MethodDefinition, type ServiceError } from "@grpc/grpc-js";
import type { Clock } from "../clock.ts";
import { Problem } from "../problem.ts";
import type { BidiStream, CallOptions, RpcCaller } from "./caller.ts";
import { clientOptions, defaultDeadlineMs, type MessageLimits } from "./limits.ts";
import { fromServiceError } from "./problem-status.ts";
import type { Sendable } from "./sendable.ts";
import { readable, writeWithRoom } from "./stream-io.ts";

export interface RpcClientOptions {
  /** `HOST:PORT`. */
  readonly address: string;
  readonly credentials: ChannelCredentials;
  /** The DNS name in the server's certificate. Always given with TLS. */
  readonly serverName?: string;
  readonly clock: Clock;
  readonly limits?: MessageLimits;
  /** For unary calls that bring none. */
  readonly deadlineMs?: number;
}

const whyTimeoutMs = 500;
const neverAborted = new AbortController().signal;

export class RpcClient implements RpcCaller {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #deadlineMs: number;

  constructor(options: RpcClientOptions) {
    this.#clock = options.clock;
    this.#deadlineMs = options.deadlineMs ?? defaultDeadlineMs;
    this.#client = new Client(
      options.address,
      options.credentials,
      clientOptions(options.limits ?? {}, options.serverName),
    );
  }

  /** Connects, or rejects with `unavailable` after `timeoutMs`. Calls connect by themselves too, but fail at the first refusal. */
  waitForReady(timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#client.waitForReady(this.#clock.nowMs() + timeoutMs, (error) => {
        if (!error) resolve();
        else
          void this.#whyNot(error).then((why) =>
            reject(new Problem("unavailable", `no connection: ${why}`, { cause: error })),
          );
      });
    });
  }

  /** What the last attempt to connect ended with, as a certificate that is not trusted: a call that fails at once says it. */
  #whyNot(error: Error): Promise<string> {
    return new Promise((resolve) => {
      const nothing = (): Buffer => Buffer.alloc(0);
      const deadline = this.#clock.nowMs() + whyTimeoutMs;
      this.#client.makeUnaryRequest("/", nothing, nothing, undefined, new Metadata(), { deadline }, (failure) => {
        const found = /Last error: (?:Error: )?([^\n]*)/.exec(failure?.details ?? "")?.[1];
        resolve(found?.replace(/\.?\s*(Resolution note:.*)?$/, "") || error.message);
      });
    });
  }

  unary<Request, Reply>(
    method: MethodDefinition<Request, Reply>,
    request: Sendable<NoInfer<Request>>,
    options: CallOptions = {},
  ): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const { signal } = options;
      if (signal?.aborted) {
        reject(Problem.from(signal.reason));
        return;
      }
      const call = this.#client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request as Request,
        new Metadata(),
        { deadline: this.#clock.nowMs() + (options.deadlineMs ?? this.#deadlineMs) },
        (error, reply) => {
          signal?.removeEventListener("abort", onAbort);
          if (error) reject(failure(error, signal));
          else resolve(reply as Reply);
        },
      );
      const onAbort = (): void => call.cancel();
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  async *serverStream<Request, Reply>(
    method: MethodDefinition<Request, Reply>,
    request: Sendable<NoInfer<Request>>,
    options: CallOptions = {},
  ): AsyncGenerator<Reply, void, undefined> {
    const { signal } = options;
    if (signal?.aborted) throw Problem.from(signal.reason);
    const call = this.#client.makeServerStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request as Request,
      new Metadata(),
      this.#streamDeadline(options),
    );
    yield* replies<Reply>(call, signal);
  }

  bidi<Request, Reply>(
    method: MethodDefinition<Request, Reply>,
    options: CallOptions = {},
  ): BidiStream<Request, Reply> {
    const signal = options.signal ?? neverAborted;
    if (signal.aborted) throw Problem.from(signal.reason);
    const call = this.#client.makeBidiStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      new Metadata(),
      this.#streamDeadline(options),
    );
    return {
      replies: replies<Reply>(call, signal),
      send: (message) => {
        if (call.destroyed) return Promise.reject(new Problem("canceled", "the call has ended"));
        return writeWithRoom(call, message, signal);
      },
      end: () => void call.end(),
      cancel: () => call.cancel(),
    };
  }

  close(): void {
    this.#client.close();
  }

  #streamDeadline(options: CallOptions): { deadline?: number } {
    return options.deadlineMs === undefined ? {} : { deadline: this.#clock.nowMs() + options.deadlineMs };
  }
}

type CancelableReadable = Readable & { cancel(): void };

/** One reader; created with the call, so that an abort cancels it even before anyone reads. */
function replies<Reply>(
  call: CancelableReadable,
  signal: AbortSignal | undefined,
): AsyncGenerator<Reply, void, undefined> {
  let failed: { readonly thrown: unknown } | undefined;
  const onAbort = (): void => call.cancel();
  signal?.addEventListener("abort", onAbort, { once: true });
  // A failure before anyone reads, or after the reader left, must not be an uncaught error.
  call.on("error", (thrown) => {
    failed ??= { thrown };
  });
  // Until its first read grpc-js buffers everything that arrives, without bound; afterwards it slows the sender down.
  call.read(0);
  return (async function* read() {
    try {
      for await (const reply of readable(call)) yield reply as Reply;
      if (failed) throw failed.thrown;
    } catch (thrown) {
      throw failure(failed ? failed.thrown : thrown, signal);
    } finally {
      signal?.removeEventListener("abort", onAbort);
      call.cancel();
    }
  })();
}

function failure(thrown: unknown, signal: AbortSignal | undefined): Problem {
  if (signal?.aborted) return Problem.from(signal.reason);
  if (isServiceError(thrown)) return fromServiceError(thrown);
  return Problem.from(thrown);
}

function isServiceError(thrown: unknown): thrown is ServiceError {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "number" && "details" in thrown;
}
