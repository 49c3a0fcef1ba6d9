/** Making certificates: what goes into them, byte for byte. Who may have one is decided elsewhere. */
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, webcrypto } from "node:crypto";
import { promisify } from "node:util";
import { keyAlgorithm, loadX509 } from "#proto/identity/x509-module.ts";
import { Problem } from "#proto/kit/problem.ts";

export interface KeyAndCertificate {
  readonly certificatePem: string;
  /** PKCS#8 PEM. */
  readonly privateKeyPem: string;
}

export interface Validity {
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** 16 random bytes. */
  readonly serial: Uint8Array;
}

export interface CertificateRequest extends Validity {
  readonly authority: KeyAndCertificate;
  readonly user: string;
  readonly groups: readonly string[];
  /** SPKI DER of the key it is for. */
  readonly publicKey: Uint8Array;
  readonly dnsNames: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly usages: readonly ("client" | "server")[];
}

const maxSigningRequestBytes = 16 * 1024;

/** A self-signed authority that may sign end certificates, and its successor. */
export async function makeAuthority(
  name: string,
  organization: string,
  validity: Validity,
): Promise<KeyAndCertificate> {
  const x509 = await loadX509();
  const key = await makeKey();
  const keys = { privateKey: await importPrivate(key.privateKeyPem), publicKey: await importPublic(key.publicKey) };
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialText(validity.serial),
    name: [{ CN: [name] }, { O: [organization] }],
    notBefore: new Date(validity.notBeforeMs),
    notAfter: new Date(validity.notAfterMs),
    keys,
    signingAlgorithm: keyAlgorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 1, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificatePem: `${certificate.toString("pem")}\n`, privateKeyPem: key.privateKeyPem };
}

/** Name and key of `certificatePem`, an authority, signed by another one: whoever trusts that one trusts this. */
export async function crossSign(
  certificatePem: string,
  authority: KeyAndCertificate,
  validity: Validity,
): Promise<string> {
  const x509 = await loadX509();
  const [subject, issuer] = [
    new x509.X509Certificate(certificatePem),
    new x509.X509Certificate(authority.certificatePem),
  ];
  const publicKey = await importPublic(new Uint8Array(subject.publicKey.rawData));
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialText(validity.serial),
    subject: subject.subjectName.toJSON(),
    issuer: issuer.subjectName.toJSON(),
    notBefore: new Date(validity.notBeforeMs),
    notAfter: new Date(Math.min(validity.notAfterMs, issuer.notAfter.getTime(), subject.notAfter.getTime())),
    publicKey,
    signingKey: await importPrivate(authority.privateKeyPem),
    signingAlgorithm: keyAlgorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
    ],
  });
  return `${certificate.toString("pem")}\n`;
}

/** The signed certificate as PEM, without the authority's. */
export async function signCertificate(request: CertificateRequest): Promise<string> {
  const x509 = await loadX509();
  const authority = new x509.X509Certificate(request.authority.certificatePem);
  const publicKey = await importPublic(request.publicKey);
  const oid = { client: "1.3.6.1.5.5.7.3.2", server: "1.3.6.1.5.5.7.3.1" };
  const names = [
    ...request.dnsNames.map((value) => ({ type: "dns" as const, value })),
    ...(request.ipAddresses ?? []).map((value) => ({ type: "ip" as const, value })),
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialText(request.serial),
    subject: [{ CN: [request.user] }, ...request.groups.map((group) => ({ O: [group] }))],
    issuer: authority.subjectName.toJSON(),
    notBefore: new Date(request.notBeforeMs),
    // Nothing outlives its authority.
    notAfter: new Date(Math.min(request.notAfterMs, authority.notAfter.getTime())),
    publicKey,
    signingKey: await importPrivate(request.authority.privateKeyPem),
    signingAlgorithm: keyAlgorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(request.usages.map((usage) => oid[usage])),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
      await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
    ],
  });
  return `${certificate.toString("pem")}\n`;
}

/** A fresh P-256 key; `publicKey` is its SPKI DER. */
export async function makeKey(): Promise<{ readonly privateKeyPem: string; readonly publicKey: Uint8Array }> {
  const pair = await promisify(generateKeyPair)("ec", { namedCurve: "P-256" });
  return {
    privateKeyPem: pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    publicKey: pair.publicKey.export({ type: "spki", format: "der" }),
  };
}

/** SPKI DER of a private key's public half. */
export function publicKeyOf(privateKeyPem: string): Uint8Array {
  return createPublicKey(createPrivateKey(privateKeyPem)).export({ type: "spki", format: "der" });
}

/**
 * The key of a signing request (SPKI DER), after checking that its sender holds the private half. Subject and extensions are
 * ignored: names come from the token or the session, never from the request. Throws Problem `bad-request`.
 */
export async function readSigningRequest(pem: Uint8Array): Promise<Uint8Array> {
  const refuse = (why: string, cause?: unknown): Problem =>
    new Problem("bad-request", `the certificate signing request is refused: ${why}`, {
      hint: "Send a PEM PKCS#10 request for a P-256 key.",
      cause,
    });
  if (pem.length > maxSigningRequestBytes) throw refuse("it is larger than 16 KiB");
  const x509 = await loadX509();
  let spki: Uint8Array;
  try {
    const request = new x509.Pkcs10CertificateRequest(Buffer.from(pem).toString("utf8"));
    spki = new Uint8Array(request.publicKey.rawData);
    assertP256(createPublicKey({ key: Buffer.from(spki), type: "spki", format: "der" }));
    if (!(await request.verify())) throw new Error("its signature does not match its key");
  } catch (thrown) {
    throw refuse(thrown instanceof Error ? thrown.message : "it cannot be read", thrown);
  }
  return spki;
}

function assertP256(key: KeyObject): void {
  if (key.asymmetricKeyType !== "ec" || key.asymmetricKeyDetails?.namedCurve !== "prime256v1") {
    throw new Error("its key is not a P-256 key");
  }
}

function importPrivate(pem: string): Promise<CryptoKey> {
  const der = createPrivateKey(pem).export({ type: "pkcs8", format: "der" });
  return webcrypto.subtle.importKey("pkcs8", der, keyAlgorithm, false, ["sign"]) as Promise<CryptoKey>;
}

function importPublic(spki: Uint8Array): Promise<CryptoKey> {
  return webcrypto.subtle.importKey("spki", Buffer.from(spki), keyAlgorithm, true, ["verify"]) as Promise<CryptoKey>;
}

/** Positive and without a leading zero, as DER wants it. */
function serialText(serial: Uint8Array): string {
  const bytes = Buffer.from(serial);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString("hex");
}
