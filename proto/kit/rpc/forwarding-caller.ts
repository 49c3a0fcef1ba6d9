/** A caller in front of another: who extends it says what becomes of calls with one message each way; all else passes. */
import type { MethodDefinition } from "@grpc/grpc-js";
import type { BidiStream, CallOptions, RpcCaller } from "./caller.ts";
import type { Sendable } from "./sendable.ts";

export abstract class ForwardingCaller implements RpcCaller {
  protected readonly caller: RpcCaller;

  protected constructor(caller: RpcCaller) {
    this.caller = caller;
  }

  abstract unary<Request, Reply>(
    method: MethodDefinition<Request, Reply>,
    request: Sendable<NoInfer<Request>>,
    options?: CallOptions,
  ): Promise<Reply>;

  serverStream<Request, Reply>(
    method: MethodDefinition<Request, Reply>,
    request: Sendable<NoInfer<Request>>,
    options?: CallOptions,
  ): AsyncGenerator<Reply, void, undefined> {
    return this.caller.serverStream(method, request, options);
  }

  bidi<Request, Reply>(method: MethodDefinition<Request, Reply>, options?: CallOptions): BidiStream<Request, Reply> {
    return this.caller.bidi(method, options);
  }

  close(): void {
    this.caller.close();
  }
}
