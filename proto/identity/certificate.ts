/** Reading certificates with Node's own parser. Making them is `control-plane/identity`. */
import { createHash, createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { DEFAULT_MIN_VERSION } from "node:tls";
import { Problem } from "../kit/problem.ts";

export interface CertificateInfo {
  /** CN: a person's name or `system:node:NAME`. */
  readonly user: string;
  /** O, in the order of the certificate. */
  readonly groups: readonly string[];
  readonly dnsNames: readonly string[];
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly serialNumber: string;
  /** sha256 of the public key (SPKI DER), base64url: the same key keeps it over renewals. */
  readonly keyDigest: string;
}

/**
 * Node 26 hands out legacy objects by a part of node:tls; asked for one before that module is loaded, it leaves it without half of its
 * functions, and no connection can be made any more. Reading an export loads it, also where built-in modules are loaded on first use.
 */
const loadTls = (): string => DEFAULT_MIN_VERSION;

/** Reads the first certificate of a PEM text, or one DER. Throws Problem `invalid` when it is none. */
export function readCertificate(pemOrDer: string | Uint8Array): CertificateInfo {
  const certificate = parse(pemOrDer);
  loadTls();
  const subject = certificate.toLegacyObject().subject as unknown as Record<string, string | string[] | undefined>;
  return {
    user: many(subject.CN)[0] ?? "",
    groups: many(subject.O),
    dnsNames: (certificate.subjectAltName ?? "").split(", ").flatMap((name) => {
      return name.startsWith("DNS:") && !name.includes('"') ? [name.slice(4)] : [];
    }),
    notBeforeMs: Date.parse(certificate.validFrom),
    notAfterMs: Date.parse(certificate.validTo),
    serialNumber: certificate.serialNumber,
    keyDigest: keyDigest(certificate.publicKey.export({ type: "spki", format: "der" })),
  };
}

/** sha256 of the DER, base64url: what a join token carries. */
export function certificateDigest(pemOrDer: string | Uint8Array): string {
  return createHash("sha256").update(parse(pemOrDer).raw).digest("base64url");
}

export function keyDigest(spkiDer: Uint8Array): string {
  return createHash("sha256").update(spkiDer).digest("base64url");
}

/** Whether `privateKeyPem` is the key of the certificate. */
export function isKeyOf(certificatePem: string, privateKeyPem: string): boolean {
  const spki = createPublicKey(createPrivateKey(privateKeyPem)).export({ type: "spki", format: "der" });
  return keyDigest(spki) === readCertificate(certificatePem).keyDigest;
}

/** Whether `authority` signed `certificate` directly. Says nothing about time or name. */
export function isSignedBy(certificate: string | Uint8Array, authority: string | Uint8Array): boolean {
  const issuer = parse(authority);
  const subject = parse(certificate);
  return issuer.ca && subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
}

/**
 * Whether a chain of signatures leads from `certificate` to `anchor` through authorities of `chain`: after a change of the cluster's
 * authority, the one before vouches for its successor. Says nothing about time or name. Each link counts once, however they are knotted.
 */
export function isVouchedFor(
  certificate: string | Uint8Array,
  anchor: string | Uint8Array,
  chain: readonly (string | Uint8Array)[],
): boolean {
  const unseen = new Set(chain);
  const reached = [certificate];
  for (const current of reached) {
    if (isSignedBy(current, anchor)) return true;
    for (const link of unseen) {
      if (!isSignedBy(current, link)) continue;
      unseen.delete(link);
      reached.push(link);
    }
  }
  return false;
}

/** The certificates of a PEM bundle, in order. */
export function splitPem(bundle: string): readonly string[] {
  return bundle.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
}

export function toPem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** Certificates start in the past, so that a machine whose clock is a little behind accepts them. */
export const backdateMs = 5 * 60 * 1000;

export type CertificateLife = Pick<CertificateInfo, "notBeforeMs" | "notAfterMs">;

/**
 * When to renew: at a random point between half and four fifths of the life, so that a cluster's certificates do not
 * all fall due in the same minute. The time before it was issued is no part of its life. `fraction` is a random number in [0, 1).
 */
export function renewAtMs({ notBeforeMs, notAfterMs }: CertificateLife, fraction: number): number {
  const issuedAtMs = Math.min(notBeforeMs + backdateMs, notAfterMs);
  return Math.round(issuedAtMs + (notAfterMs - issuedAtMs) * (0.5 + 0.3 * fraction));
}

function parse(pemOrDer: string | Uint8Array): X509Certificate {
  try {
    return new X509Certificate(pemOrDer);
  } catch (thrown) {
    throw new Problem("invalid", "this is not a certificate (PEM or DER)", { cause: thrown });
  }
}

function many(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}
