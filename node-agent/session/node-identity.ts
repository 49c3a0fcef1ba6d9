/** This node's key and certificate on disk (0600, below the data directory), read, replaced whole, and renewed in time. */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readCertificate } from "#proto/identity/certificate.ts";
import type { NodeIdentity } from "#proto/identity/join.ts";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { writeFileAtomic } from "../host/files.ts";

export type StoredIdentity = Omit<NodeIdentity, "expiresAtMs"> & {
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** The control plane sent it away for good: joining again must ask for another one. */
  readonly isRefused?: boolean;
};

/** One file, so that key and certificate can never be of two generations; the `.crt` beside it is for people and probes. */
const fileName = "identity.json";
const certificateName = "node.crt";

export function identityDirectory(dataDirectory: string): string {
  return join(dataDirectory, "identity");
}

/** undefined when this machine has not joined. Problem `invalid` when the file is broken. */
export async function loadIdentity(directory: string): Promise<StoredIdentity | undefined> {
  const path = join(directory, fileName);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
  try {
    const identity = JSON.parse(text) as NodeIdentity & { readonly isRefused?: boolean };
    return { ...withLife(identity), ...(identity.isRefused && { isRefused: true }) };
  } catch (thrown) {
    throw new Problem("invalid", `the node's identity in ${path} cannot be read`, {
      hint: "Remove the file and join the node again with a fresh token: `orchctl node join`.",
      cause: thrown,
    });
  }
}

export async function saveIdentity(directory: string, identity: NodeIdentity): Promise<StoredIdentity> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const { cluster, privateKeyPem, certificateChainPem, authoritiesPem, expiresAtMs } = identity;
  const stored = { cluster, privateKeyPem, certificateChainPem, authoritiesPem, expiresAtMs };
  await writeFileAtomic(join(directory, fileName), JSON.stringify(stored), 0o600);
  await writeFileAtomic(join(directory, certificateName), certificateChainPem, 0o600);
  return withLife(identity);
}

/** Notes that the certificate is no good any more, whatever its dates say. The key stays: with a token it may have another one. */
export async function markRefused(directory: string, identity: StoredIdentity): Promise<void> {
  const { cluster, privateKeyPem, certificateChainPem, authoritiesPem, notAfterMs } = identity;
  const stored = {
    cluster,
    privateKeyPem,
    certificateChainPem,
    authoritiesPem,
    expiresAtMs: notAfterMs,
    isRefused: true,
  };
  await writeFileAtomic(join(directory, fileName), JSON.stringify(stored), 0o600);
}

function withLife(identity: NodeIdentity): StoredIdentity {
  const { cluster, privateKeyPem, certificateChainPem, authoritiesPem } = identity;
  const { notBeforeMs, notAfterMs } = readCertificate(certificateChainPem);
  return { cluster, privateKeyPem, certificateChainPem, authoritiesPem, notBeforeMs, notAfterMs };
}
