/** Takes the connections of a TLS server from Node's HTTP/2, on the same port. */
import type { Http2Server } from "node:http2";
import type { TLSSocket } from "node:tls";
import { Problem } from "../problem.ts";
import { keepAlive } from "./keep-alive.ts";
import { type ConnectionOptions, ServerConnection } from "./server-connection.ts";

/** Before the server takes its first connection. Other servers of the process are not touched. */
export function serveConnections(
  server: Http2Server,
  options: ConnectionOptions,
  onConnection: (connection: ServerConnection) => void,
): void {
  const [nodes, ...others] = server.listeners("secureConnection");
  if (nodes?.name !== "connectionListener") {
    throw new Problem("internal", "this version of Node takes HTTP/2 connections in a way that is not known");
  }
  server.off("secureConnection", nodes as () => void);
  // In front of the others no more: they only listen to the socket's errors.
  if (others.length > 1) throw new Problem("internal", "somebody else takes connections too");
  server.on("secureConnection", (socket: TLSSocket) => {
    if (socket.alpnProtocol !== "h2") {
      socket.destroy();
      return;
    }
    const connection = new ServerConnection(socket, options);
    keepAlive(connection, options.clock);
    onConnection(connection);
  });
}
