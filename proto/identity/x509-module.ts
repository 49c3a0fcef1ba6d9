/** The one door to the X.509 package: loaded on first use (it costs tens of milliseconds and megabytes), set up once. */
import { webcrypto } from "node:crypto";

type X509 = typeof import("@peculiar/x509");

export async function loadX509(): Promise<X509> {
  await import("reflect-metadata");
  const loaded: X509 & { readonly default?: X509 } = await import("@peculiar/x509");
  // In a bundle, a CommonJS package loaded this way has its exports under `default` only.
  const x509 = loaded.default ?? loaded;
  x509.cryptoProvider.set(webcrypto as unknown as Crypto);
  return x509;
}

/** ECDSA on P-256: every key and signature in a cluster. */
export const keyAlgorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
