/** Takes the calls with one message each way from a server of grpc-js, on the same port; all others stay with it. */
import type { Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { Clock } from "../clock.ts";
import { isPlainCall, UnaryCall, type UnaryLimits, type UnaryMethod } from "./unary-call.ts";

export interface UnaryCalls {
  readonly methods: ReadonlyMap<string, UnaryMethod>;
  readonly limits: UnaryLimits;
  readonly clock: Clock;
}

/** Before the server takes its first connection. */
export function takeOverUnary(server: Http2Server, { methods, limits, clock }: UnaryCalls): void {
  const others = server.listeners("stream");
  server.removeAllListeners("stream");
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, ...more: unknown[]) => {
    const method = methods.get(headers[":path"] ?? "");
    if (method && isPlainCall(headers)) UnaryCall.serve(stream, headers, { method, limits, clock });
    else for (const other of others) Reflect.apply(other, server, [stream, headers, ...more]);
  });
}
