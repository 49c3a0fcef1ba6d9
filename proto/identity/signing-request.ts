/** A fresh P-256 key with its certificate signing request. The X.509 package is loaded only when one is made. */
import { createPrivateKey, webcrypto } from "node:crypto";

export interface SigningRequest {
  /** PKCS#8 PEM. Never leaves the machine; write it 0600. */
  readonly privateKeyPem: string;
  readonly signingRequestPem: string;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** The subject is a courtesy: the control plane takes only the key from the request. */
export async function createSigningRequest(commonName: string): Promise<SigningRequest> {
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  x509.cryptoProvider.set(webcrypto as unknown as Crypto);
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [commonName] }],
    keys,
    signingAlgorithm: algorithm,
  });
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return {
    privateKeyPem: key.export({ type: "pkcs8", format: "pem" }).toString(),
    signingRequestPem: `${request.toString("pem")}\n`,
  };
}
