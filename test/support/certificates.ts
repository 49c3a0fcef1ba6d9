/** Throw-away certificates for tests of TLS. The product's own authority lives in control-plane/identity. */
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import type { TlsMaterial } from "#proto/kit/rpc/tls.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const notBefore = new Date("2020-01-01T00:00:00Z");
const notAfter = new Date("2099-01-01T00:00:00Z");

export interface TestAuthority {
  readonly pem: string;
  /** `subject` as `CN=ada, O=system:masters`; `names` are DNS names of a server. */
  issue(subject: string, names?: readonly string[]): Promise<TlsMaterial>;
}

export async function testAuthority(name = "test authority"): Promise<TestAuthority> {
  const keys = await newKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
  });
  const pem = authority.toString("pem");
  return {
    pem,
    async issue(subject, names = []) {
      const own = await newKeys();
      const certificate = await x509.X509CertificateGenerator.create({
        subject,
        issuer: authority.subject,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        notBefore,
        notAfter,
        signingAlgorithm: algorithm,
        extensions: [new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: "dns" as const, value })))],
      });
      const key = await webcrypto.subtle.exportKey("pkcs8", own.privateKey);
      return {
        certificateChain: certificate.toString("pem"),
        privateKey: x509.PemConverter.encode(key, "PRIVATE KEY"),
        authorities: pem,
      };
    },
  };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}
