/**
 * The first administrator's context file, which `orchctl` reads: kubeconfig-like YAML, written on first start and again when
 * the certificate is past half of its life or the address changed.
 */
import { type CertificateLife, readCertificate } from "#proto/identity/certificate.ts";
import type { Clock } from "#proto/kit/clock.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import { readIfThere, writePrivateFile } from "./private-files.ts";
import { ensureStoredCertificate } from "./stored-certificate.ts";

export interface AdminContextOptions {
  readonly path: string;
  /** Where the certificate itself is kept. */
  readonly folder: string;
  /** `host:port` */
  readonly server: string;
  /** Of this machine: with it root needs no certificate. */
  readonly socket: string | undefined;
  readonly authority: CertificateAuthority;
  readonly clock: Clock;
}

export async function ensureAdminContext(
  options: AdminContextOptions,
): Promise<{ readonly written: boolean; readonly life: CertificateLife }> {
  const { authority } = options;
  const material = await ensureStoredCertificate({
    folder: options.folder,
    name: "admin",
    authorityPem: authority.authoritiesPem,
    nowMs: options.clock.nowMs(),
    make: () => authority.issueAdministrator("admin"),
  });
  const text = contextYaml({
    server: options.server,
    socket: options.socket,
    cluster: authority.cluster,
    certificateAuthority: authority.authoritiesPem,
    clientCertificate: material.certificatePem,
    clientKey: material.privateKeyPem,
  });
  const life = readCertificate(material.certificatePem);
  if ((await readIfThere(options.path)) === text) return { written: false, life };
  await writePrivateFile(options.path, text);
  return { written: true, life };
}

interface Context {
  readonly server: string;
  readonly socket: string | undefined;
  readonly cluster: string;
  readonly certificateAuthority: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
}

/** JSON strings are YAML strings, whatever they hold; PEM reads better as a block. */
function contextYaml(context: Context): string {
  const block = (pem: string): string => `|\n${pem.trimEnd().replace(/^/gm, "        ")}`;
  return `apiVersion: orch/v1
kind: Config
currentContext: ${JSON.stringify(context.cluster)}
contexts:
  - name: ${JSON.stringify(context.cluster)}
    server: ${JSON.stringify(context.server)}${context.socket === undefined ? "" : `\n    socket: ${JSON.stringify(context.socket)}`}
    cluster: ${JSON.stringify(context.cluster)}
    certificateAuthority: ${block(context.certificateAuthority)}
    clientCertificate: ${block(context.clientCertificate)}
    clientKey: ${block(context.clientKey)}
`;
}
