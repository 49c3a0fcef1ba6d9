/** Who is on the other side of a connection: read from the certificate that TLS has already verified, or known from the way in. */
import type { AuthContext } from "@grpc/grpc-js/build/src/auth-context.js";

export interface PeerIdentity {
  /** CN of the subject, as `system:node:worker-1` or `ada`. */
  readonly user: string;
  /** Every O of the subject. */
  readonly groups: readonly string[];
  /** Of the certificate; "" without one. */
  readonly serialNumber: string;
  /** End of the certificate's life, by the wall clock. A connection may outlive it: the caller decides. */
  readonly expiresAtMs: number;
  /** The certificate itself, DER. */
  readonly certificate?: Uint8Array;
}

type SubjectPart = string | readonly string[];

export interface AuthenticatedCall {
  getAuthContext(): AuthContext;
}

/** Reading a certificate costs as much as a small request: once per connection is enough, for it cannot change within one. */
export class PeerIdentities {
  readonly #known = new WeakMap<object, PeerIdentity>();

  /** Of a connection without a certificate: how it came in says who it is. */
  know(connection: object, identity: PeerIdentity): void {
    this.#known.set(connection, identity);
  }

  of(call: AuthenticatedCall): PeerIdentity | undefined {
    const connection = connectionOf(call);
    const known = connection && this.#known.get(connection);
    if (known) return known;
    const identity = peerIdentity(call.getAuthContext());
    if (connection && identity) this.#known.set(connection, identity);
    return identity;
  }
}

/** grpc-js keeps the HTTP/2 session to itself; should it move, the certificate is read for every call, as before. */
function connectionOf(call: object): object | undefined {
  const session = inner(streamOf(call), "session");
  return typeof session === "object" && session !== null ? session : undefined;
}

/** The HTTP/2 stream that carries a call: our own ones show it, grpc-js hides it. */
export function streamOf(call: object): object | undefined {
  const stream = inner(call, "stream") ?? inner(inner(call, "call"), "stream");
  return typeof stream === "object" && stream !== null ? stream : undefined;
}

function inner(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** Undefined without a verified client certificate, or when its subject has not exactly one CN. */
export function peerIdentity(context: AuthContext): PeerIdentity | undefined {
  const certificate = context.sslPeerCertificate;
  // Of a peer that showed none Node gives an empty one.
  if (!certificate?.subject) return undefined;
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
