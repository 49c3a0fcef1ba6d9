/** A key with its certificate kept on disk between starts: `NAME.pem` and `NAME-key.pem`, 0600. */
import { join } from "node:path";
import { isKeyOf, isSignedBy, readCertificate, renewAtMs } from "#proto/identity/certificate.ts";
import type { KeyAndCertificate } from "./certificate-maker.ts";
import { readIfThere, writePrivateFile } from "./private-files.ts";

export interface StoredCertificateOptions {
  readonly folder: string;
  readonly name: string;
  readonly authorityPem: string;
  readonly nowMs: number;
  readonly make: () => Promise<KeyAndCertificate>;
}

/** What is on disk when it belongs together, is this authority's and is not past half of its life; else a new one. */
export async function ensureStoredCertificate(options: StoredCertificateOptions): Promise<KeyAndCertificate> {
  return (await load(options)) ?? (await makeStoredCertificate(options));
}

export async function makeStoredCertificate(options: StoredCertificateOptions): Promise<KeyAndCertificate> {
  const made = await options.make();
  const paths = pathsOf(options);
  await writePrivateFile(paths.key, made.privateKeyPem);
  await writePrivateFile(paths.pem, made.certificatePem);
  return made;
}

async function load(options: StoredCertificateOptions): Promise<KeyAndCertificate | undefined> {
  const paths = pathsOf(options);
  const [certificatePem, privateKeyPem] = await Promise.all([readIfThere(paths.pem), readIfThere(paths.key)]);
  if (!certificatePem || !privateKeyPem) return undefined;
  try {
    if (!isKeyOf(certificatePem, privateKeyPem) || !isSignedBy(certificatePem, options.authorityPem)) return undefined;
    if (options.nowMs >= renewAtMs(readCertificate(certificatePem), 0)) return undefined;
  } catch {
    return undefined; // Half-written by a crash, or edited: made anew.
  }
  return { certificatePem, privateKeyPem };
}

function pathsOf(options: StoredCertificateOptions): { readonly pem: string; readonly key: string } {
  return { pem: join(options.folder, `${options.name}.pem`), key: join(options.folder, `${options.name}-key.pem`) };
}
