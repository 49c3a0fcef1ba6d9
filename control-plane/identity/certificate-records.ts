/**
 * Which certificates were given out: one record each until it has expired, written before the certificate leaves this process,
 * so that every certificate in the world can be listed and revoked.
 */
import { type CertificateInfo, readCertificate } from "#proto/identity/certificate.ts";
import type { Clock } from "#proto/kit/clock.ts";
import { certificateKey, certificatePrefix } from "../store/keyspace.ts";
import type { KeyValue, Kv } from "../store/kv.ts";

export interface CertificateRecord {
  readonly serial: string;
  readonly user: string;
  readonly groups: readonly string[];
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  /** sha256 of the authority that signed it, base64url. */
  readonly authority: string;
  /** Of the authorities its holder was told to trust with it. */
  readonly trusts: readonly string[];
  /** When its holder first used it: from then on it has the certificate for sure. */
  readonly usedAtMs?: number;
}

export interface StoredRecord extends CertificateRecord {
  /** Of the record's first write. */
  readonly createRevision: number;
}

/** Kept for a while after the end, so that a list still tells what a holder's certificate was. */
const keptMs = 24 * 3600 * 1000;
const pageSize = 500;

export class CertificateRecords {
  readonly #kv: Kv;
  readonly #clock: Clock;

  constructor(kv: Kv, clock: Clock) {
    this.#kv = kv;
    this.#clock = clock;
  }

  async add(pem: string, authority: string, trusts: readonly string[], signal?: AbortSignal): Promise<void> {
    const info: CertificateInfo = readCertificate(pem);
    const record: CertificateRecord = {
      serial: info.serialNumber,
      user: info.user,
      groups: info.groups,
      issuedAtMs: this.#clock.nowMs(),
      expiresAtMs: info.notAfterMs,
      ...{ authority, trusts },
    };
    await this.#kv.transact(
      [{ kind: "put", key: certificateKey(record.serial), value: encode(record) }],
      undefined,
      signal,
    );
  }

  /** The holder has shown it. One write per certificate. */
  async used(serial: string, signal?: AbortSignal): Promise<void> {
    const { item } = await this.#kv.get(certificateKey(serial), signal);
    const record = item && decode(item);
    if (!item || !record || record.usedAtMs !== undefined) return;
    const { createRevision: _, ...stored } = record;
    const value = encode({ ...stored, usedAtMs: this.#clock.nowMs() });
    // Somebody else's write of the same is as good.
    await this.#kv.transact([{ kind: "put", key: item.key, value, guard: item.modRevision }], undefined, signal);
  }

  async get(serial: string, signal?: AbortSignal): Promise<StoredRecord | undefined> {
    const { item } = await this.#kv.get(certificateKey(serial), signal);
    return item && decode(item);
  }

  async list(signal?: AbortSignal): Promise<readonly StoredRecord[]> {
    const { items } = await this.#kv.list({ prefix: certificatePrefix }, signal);
    return items.map(decode);
  }

  /** Removes records of certificates that expired more than a day ago. */
  async prune(signal?: AbortSignal): Promise<void> {
    const endMs = this.#clock.nowMs() - keptMs;
    for (let after: string | undefined; ; ) {
      const page = await this.#kv.list(
        { prefix: certificatePrefix, limit: pageSize, ...(after !== undefined && { after }) },
        signal,
      );
      const old = page.items.filter((item) => decode(item).expiresAtMs < endMs);
      for (let at = 0; at < old.length; at += 50) {
        const writes = old
          .slice(at, at + 50)
          .map(({ key, modRevision }) => ({ kind: "delete", key, guard: modRevision }) as const);
        await this.#kv.transact(writes, undefined, signal);
      }
      after = page.items.at(-1)?.key;
      if (!page.more || after === undefined) return;
    }
  }
}

function encode(record: CertificateRecord): Uint8Array {
  return Buffer.from(JSON.stringify(record));
}

function decode(item: KeyValue): StoredRecord {
  const record = JSON.parse(Buffer.from(item.value).toString("utf8")) as CertificateRecord;
  return { ...record, createRevision: item.createRevision };
}
