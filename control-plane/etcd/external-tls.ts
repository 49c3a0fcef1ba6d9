/** The PEM files for your own etcd: read, checked, and followed, since whoever made them renews them too. */
import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { isKeyOf, readCertificate, splitPem } from "#proto/identity/certificate.ts";
import { type Clock, sleep } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import type { EtcdTls } from "../store/etcd-endpoints.ts";

export interface EtcdTlsFiles {
  readonly authorityFile?: string;
  readonly certificateFile?: string;
  readonly keyFile?: string;
  readonly tlsName?: string;
}

/** Undefined for plain text. Throws Problem `invalid` that names the flag whose file is no good. */
export async function readEtcdTls(files: EtcdTlsFiles): Promise<EtcdTls | undefined> {
  if (files.authorityFile === undefined) return undefined;
  const authorityPem = await readPem(files.authorityFile, "--etcd-ca");
  if (splitPem(authorityPem).length === 0) throw notPem(files.authorityFile, "--etcd-ca", "certificate");
  const identity = await readPair(files);
  return {
    authorityPem: Buffer.from(authorityPem),
    ...identity,
    ...(files.tlsName !== undefined && { serverName: files.tlsName }),
  };
}

async function readPair(files: EtcdTlsFiles): Promise<Pick<EtcdTls, "certificatePem" | "keyPem">> {
  const { certificateFile, keyFile } = files;
  if (certificateFile === undefined && keyFile === undefined) return {};
  if (certificateFile === undefined || keyFile === undefined) {
    throw new Problem("invalid", "--etcd-cert and --etcd-key go together");
  }
  const [certificate, key] = [await readPem(certificateFile, "--etcd-cert"), await readPem(keyFile, "--etcd-key")];
  if (splitPem(certificate).length === 0) throw notPem(certificateFile, "--etcd-cert", "certificate");
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(key)) throw notPem(keyFile, "--etcd-key", "private key");
  if (!isPair(certificate, key)) {
    throw new Problem("invalid", `${keyFile} of --etcd-key is not the key of the certificate in ${certificateFile}`);
  }
  return { certificatePem: Buffer.from(certificate), keyPem: Buffer.from(key) };
}

function isPair(certificate: string, key: string): boolean {
  try {
    return isKeyOf(certificate, key);
  } catch {
    return false;
  }
}

async function readPem(path: string, flag: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (thrown) {
    throw new Problem("invalid", `the file ${path} of ${flag} cannot be read (${errnoOf(thrown) ?? "unknown"})`, {
      cause: thrown,
    });
  }
}

function notPem(path: string, flag: string, what: string): Problem {
  return new Problem("invalid", `${path} of ${flag} holds no ${what} in PEM form`);
}

const checkIntervalMs = 60_000;
const warnBeforeMs = 7 * 24 * 3600 * 1000;

export interface FollowOptions {
  readonly files: EtcdTlsFiles;
  readonly first: EtcdTls;
  readonly onChange: (tls: EtcdTls) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Until the signal aborts. Half-written or unreadable files change nothing: the next look comes soon. */
export async function followEtcdTls(options: FollowOptions, signal: AbortSignal): Promise<void> {
  const { files, onChange, clock, logger } = options;
  let known = options.first;
  let warned = "";
  while (!signal.aborted) {
    try {
      const now = await readEtcdTls(files);
      if (now && !isDeepStrictEqual(now, known)) {
        known = now;
        onChange(now);
        logger.info({}, "the certificate for etcd was replaced; new connections use it");
      }
      const ending = expiresSoon(known, clock);
      if (ending !== undefined && ending !== warned) {
        logger.warn(
          { file: files.certificateFile, expiresAt: ending },
          "the certificate for etcd expires soon: renew it",
        );
        warned = ending;
      }
    } catch (thrown) {
      const problem = Problem.from(thrown).message;
      if (problem !== warned)
        logger.warn({ error: problem }, "the files for etcd cannot be used; the last good ones stay");
      warned = problem;
    }
    await sleep(clock, checkIntervalMs, signal).catch(() => undefined);
  }
}

function expiresSoon({ certificatePem }: EtcdTls, clock: Clock): string | undefined {
  if (!certificatePem) return undefined;
  const { notAfterMs } = readCertificate(Buffer.from(certificatePem).toString("utf8"));
  return notAfterMs - clock.nowMs() < warnBeforeMs ? new Date(notAfterMs).toISOString() : undefined;
}
