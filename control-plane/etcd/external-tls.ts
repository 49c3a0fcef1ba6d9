/** The PEM files for your own etcd: read, checked, and followed, since whoever made them renews them too. */
import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { isKeyOf, readCertificate, splitPem } from "#proto/identity/certificate.ts";
import { type Clock, sleep, toTime } from "#proto/kit/clock.ts";
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
const warnBeforeMs = 14 * 24 * 3600 * 1000;
/** Of the whole life: for those that live for days. */
const warnFrom = 0.2;

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
      const [ending] = endingFiles(files, known, clock.nowMs());
      if (ending !== undefined && ending !== warned) logger.warn({}, ending);
      warned = ending ?? "";
    } catch (thrown) {
      const problem = Problem.from(thrown).message;
      if (problem !== warned)
        logger.warn({ error: problem }, "the files for etcd cannot be used; the last good ones stay");
      warned = problem;
    }
    await sleep(clock, checkIntervalMs, signal).catch(() => undefined);
  }
}

/** Of those files the ones that somebody has to renew soon, in sentences. Pure. */
export function endingFiles(files: EtcdTlsFiles, tls: EtcdTls, nowMs: number): readonly string[] {
  const { authorityFile = "", certificateFile = "" } = files;
  const { authorityPem, certificatePem } = tls;
  return [
    ...(certificatePem ? ending(certificatePem, `The certificate in ${certificateFile} (--etcd-cert)`, nowMs) : []),
    ...ending(authorityPem, `The authority in ${authorityFile} (--etcd-ca)`, nowMs),
  ];
}

/** Several authorities may follow one another: the last to end counts. */
function ending(pem: Uint8Array, what: string, nowMs: number): readonly string[] {
  const lives = splitPem(Buffer.from(pem).toString("utf8")).map((one) => readCertificate(one));
  const [last] = lives.toSorted((one, other) => other.notAfterMs - one.notAfterMs);
  if (!last) return [];
  const { notBeforeMs, notAfterMs } = last;
  if (notAfterMs - nowMs > Math.min(warnBeforeMs, (notAfterMs - notBeforeMs) * warnFrom)) return [];
  const day = toTime(notAfterMs).slice(0, 16).replace("T", " ");
  const verb = notAfterMs > nowMs ? "expires" : "expired";
  return [`${what} ${verb} on ${day}: put a newer one there; it is read again within a minute.`];
}
