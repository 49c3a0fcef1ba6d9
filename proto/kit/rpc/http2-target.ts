/** Where an HTTP/2 connection over mutual TLS goes, by name. */
import { Problem } from "../problem.ts";

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

/** Whether waiting cannot mend what kept us from connecting: one side refuses the other's certificate, or we know that it would. */
export function isRefusedCertificate(thrown: unknown): boolean {
  if (Problem.is(thrown, "unauthenticated")) return true;
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  return /CERT|ALTNAME|ISSUER|VERIFY|SIGNED|^ERR_SSL_|^ERR_TLS_/.test(code);
}
