/** One HTTP/2 connection over mutual TLS, by name. */
import { connect } from "node:http2";
import { type Http2Connection, ready } from "./http2-connection.ts";
import type { Http2Target } from "./http2-target.ts";
import { connectionFlowControlBytes } from "./limits.ts";

/** Rejects with the connection's own error, or with the signal's reason. */
export async function openSession(target: Http2Target, signal: AbortSignal): Promise<Http2Connection> {
  const session = connect(`https://${target.address}`, {
    ca: target.certificateAuthority,
    cert: target.clientCertificate,
    key: target.clientKey,
    servername: target.serverName,
    minVersion: "TLSv1.3",
    settings: { initialWindowSize: target.windowBytes, enablePush: false },
  });
  await ready(session, signal);
  session.setLocalWindowSize(Math.max(target.windowBytes, connectionFlowControlBytes));
  return session;
}
