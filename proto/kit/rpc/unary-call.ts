/**
 * A call with one message each way, served straight on its HTTP/2 stream (grpc/doc/PROTOCOL-HTTP2.md): most of what a server is
 * asked. grpc-js serves the same calls for several times the processor time; what is out of the ordinary is left to it.
 */
import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { TLSSocket } from "node:tls";
import { type StatusObject, status } from "@grpc/grpc-js";
import type { AuthContext } from "@grpc/grpc-js/build/src/auth-context.js";
import type { Clock } from "../clock.ts";
import type { SurfaceCall } from "./call-scope.ts";

export interface UnaryMethod {
  readonly path: string;
  deserialize(bytes: Buffer): unknown;
  serialize(value: unknown): Uint8Array;
  /** Once the request is here whole. */
  run(call: UnaryCall, reply: UnaryReply): void;
}

export type UnaryReply = (error: Partial<StatusObject> | null, value?: unknown) => void;

export interface UnaryLimits {
  readonly maxReceiveBytes: number;
  readonly maxSendBytes: number;
}

const prefixBytes = 5;
const contentType = "application/grpc+proto";
const answerHeaders = { ":status": 200, "content-type": contentType };
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

export class UnaryCall implements SurfaceCall {
  readonly stream: ServerHttp2Stream;
  readonly #method: UnaryMethod;
  readonly #limits: UnaryLimits;
  readonly #deadlineAtMs: number;
  #request: unknown;
  #parts: Buffer[] = [];
  #length = 0;
  #answered = false;
  #onCancelled: (() => void) | undefined;

  private constructor(stream: ServerHttp2Stream, method: UnaryMethod, limits: UnaryLimits, deadlineAtMs: number) {
    this.stream = stream;
    this.#method = method;
    this.#limits = limits;
    this.#deadlineAtMs = deadlineAtMs;
  }

  /** Reads the request and runs the method. `isPlainCall` was asked before. */
  static serve(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    { method, limits, clock }: { readonly method: UnaryMethod; readonly limits: UnaryLimits; readonly clock: Clock },
  ): void {
    const call = new UnaryCall(stream, method, limits, deadlineOf(headers, clock));
    stream.on("data", (part: Buffer) => call.#take(part));
    stream.once("end", () => call.#begin());
    // An error is always followed by the close that tells of it.
    stream.once("error", () => undefined);
    stream.once("close", () => call.#closed());
  }

  get request(): unknown {
    return this.#request;
  }

  get cancelled(): boolean {
    return this.stream.destroyed || this.stream.closed;
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

  #take(part: Buffer): void {
    if (this.#answered) return;
    this.#parts.push(part);
    this.#length += part.length;
    if (this.#length < prefixBytes) return;
    // Told by its prefix, before it is gathered.
    const { maxReceiveBytes } = this.#limits;
    const messageBytes = this.#joinedPrefix().readUInt32BE(1);
    if (messageBytes > maxReceiveBytes) {
      this.#fail(status.RESOURCE_EXHAUSTED, `Received message larger than max (${messageBytes} vs ${maxReceiveBytes})`);
    } else if (this.#length > prefixBytes + messageBytes) {
      this.#fail(status.UNIMPLEMENTED, `Received more than one message for unary method ${this.#method.path}`);
    }
  }

  /** The first part, made at least as long as a prefix. */
  #joinedPrefix(): Buffer {
    const [first] = this.#parts;
    if (first && first.length >= prefixBytes) return first;
    const joined = Buffer.concat(this.#parts, this.#length);
    this.#parts = [joined];
    return joined;
  }

  /** The request has ended: it is one whole message, or nothing that can be served. */
  #begin(): void {
    if (this.#answered || this.cancelled) return;
    const [first] = this.#parts;
    const all = this.#parts.length === 1 && first ? first : Buffer.concat(this.#parts, this.#length);
    this.#parts = [];
    if (all.length < prefixBytes || all.length < prefixBytes + all.readUInt32BE(1)) {
      this.#fail(status.UNIMPLEMENTED, `Received no whole message for unary method ${this.#method.path}`);
    } else if (all[0] !== 0) {
      this.#fail(status.INTERNAL, "Received a compressed message without an encoding");
    } else if (this.#read(all.subarray(prefixBytes))) {
      this.#method.run(this, (error, value) => this.#reply(error, value));
    }
  }

  #read(message: Buffer): boolean {
    try {
      this.#request = this.#method.deserialize(message);
      return true;
    } catch {
      this.#fail(status.INTERNAL, "Error deserializing request");
      return false;
    }
  }

  #reply(error: Partial<StatusObject> | null, value: unknown): void {
    if (this.#answered || this.cancelled) return;
    if (error) {
      this.#fail(error.code ?? status.UNKNOWN, error.details ?? "", error.metadata?.toHttp2Headers());
      return;
    }
    const message = this.#method.serialize(value);
    const { maxSendBytes } = this.#limits;
    if (message.length > maxSendBytes) {
      const details = `Sent message larger than max (${message.length} vs. ${maxSendBytes})`;
      this.#fail(status.RESOURCE_EXHAUSTED, details);
      return;
    }
    this.#answered = true;
    this.stream.respond(answerHeaders, { waitForTrailers: true });
    this.stream.once("wantTrailers", () => this.stream.sendTrailers({ "grpc-status": "0" }));
    this.stream.end(framed(message));
  }

  /** An answer of trailers alone. */
  #fail(code: number, details: string, more: Readonly<Record<string, unknown>> = {}): void {
    if (this.#answered || this.cancelled) return;
    this.#answered = true;
    this.#parts = [];
    const told = { "grpc-status": code, "grpc-message": encodeURI(details), ...more };
    this.stream.respond({ ...answerHeaders, ...told }, { endStream: true });
    this.stream.resume();
  }

  #closed(): void {
    this.#parts = [];
    this.#onCancelled?.();
  }
}

function deadlineOf(headers: IncomingHttpHeaders, clock: Clock): number {
  const timeout = headers["grpc-timeout"];
  const [, amount, unit] = (typeof timeout === "string" && timeoutPattern.exec(timeout)) || [];
  if (amount === undefined || unit === undefined) return Number.POSITIVE_INFINITY;
  return clock.nowMs() + Number(amount) * (unitMs[unit] ?? 1);
}

/** One buffer, so that answer and prefix leave in one frame. */
function framed(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(prefixBytes + message.length);
  frame[0] = 0;
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, prefixBytes);
  return frame;
}
