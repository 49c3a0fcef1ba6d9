/** A call with one message each way: most of what a server is asked. */
import type { IncomingHttpHeaders } from "node:http2";
import { type StatusObject, status } from "@grpc/grpc-js";
import type { Clock } from "../clock.ts";
import type { Opening } from "../http2/connection-stream.ts";
import { type AnswerHeaders, headerBlock } from "../http2/hpack-encoder.ts";
import { ShortStream, type ShortStreamUser } from "../http2/short-stream.ts";
import { framed, prefixBytes } from "./message-frame.ts";
import { answerHeaders, type CallSizeLimits, PlainCall, statusHeaders } from "./plain-call.ts";

export interface UnaryMethod {
  readonly path: string;
  deserialize(bytes: Buffer): unknown;
  serialize(value: unknown): Uint8Array;
  /** Once the request is here whole. */
  run(call: UnaryCall, reply: UnaryReply): void;
}

export type UnaryReply = (error: Partial<StatusObject> | null, value?: unknown) => void;

/** Nearly every answer begins and ends like this. */
const head = headerBlock(answerHeaders);
const tail = headerBlock({ "grpc-status": status.OK });

export class UnaryCall extends PlainCall implements ShortStreamUser {
  readonly stream: ShortStream;
  readonly #method: UnaryMethod;
  readonly #limits: CallSizeLimits;
  #request: unknown;
  #parts: Buffer[] = [];
  #length = 0;
  #hasAnswered = false;

  /** Reads the request and runs the method. `isPlainCall` was asked before. */
  constructor(
    opening: Opening,
    headers: IncomingHttpHeaders,
    { method, limits, clock }: { readonly method: UnaryMethod; readonly limits: CallSizeLimits; readonly clock: Clock },
  ) {
    super(headers, clock);
    this.#method = method;
    this.#limits = limits;
    this.stream = new ShortStream(opening, this);
  }

  get cancelled(): boolean {
    return this.stream.session === undefined;
  }

  get request(): unknown {
    return this.#request;
  }

  take(part: Buffer): void {
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

  closed(): void {
    this.#parts = [];
    // An answered call is over too, and nobody has gone away.
    if (!this.#hasAnswered) this.over();
  }

  /** The request is one whole message, or nothing that can be served. */
  ended(): void {
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
    if (this.#hasAnswered || this.cancelled) return;
    if (error) {
      this.#refuse(statusHeaders(error));
      return;
    }
    const message = this.#method.serialize(value);
    const { maxSendBytes } = this.#limits;
    if (message.length > maxSendBytes) {
      const details = `Sent message larger than max (${message.length} vs. ${maxSendBytes})`;
      this.#fail(status.RESOURCE_EXHAUSTED, details);
      return;
    }
    this.#hasAnswered = true;
    this.stream.answer(head, framed(message), tail);
  }

  #fail(code: status, details: string): void {
    this.#refuse(statusHeaders({ code, details }));
  }

  /** An answer of trailers alone. */
  #refuse(told: AnswerHeaders): void {
    this.#parts = [];
    this.#hasAnswered = true;
    this.stream.answer(headerBlock({ ...answerHeaders, ...told }));
  }
}
