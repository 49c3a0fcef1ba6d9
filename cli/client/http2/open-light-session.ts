/** A light session over mutual TLS, by name. */
import { connect } from "node:tls";
import { type Http2Connection, ready } from "#proto/kit/rpc/http2-connection.ts";
import type { Http2Target } from "#proto/kit/rpc/http2-target.ts";
import { connectionFlowControlBytes } from "#proto/kit/rpc/limits.ts";
import { LightSession } from "./light-session.ts";

/** Rejects with the connection's own error, or with the signal's reason. */
export function openLightSession(target: Http2Target, signal: AbortSignal): Promise<Http2Connection> {
  const { hostname, port } = new URL(`https://${target.address}`);
  const socket = connect({
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port) || 443,
    ca: target.certificateAuthority,
    cert: target.clientCertificate,
    key: target.clientKey,
    servername: target.serverName,
    minVersion: "TLSv1.3",
    ALPNProtocols: ["h2"],
  });
  socket.setNoDelay(true);
  const { windowBytes, address } = target;
  const connectionWindowBytes = Math.max(windowBytes, connectionFlowControlBytes);
  // What it says first waits in the socket until the server has proven who it is.
  const options = { scheme: "https", authority: address, windowBytes, connectionWindowBytes } as const;
  return ready(new LightSession(socket, options), signal);
}
