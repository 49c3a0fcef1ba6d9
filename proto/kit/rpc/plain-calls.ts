/** Takes connections and calls from a server of grpc-js, on the same port; calls that are not plain stay with it. */
import type { Http2Server } from "node:http2";
import type { Clock } from "../clock.ts";
import { serveConnections } from "../http2/serve-connections.ts";
import type { ConnectionOptions, ServerConnection } from "../http2/server-connection.ts";
import { ServerStream } from "../http2/server-stream.ts";
import { type CallSizeLimits, isPlainCall } from "./plain-call.ts";
import { StreamCall, type StreamMethod } from "./stream-call.ts";
import { UnaryCall, type UnaryMethod } from "./unary-call.ts";

export interface PlainCalls {
  /** By path. */
  readonly unary: ReadonlyMap<string, UnaryMethod>;
  readonly streams: ReadonlyMap<string, StreamMethod>;
  readonly limits: CallSizeLimits;
  readonly clock: Clock;
  readonly connections: Omit<ConnectionOptions, "clock" | "onRequest">;
  readonly onConnection: (connection: ServerConnection) => void;
}

/** Before the server takes its first connection. */
export function takeOverCalls(server: Http2Server, calls: PlainCalls): void {
  const { unary, streams, limits, clock, connections, onConnection } = calls;
  const others = server.listeners("stream");
  const onRequest: ConnectionOptions["onRequest"] = (opening, headers) => {
    const path = headers[":path"] ?? "";
    const [single, many] = isPlainCall(headers) ? [unary.get(path), streams.get(path)] : [];
    if (single) {
      new UnaryCall(opening, headers, { method: single, limits, clock });
      return;
    }
    const stream = new ServerStream(opening);
    if (many) many.run(new StreamCall(stream, headers, { method: many, limits, clock }));
    else for (const other of others) Reflect.apply(other, server, [stream, headers, 0]);
  };
  serveConnections(server, { ...connections, clock, onRequest }, onConnection);
}
