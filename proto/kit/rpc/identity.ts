/** Who is on the other side of a connection, read from the certificate that TLS has already verified. */
import type { AuthContext } from "@grpc/grpc-js/build/src/auth-context.js";

export interface PeerIdentity {
  /** CN of the subject, as `system:node:worker-1` or `ada`. */
  readonly user: string;
  /** Every O of the subject. */
  readonly groups: readonly string[];
  readonly serialNumber: string;
  /** End of the certificate's life, by the wall clock. A connection may outlive it: the caller decides. */
  readonly expiresAtMs: number;
  /** The certificate itself, DER. */
  readonly certificate?: Uint8Array;
}

type SubjectPart = string | readonly string[];

/** Undefined without a verified client certificate, or when its subject has not exactly one CN. */
export function peerIdentity(context: AuthContext): PeerIdentity | undefined {
  const certificate = context.sslPeerCertificate;
  if (!certificate) return undefined;
  // A subject with repeated parts comes as arrays, whatever the typings say.
  const subject = certificate.subject as unknown as { readonly CN?: SubjectPart; readonly O?: SubjectPart };
  const user = subject.CN;
  if (typeof user !== "string" || user === "") return undefined;
  const organizations = subject.O ?? [];
  return {
    user,
    groups: typeof organizations === "string" ? [organizations] : [...organizations],
    serialNumber: certificate.serialNumber,
    expiresAtMs: Date.parse(certificate.valid_to),
    certificate: certificate.raw,
  };
}
