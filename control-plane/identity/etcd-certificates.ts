/**
 * etcd's own authority and certificates, on disk: they are needed before etcd runs. A separate authority, so that no node's
 * or person's certificate ever opens etcd.
 */
import { join } from "node:path";
import { isKeyOf, isSignedBy, readCertificate, renewAtMs } from "#proto/identity/certificate.ts";
import type { Clock } from "#proto/kit/clock.ts";
import type { Random } from "#proto/kit/random.ts";
import { dayMs, validity } from "./certificate-authority.ts";
import { type KeyAndCertificate, makeAuthority, makeKey, publicKeyOf, signCertificate } from "./certificate-maker.ts";
import { readIfThere, writePrivateFile } from "./private-files.ts";

/** Also etcd's TLS name: clients set it as `grpc.ssl_target_name_override`. */
export const etcdTlsName = "etcd.orch";

export interface EtcdCertificateFiles {
  readonly authority: string;
  /** For the server, for peers and for clients on this machine. */
  readonly certificate: string;
  readonly key: string;
}

export interface EtcdCertificatesOptions {
  readonly folder: string;
  readonly cluster: string;
  readonly ipAddresses: readonly string[];
  readonly lifetimeMs: number;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Paths of usable files (0600); makes or renews what is missing, or past half of its life. A renewed certificate keeps its key:
 * etcd reads both files at every handshake, and must never find two that do not belong together.
 */
export async function ensureEtcdCertificates(options: EtcdCertificatesOptions): Promise<EtcdCertificateFiles> {
  const files = {
    authority: join(options.folder, "ca.pem"),
    certificate: join(options.folder, "etcd.pem"),
    key: join(options.folder, "etcd-key.pem"),
  };
  const authority = await ensureAuthority(options, files.authority, join(options.folder, "ca-key.pem"));
  const [certificate, key] = await Promise.all([readIfThere(files.certificate), readIfThere(files.key)]);
  if (certificate && key && isGood(certificate, key, authority.certificatePem, options)) return files;
  const kept = key !== undefined && certificate !== undefined && isPair(certificate, key) ? key : undefined;
  const fresh = kept === undefined ? await makeKey() : { privateKeyPem: kept, publicKey: publicKeyOf(kept) };
  const pem = await signCertificate({
    ...validity(options.clock, options.random, options.lifetimeMs),
    authority,
    user: etcdTlsName,
    groups: [],
    publicKey: fresh.publicKey,
    dnsNames: [etcdTlsName, "localhost"],
    ipAddresses: options.ipAddresses,
    usages: ["client", "server"],
  });
  if (kept === undefined) await writePrivateFile(files.key, fresh.privateKeyPem);
  await writePrivateFile(files.certificate, pem);
  return files;
}

async function ensureAuthority(
  options: EtcdCertificatesOptions,
  certificatePath: string,
  keyPath: string,
): Promise<KeyAndCertificate> {
  const [certificatePem, privateKeyPem] = await Promise.all([readIfThere(certificatePath), readIfThere(keyPath)]);
  if (certificatePem && privateKeyPem && isKeyOf(certificatePem, privateKeyPem))
    return { certificatePem, privateKeyPem };
  const name = `orch ${options.cluster} etcd authority`;
  const made = await makeAuthority(name, "orch", validity(options.clock, options.random, 3650 * dayMs));
  await writePrivateFile(keyPath, made.privateKeyPem);
  await writePrivateFile(certificatePath, made.certificatePem);
  return made;
}

function isGood(certificate: string, key: string, authority: string, options: EtcdCertificatesOptions): boolean {
  if (!isPair(certificate, key) || !isSignedBy(certificate, authority)) return false;
  return options.clock.nowMs() < renewAtMs(readCertificate(certificate), 0);
}

/** False also for what a crash or an editor left half-written. */
function isPair(certificate: string, key: string): boolean {
  try {
    return isKeyOf(certificate, key);
  } catch {
    return false;
  }
}
