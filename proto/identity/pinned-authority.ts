/**
 * Finding out whom we talk to before anything secret is said: fetches the chain a server shows and accepts its authority
 * only when its digest is the one we hold. The next connection then trusts exactly that authority.
 */
import { X509Certificate } from "node:crypto";
import { connect, type DetailedPeerCertificate, type TLSSocket } from "node:tls";
import { Problem } from "../kit/problem.ts";
import { certificateDigest, isSignedBy, isVouchedFor, readCertificate, splitPem, toPem } from "./certificate.ts";
import { clusterOfTlsName } from "./names.ts";

export interface PinnedServer {
  readonly host: string;
  readonly port: number;
  /** sha256 of the authority's DER, base64url. */
  readonly authorityDigest: string;
  readonly timeoutMs: number;
}

export interface PinnedAuthority {
  readonly authorityPem: string;
  /** To be set as `grpc.ssl_target_name_override`. */
  readonly tlsName: string;
  readonly cluster: string;
}

/** Throws Problem: `unavailable`/`timeout` when there is no server, `forbidden` when it is another cluster's. */
export async function fetchPinnedAuthority(server: PinnedServer, signal?: AbortSignal): Promise<PinnedAuthority> {
  const address = `${server.host}:${server.port}`;
  const chain = await fetchChain(server, address, signal);
  const pinned = chain.find((der) => certificateDigest(der) === server.authorityDigest);
  if (!pinned) {
    throw new Problem("forbidden", `the control plane at ${address} does not belong to the cluster of this token`, {
      hint: "Check the address, and ask for a token from the cluster you want to join: `orchctl node join`.",
    });
  }
  return accepted(chain, pinned, address);
}

/** The same for a machine that holds authorities of the cluster, maybe replaced since: any of them may vouch. */
export async function fetchVouchedAuthority(
  server: Omit<PinnedServer, "authorityDigest">,
  authoritiesPem: string,
  signal?: AbortSignal,
): Promise<PinnedAuthority> {
  const address = `${server.host}:${server.port}`;
  const chain = await fetchChain(server, address, signal);
  const [leaf] = chain;
  const anchors = splitPem(authoritiesPem).map((pem) => new X509Certificate(pem).raw);
  const anchor = leaf && anchors.find((one) => signerOf(leaf, one, chain) !== undefined);
  if (!anchor) {
    throw new Problem(
      "forbidden",
      `the control plane at ${address} shows the certificate of an authority this machine does not know`,
      {
        hint: "If its authority was replaced too long ago, join this machine again with a token: `orchctl node join`.",
      },
    );
  }
  return accepted(chain, anchor, address);
}

function accepted(chain: readonly Uint8Array[], anchor: Uint8Array, address: string): PinnedAuthority {
  const [leaf] = chain;
  const names = leaf ? readCertificate(leaf).dnsNames : [];
  const tlsName = names.find((name) => clusterOfTlsName(name) !== undefined);
  const cluster = tlsName === undefined ? undefined : clusterOfTlsName(tlsName);
  const authority = leaf && signerOf(leaf, anchor, chain);
  if (!authority || tlsName === undefined || cluster === undefined) {
    throw new Problem("forbidden", `the server at ${address} is not a control plane of this cluster`, {
      hint: "Check that the address and the enrollment port (7444 by default) are the control plane's.",
    });
  }
  return { authorityPem: toPem(authority), tlsName, cluster };
}

/**
 * The authority that signed the leaf: the pinned one, or the one that took its place, for which the pinned one vouches. A successor
 * is in the chain twice: signed by itself, and by its predecessor; what counts is that the key is the same.
 */
function signerOf(leaf: Uint8Array, pinned: Uint8Array, chain: readonly Uint8Array[]): Uint8Array | undefined {
  if (isSignedBy(leaf, pinned)) return pinned;
  const vouched = chain.filter((link) => link !== leaf && isSignedBy(leaf, link) && isVouchedFor(link, pinned, chain));
  const keys = new Set(vouched.map((link) => readCertificate(link).keyDigest));
  return chain.find((link) => isSignedBy(link, link) && keys.has(readCertificate(link).keyDigest));
}

/** DER of the leaf first. Trust is decided by the caller from the bytes, hence no verification here. */
function fetchChain(
  server: Omit<PinnedServer, "authorityDigest">,
  address: string,
  signal?: AbortSignal,
): Promise<readonly Uint8Array[]> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const socket = connect({
      host: server.host,
      port: server.port,
      servername: "localhost",
      rejectUnauthorized: false,
      minVersion: "TLSv1.3",
      ALPNProtocols: ["h2"],
      timeout: server.timeoutMs,
    });
    const finish = (settle: () => void): void => {
      signal?.removeEventListener("abort", onAbort);
      socket.destroy();
      settle();
    };
    const onAbort = (): void => finish(() => reject(signal?.reason));
    signal?.addEventListener("abort", onAbort, { once: true });
    socket.once("secureConnect", () => {
      const chain = chainOf(socket);
      finish(() => resolve(chain));
    });
    socket.once("timeout", () => finish(() => reject(unreachable("timeout", address, "it did not answer in time"))));
    socket.once("error", (error) => finish(() => reject(unreachable("unavailable", address, error.message, error))));
  });
}

function chainOf(socket: TLSSocket): readonly Uint8Array[] {
  const chain: Uint8Array[] = [];
  const seen = new Set<DetailedPeerCertificate>();
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (next?.raw && !seen.has(next) && chain.length < 16) {
    seen.add(next);
    chain.push(next.raw);
    next = next.issuerCertificate;
  }
  return chain;
}

function unreachable(code: "timeout" | "unavailable", address: string, why: string, cause?: unknown): Problem {
  return new Problem(code, `no enrollment server could be reached at ${address}: ${why}`, {
    hint: "Check the address and that the control plane runs and its enrollment port (7444 by default) is open.",
    cause,
  });
}
