/** Takes plain calls from a server of grpc-js, on the same port; all others stay with it. */
import type { Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { Clock } from "../clock.ts";
import { type CallSizeLimits, isPlainCall } from "./plain-call.ts";
import { StreamCall, type StreamMethod } from "./stream-call.ts";
import { UnaryCall, type UnaryMethod } from "./unary-call.ts";

export interface PlainCalls {
  /** By path. */
  readonly unary: ReadonlyMap<string, UnaryMethod>;
  readonly streams: ReadonlyMap<string, StreamMethod>;
  readonly limits: CallSizeLimits;
  readonly clock: Clock;
}

/** Before the server takes its first connection. */
export function takeOverCalls(server: Http2Server, { unary, streams, limits, clock }: PlainCalls): void {
  const others = server.listeners("stream");
  server.removeAllListeners("stream");
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, ...more: unknown[]) => {
    const path = headers[":path"] ?? "";
    const [single, many] = isPlainCall(headers) ? [unary.get(path), streams.get(path)] : [];
    if (single) new UnaryCall(stream, headers, { method: single, limits, clock });
    else if (many) many.run(new StreamCall(stream, headers, { method: many, limits, clock }));
    else for (const other of others) Reflect.apply(other, server, [stream, headers, ...more]);
  });
}
