/** A call with many messages each way. */
import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { StatusObject } from "@grpc/grpc-js";
import type { Clock } from "../clock.ts";
import { Problem } from "../problem.ts";
import type { SurfaceCall } from "./call-scope.ts";
import { writeMessage } from "./message-frame.ts";
import { MessageReader } from "./message-reader.ts";
import { type CallSizeLimits, PlainCall, statusHeaders } from "./plain-call.ts";
import { parsed } from "./stream-io.ts";

export interface StreamMethod {
  readonly path: string;
  deserialize(bytes: Buffer): unknown;
  serialize(value: unknown): Uint8Array;
  run(call: StreamCall): void;
}

/** Of grpc-js, or our own. */
export interface StreamSurface extends SurfaceCall {
  /** Of HTTP/2; undefined should grpc-js hide it. */
  readonly stream: object | undefined;
  /** Until the caller half-closes. Read once. Throws what makes no sense as a Problem, and the signal's reason. */
  requests(signal: AbortSignal): AsyncGenerator<unknown, void, undefined>;
  /** Whoever sends now waits for the peer to take what is there. */
  readonly isFull: boolean;
  /** Resolves when there is room for the next message. */
  send(message: unknown, signal: AbortSignal): Promise<void>;
  /** It ended well. */
  end(): void;
  fail(status: Partial<StatusObject>): void;
}

export class StreamCall extends PlainCall implements StreamSurface {
  readonly #method: StreamMethod;
  readonly #limits: CallSizeLimits;

  /** For a call that `isPlainCall`. */
  constructor(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    {
      method,
      limits,
      clock,
    }: { readonly method: StreamMethod; readonly limits: CallSizeLimits; readonly clock: Clock },
  ) {
    super(stream, headers, clock);
    this.#method = method;
    this.#limits = limits;
  }

  async *requests(signal: AbortSignal): AsyncGenerator<unknown, void, undefined> {
    const reader = new MessageReader(this.#limits.maxReceiveBytes);
    for await (const messages of parsed(this.stream, (part) => wholeMessages(reader, part), signal)) {
      for (const message of messages) yield this.#read(message);
    }
    if (reader.incomplete) throw new Problem("bad-request", "the last message is not whole");
  }

  get isFull(): boolean {
    return this.stream.writableNeedDrain;
  }

  send(message: unknown, signal: AbortSignal): Promise<void> {
    if (this.cancelled) return Promise.reject(signal.reason ?? new Problem("canceled", "the caller went away"));
    const bytes = this.#method.serialize(message);
    const { maxSendBytes } = this.#limits;
    if (bytes.length > maxSendBytes) {
      return Promise.reject(
        new Problem("too-large", `a message of ${bytes.length} bytes is larger than ${maxSendBytes}`),
      );
    }
    this.begin();
    return writeMessage(this.stream, bytes, signal);
  }

  end(): void {
    this.finish({});
  }

  fail(status: Partial<StatusObject>): void {
    this.finish(statusHeaders(status));
  }

  #read(message: Buffer): unknown {
    try {
      return this.#method.deserialize(message);
    } catch (cause) {
      throw new Problem("bad-request", "a message cannot be read", { cause });
    }
  }
}

/** What is no message is the caller's fault, not ours. */
function* wholeMessages(reader: MessageReader, part: Buffer): Generator<Buffer, void, undefined> {
  try {
    yield* reader.push(part);
  } catch (thrown) {
    throw Problem.is(thrown, "internal") ? new Problem("bad-request", thrown.message) : thrown;
  }
}
