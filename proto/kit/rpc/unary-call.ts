/** A call with one message each way: most of what a server is asked. */
import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { type StatusObject, status } from "@grpc/grpc-js";
import type { Clock } from "../clock.ts";
import type { SurfaceCall } from "./call-scope.ts";
import { framed, prefixBytes } from "./message-frame.ts";
import { type CallSizeLimits, PlainCall, statusHeaders } from "./plain-call.ts";

export interface UnaryMethod {
  readonly path: string;
  deserialize(bytes: Buffer): unknown;
  serialize(value: unknown): Uint8Array;
  /** Once the request is here whole. */
  run(call: UnarySurface, reply: UnaryReply): void;
}

/** Of grpc-js, our own, or carried by a stream. */
export interface UnarySurface extends SurfaceCall {
  readonly request: unknown;
}

export type UnaryReply = (error: Partial<StatusObject> | null, value?: unknown) => void;

export class UnaryCall extends PlainCall implements UnarySurface {
  readonly #method: UnaryMethod;
  readonly #limits: CallSizeLimits;
  #request: unknown;
  #parts: Buffer[] = [];
  #length = 0;

  /** Reads the request and runs the method. `isPlainCall` was asked before. */
  constructor(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    { method, limits, clock }: { readonly method: UnaryMethod; readonly limits: CallSizeLimits; readonly clock: Clock },
  ) {
    super(stream, headers, clock);
    this.#method = method;
    this.#limits = limits;
    stream.on("data", (part: Buffer) => this.#take(part));
    stream.once("end", () => this.#begin());
    stream.once("close", () => {
      this.#parts = [];
    });
  }

  get request(): unknown {
    return this.#request;
  }

  #take(part: Buffer): void {
    if (this.hasEnded) return;
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
    if (this.hasEnded || this.cancelled) return;
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
    if (this.hasEnded || this.cancelled) return;
    if (error) {
      this.finish(statusHeaders(error));
      return;
    }
    const message = this.#method.serialize(value);
    const { maxSendBytes } = this.#limits;
    if (message.length > maxSendBytes) {
      const details = `Sent message larger than max (${message.length} vs. ${maxSendBytes})`;
      this.#fail(status.RESOURCE_EXHAUSTED, details);
    } else this.finish({}, framed(message));
  }

  #fail(code: status, details: string): void {
    this.#parts = [];
    this.finish(statusHeaders({ code, details }));
  }
}
