/** What makes gRPC calls: the contract that every client keeps, whatever carries it. Failures are Problems. */
import type { MethodDefinition } from "@grpc/grpc-js";
import type { Sendable } from "./sendable.ts";

export interface CallOptions {
  /** From now. Streams have none unless given. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

export interface BidiStream<Request, Reply> {
  /** Read once. Ends with the call's status OK, else throws its Problem. */
  readonly replies: AsyncIterable<Reply>;
  /** Resolves when there is room for the next message. */
  send(request: Sendable<Request>): Promise<void>;
  /** Half-closes: no more requests. */
  end(): void;
  /** Cuts the call. */
  cancel(): void;
}

/** All that a call over plain HTTP/2 needs of its method: every MethodDefinition has it. */
export interface WireMethod<Request, Reply> {
  readonly path: string;
  /** Whole, or in pieces to be written one after the other. */
  requestSerialize(request: Request): Uint8Array | readonly Uint8Array[];
  responseDeserialize(bytes: Buffer): Reply;
}

export interface RpcCaller {
  unary<Request, Reply>(
    method: MethodDefinition<Request, Reply>,
    request: Sendable<NoInfer<Request>>,
    options?: CallOptions,
  ): Promise<Reply>;
  /** Replies as they come; the server is slowed down to the reader's pace. Leaving the loop cancels the call. */
  serverStream<Request, Reply>(
    method: MethodDefinition<Request, Reply>,
    request: Sendable<NoInfer<Request>>,
    options?: CallOptions,
  ): AsyncGenerator<Reply, void, undefined>;
  bidi<Request, Reply>(method: MethodDefinition<Request, Reply>, options?: CallOptions): BidiStream<Request, Reply>;
  close(): void;
}
