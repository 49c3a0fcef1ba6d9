/** One HTTP/2 connection over mutual TLS, by name. */
import { type ClientHttp2Session, connect } from "node:http2";
import { Problem } from "../problem.ts";
import { connectionFlowControlBytes } from "./limits.ts";

export interface Http2Target {
  /** `HOST:PORT` */
  readonly address: string;
  /** The DNS name that the server's certificate must have. */
  readonly serverName: string;
  readonly certificateAuthority: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
  /** Data of one stream that may be on its way before its reader has taken any. */
  readonly windowBytes: number;
}

/** Rejects with the connection's own error, or with the signal's reason. */
export function openSession(target: Http2Target, signal: AbortSignal): Promise<ClientHttp2Session> {
  const session = connect(`https://${target.address}`, {
    ca: target.certificateAuthority,
    cert: target.clientCertificate,
    key: target.clientKey,
    servername: target.serverName,
    minVersion: "TLSv1.3",
    settings: { initialWindowSize: target.windowBytes, enablePush: false },
  });
  return new Promise((resolve, reject) => {
    const settle = (done: () => void): void => {
      signal.removeEventListener("abort", onAbort);
      session.off("remoteSettings", onSettings).off("error", onError).off("close", onClose);
      // From now on a broken connection is told by the calls on it.
      session.on("error", () => undefined);
      done();
    };
    const fail = (thrown: unknown): void =>
      settle(() => {
        session.destroy();
        reject(thrown);
      });
    const onAbort = (): void => fail(signal.reason);
    const onError = (thrown: unknown): void => fail(thrown);
    const onClose = (): void => fail(new Problem("unavailable", "the other side hung up"));
    // With TLS 1.3 a server judges our certificate after our side is done: its settings are the first sign that it took it.
    const onSettings = (): void =>
      settle(() => {
        session.setLocalWindowSize(Math.max(target.windowBytes, connectionFlowControlBytes));
        resolve(session);
      });
    session.once("remoteSettings", onSettings).once("error", onError).once("close", onClose);
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

/** Whether waiting cannot mend what kept us from connecting: one side refuses the other's certificate. */
export function isRefusedCertificate(thrown: unknown): boolean {
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  return /CERT|ALTNAME|ISSUER|VERIFY|SIGNED|^ERR_SSL_|^ERR_TLS_/.test(code);
}
