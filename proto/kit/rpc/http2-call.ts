/** One gRPC call on an HTTP/2 stream (grpc/doc/PROTOCOL-HTTP2.md): messages both ways, and the Problem it ends with. */
import type { IncomingHttpHeaders } from "node:http2";
import type { Clock, Timer } from "../clock.ts";
import { Problem } from "../problem.ts";
import { type CallStream, cancelCode, type Http2Connection } from "./http2-connection.ts";
import { sendMessage } from "./message-frame.ts";
import { MessageReader } from "./message-reader.ts";
import { codeOfStatus, decodeProblem, problemMetadataKey } from "./problem-wire.ts";
import { parsed } from "./stream-io.ts";

const maxAnswerBytes = 64 * 1024 * 1024;
/** The server answers a call that is too late by itself; this is for a server that does not. */
const deadlineGraceMs = 1_000;
/** Eight digits are the most that the header may have. */
const maxTimeoutMs = 99_999_999;

export interface Http2CallOptions {
  readonly clock: Clock;
  /** What messages to people call the other side. */
  readonly server: string;
  readonly userAgent: string;
  readonly signal: AbortSignal;
  readonly deadlineMs?: number | undefined;
}

export class Http2Call {
  readonly #stream: CallStream;
  readonly #signal: AbortSignal;
  readonly #server: string;
  #told: IncomingHttpHeaders = {};
  #broken: unknown;

  /** Throws when the session is gone already. */
  constructor(session: Http2Connection, path: string, options: Http2CallOptions) {
    const { clock, signal, deadlineMs, server, userAgent } = options;
    this.#server = server;
    this.#stream = session.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      "user-agent": userAgent,
      ...(deadlineMs !== undefined && { "grpc-timeout": `${Math.min(Math.ceil(deadlineMs), maxTimeoutMs)}m` }),
    });
    this.#signal = signal;
    const deadline = this.#giveUpAfter(clock, deadlineMs);
    const onAbort = (): void => this.#fail(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    this.#stream
      .on("response", (headers) => {
        this.#told = headers;
      })
      .on("trailers", (headers) => {
        this.#told = { ...this.#told, ...headers };
      })
      .on("error", (error) => {
        this.#broken ??= new Problem("unavailable", `the connection broke: ${error.message}`, { cause: error });
      })
      .once("close", () => {
        deadline?.cancel();
        signal.removeEventListener("abort", onAbort);
      });
  }

  /** Resolves when the message has left: its memory may be used again. */
  send(message: Uint8Array | readonly Uint8Array[]): Promise<void> {
    if (this.#stream.destroyed) return Promise.reject(this.#broken ?? new Problem("canceled", "the call has ended"));
    return sendMessage(this.#stream, message, this.#signal);
  }

  end(): void {
    if (!this.#stream.destroyed) this.#stream.end();
  }

  cancel(): void {
    if (!this.#stream.closed) this.#stream.close(cancelCode);
  }

  /** Messages until the server ends the call. Throws what it was ended with. Read once; leaving early cancels. */
  async *messages(): AsyncGenerator<Buffer, void, undefined> {
    const reader = new MessageReader(maxAnswerBytes);
    try {
      for await (const messages of parsed(this.#stream, (part) => reader.push(part))) yield* messages;
      this.#judgeEnd(reader);
    } catch (thrown) {
      if (this.#signal.aborted) throw Problem.from(this.#signal.reason);
      throw this.#broken ?? this.#toldProblem() ?? thrown;
    } finally {
      this.cancel();
    }
  }

  #giveUpAfter(clock: Clock, deadlineMs: number | undefined): Timer | undefined {
    if (deadlineMs === undefined) return undefined;
    return clock.after(deadlineMs + deadlineGraceMs, () =>
      this.#fail(new Problem("timeout", `${this.#server} did not answer in time`)),
    );
  }

  #fail(reason: unknown): void {
    this.#broken ??= reason;
    this.cancel();
    // Whoever reads is to be told now; a cancelled stream may take its time to close.
    this.#stream.destroy();
  }

  #judgeEnd(reader: MessageReader): void {
    const problem = this.#broken ?? this.#toldProblem();
    if (problem) throw problem;
    if (this.#told["grpc-status"] === undefined) {
      throw new Problem("unavailable", "the connection broke before the answer was complete");
    }
    if (reader.incomplete) throw new Problem("internal", `${this.#server}'s answer cannot be read`);
  }

  /** What the trailers tell, if they tell of a failure. */
  #toldProblem(): Problem | undefined {
    const status = this.#told["grpc-status"];
    if (status === undefined) {
      const http = this.#told[":status"];
      return http === undefined || Number(http) === 200
        ? undefined
        : new Problem(
            "unavailable",
            `the address of ${this.#server} answers with HTTP status ${http}, not as gRPC does`,
          );
    }
    if (Number(status) === 0) return undefined;
    const told = this.#told[problemMetadataKey];
    if (typeof told === "string") return decodeProblem(Buffer.from(told, "base64"));
    const message = this.#told["grpc-message"];
    return new Problem(codeOfStatus(Number(status)), typeof message === "string" ? plain(message) : "the call failed");
  }
}

/** Percent-encoded, as the protocol has it; what is not is shown as it came. */
function plain(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}
