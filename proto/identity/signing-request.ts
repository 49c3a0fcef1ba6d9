/** A P-256 key, fresh or known, with its certificate signing request. The X.509 package is loaded only when one is made. */
import { createPrivateKey, createPublicKey, webcrypto } from "node:crypto";
import { keyAlgorithm, loadX509 } from "./x509-module.ts";

export interface SigningRequest {
  /** PKCS#8 PEM. Never leaves the machine; write it 0600. */
  readonly privateKeyPem: string;
  readonly signingRequestPem: string;
}

/** The subject is a courtesy: the control plane takes only the key from the request. */
export async function createSigningRequest(commonName: string, privateKeyPem?: string): Promise<SigningRequest> {
  const x509 = await loadX509();
  const keys =
    privateKeyPem === undefined
      ? await webcrypto.subtle.generateKey(keyAlgorithm, true, ["sign", "verify"])
      : await importKeys(privateKeyPem);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [commonName] }],
    keys,
    signingAlgorithm: keyAlgorithm,
  });
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return {
    privateKeyPem: key.export({ type: "pkcs8", format: "pem" }).toString(),
    signingRequestPem: `${request.toString("pem")}\n`,
  };
}

async function importKeys(privateKeyPem: string): Promise<webcrypto.CryptoKeyPair> {
  const secret = createPrivateKey(privateKeyPem).export({ type: "pkcs8", format: "der" });
  const open = createPublicKey(privateKeyPem).export({ type: "spki", format: "der" });
  return {
    privateKey: await webcrypto.subtle.importKey("pkcs8", secret, keyAlgorithm, true, ["sign"]),
    publicKey: await webcrypto.subtle.importKey("spki", open, keyAlgorithm, true, ["verify"]),
  };
}
