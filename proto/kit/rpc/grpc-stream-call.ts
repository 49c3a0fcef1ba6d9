/** A call with many messages that grpc-js serves. */
import type { ServerDuplexStream, ServerWritableStream, StatusObject } from "@grpc/grpc-js";
import type { AuthContext } from "@grpc/grpc-js/build/src/auth-context.js";
import { streamOf } from "./identity.ts";
import type { StreamSurface } from "./stream-call.ts";
import { readable, writeWithRoom } from "./stream-io.ts";

export type GrpcStream = ServerWritableStream<unknown, unknown> | ServerDuplexStream<unknown, unknown>;

export class GrpcStreamCall implements StreamSurface {
  /** The HTTP/2 stream; undefined should grpc-js hide it. */
  readonly stream: object | undefined;
  readonly #call: GrpcStream;

  constructor(call: GrpcStream) {
    this.#call = call;
    this.stream = streamOf(call);
  }

  get cancelled(): boolean {
    return this.#call.cancelled;
  }

  getPeer(): string {
    return this.#call.getPeer();
  }

  getDeadline(): Date | number {
    return this.#call.getDeadline();
  }

  getAuthContext(): AuthContext {
    return this.#call.getAuthContext();
  }

  on(event: "cancelled", listener: () => void): this {
    this.#call.on(event, listener);
    return this;
  }

  async *requests(signal: AbortSignal): AsyncGenerator<unknown, void, undefined> {
    if ("read" in this.#call) yield* readable(this.#call, signal);
  }

  get isFull(): boolean {
    return this.#call.writableNeedDrain;
  }

  send(message: unknown, signal: AbortSignal): Promise<void> {
    return writeWithRoom(this.#call, message, signal);
  }

  end(): void {
    this.#call.end();
  }

  fail(status: Partial<StatusObject>): void {
    this.#call.emit("error", Object.assign(new Error(status.details), status));
  }
}
