/**
 * A call served straight on its HTTP/2 stream (grpc/doc/PROTOCOL-HTTP2.md): nearly all that a server is asked. grpc-js serves the same
 * calls for several times the processor time; what is out of the ordinary is left to it.
 */
import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { TLSSocket } from "node:tls";
import { type StatusObject, status } from "@grpc/grpc-js";
import type { AuthContext } from "@grpc/grpc-js/build/src/auth-context.js";
import type { Clock } from "../clock.ts";
import type { SurfaceCall } from "./call-scope.ts";

export interface CallSizeLimits {
  readonly maxReceiveBytes: number;
  readonly maxSendBytes: number;
}

const answerHeaders = { ":status": 200, "content-type": "application/grpc+proto" };
/** Nobody asks a call for its date. */
const answerOptions = { waitForTrailers: true, sendDate: false };
const statusOptions = { endStream: true, sendDate: false };
const timeoutPattern = /^(\d{1,8})([HMSmun])$/;
const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };

/** Whether nothing about a call needs grpc-js: no compression, no deadline that cannot be read. */
export function isPlainCall(headers: IncomingHttpHeaders): boolean {
  const type = headers["content-type"];
  const encoding = headers["grpc-encoding"];
  const timeout = headers["grpc-timeout"];
  const isPlain = encoding === undefined || encoding === "identity";
  const isTimed = timeout === undefined || (typeof timeout === "string" && timeoutPattern.test(timeout));
  return isPlain && isTimed && type?.startsWith("application/grpc") === true;
}

/** What calls of one message and of many have in common: who calls, until when, and how they end. */
export abstract class PlainCall implements SurfaceCall {
  readonly stream: ServerHttp2Stream;
  readonly #deadlineAtMs: number;
  #hasEnded = false;
  #onCancelled: (() => void) | undefined;

  protected constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, clock: Clock) {
    this.stream = stream;
    this.#deadlineAtMs = deadlineOf(headers, clock);
    // An error is always followed by the close that tells of it.
    stream.once("error", () => undefined);
    stream.once("close", () => this.#onCancelled?.());
  }

  get cancelled(): boolean {
    return this.stream.destroyed || this.stream.closed;
  }

  /** Whether it was answered to the end. */
  protected get hasEnded(): boolean {
    return this.#hasEnded;
  }

  getPeer(): string {
    const socket = this.stream.session?.socket;
    return socket?.remoteAddress ? `${socket.remoteAddress}:${socket.remotePort}` : "unknown";
  }

  getDeadline(): number {
    return this.#deadlineAtMs;
  }

  getAuthContext(): AuthContext {
    const socket = this.stream.session?.socket;
    if (!(socket instanceof TLSSocket) || !socket.authorized) return {};
    const certificate = socket.getPeerCertificate();
    return { transportSecurityType: "ssl", ...(certificate.raw && { sslPeerCertificate: certificate }) };
  }

  on(_event: "cancelled", listener: () => void): this {
    this.#onCancelled = listener;
    return this;
  }

  /** The last word, behind all that was sent and behind these bytes. */
  protected finish(told: Readonly<Record<string, unknown>>, bytes?: Uint8Array): void {
    if (this.#hasEnded || this.cancelled) return;
    this.#hasEnded = true;
    const { stream } = this;
    const trailers = { "grpc-status": status.OK, ...told };
    if (bytes || stream.headersSent) {
      this.begin();
      stream.once("wantTrailers", () => stream.sendTrailers(trailers));
      stream.end(bytes);
    } else stream.respond({ ...answerHeaders, ...trailers }, statusOptions);
    // What still comes is of no use to anybody.
    if (!stream.readableEnded) stream.resume();
  }

  /** The answer's headers go out; its status comes at the end. */
  protected begin(): void {
    if (!this.stream.headersSent) this.stream.respond(answerHeaders, answerOptions);
  }
}

/** A status as the headers that tell it. */
export function statusHeaders({ code, details, metadata }: Partial<StatusObject>): Readonly<Record<string, unknown>> {
  return {
    "grpc-status": code ?? status.UNKNOWN,
    "grpc-message": encodeURI(details ?? ""),
    ...metadata?.toHttp2Headers(),
  };
}

function deadlineOf(headers: IncomingHttpHeaders, clock: Clock): number {
  const timeout = headers["grpc-timeout"];
  const [, amount, unit] = (typeof timeout === "string" && timeoutPattern.exec(timeout)) || [];
  if (amount === undefined || unit === undefined) return Number.POSITIVE_INFINITY;
  return clock.nowMs() + Number(amount) * (unitMs[unit] ?? 1);
}
