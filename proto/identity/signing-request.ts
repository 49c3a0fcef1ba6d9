/** A fresh P-256 key with its certificate signing request. The X.509 package is loaded only when one is made. */
import { createPrivateKey, webcrypto } from "node:crypto";
import { keyAlgorithm, loadX509 } from "./x509-module.ts";

export interface SigningRequest {
  /** PKCS#8 PEM. Never leaves the machine; write it 0600. */
  readonly privateKeyPem: string;
  readonly signingRequestPem: string;
}

/** The subject is a courtesy: the control plane takes only the key from the request. */
export async function createSigningRequest(commonName: string): Promise<SigningRequest> {
  const x509 = await loadX509();
  const keys = await webcrypto.subtle.generateKey(keyAlgorithm, true, ["sign", "verify"]);
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
