/**
 * Finding out whom we talk to before anything secret is said: fetches the chain a server shows and accepts its authority
 * only when its digest is the one we hold. The next connection then trusts exactly that authority.
 */
import { connect, type DetailedPeerCertificate, type TLSSocket } from "node:tls";
import { Problem } from "../kit/problem.ts";
import { certificateDigest, isSignedBy, readCertificate, toPem } from "./certificate.ts";
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
  const authority = chain.find((der) => certificateDigest(der) === server.authorityDigest);
  const leaf = chain[0];
  if (!authority || !leaf) {
    throw new Problem("forbidden", `the control plane at ${address} does not belong to the cluster of this token`, {
      hint: "Check the address, and ask for a token from the cluster you want to join: `orchctl node join`.",
    });
  }
  const names = readCertificate(leaf).dnsNames;
  const tlsName = names.find((name) => clusterOfTlsName(name) !== undefined);
  const cluster = tlsName === undefined ? undefined : clusterOfTlsName(tlsName);
  if (!isSignedBy(leaf, authority) || tlsName === undefined || cluster === undefined) {
    throw new Problem("forbidden", `the server at ${address} is not a control plane of this cluster`, {
      hint: "Check that the address and the enrollment port (7444 by default) are the control plane's.",
    });
  }
  return { authorityPem: toPem(authority), tlsName, cluster };
}

/** DER of the leaf first. Trust is decided by the caller from the bytes, hence no verification here. */
function fetchChain(server: PinnedServer, address: string, signal?: AbortSignal): Promise<readonly Uint8Array[]> {
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
  while (next?.raw && !seen.has(next) && chain.length < 8) {
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
