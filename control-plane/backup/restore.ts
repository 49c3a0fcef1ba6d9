/**
 * Puts a backup into an empty store, before any control plane serves from it. A restore that was cut off is begun anew; a store that
 * holds a cluster is left alone.
 */
import { type BackupItem, type BackupSummary, readBackupFile, verifyBackupFile } from "#proto/backup/backup-file.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import { readIfThere, writePrivateFile } from "../identity/private-files.ts";
import { clusterKey, registryPrefix } from "../store/keyspace.ts";
import { type Kv, maxWritesPerTransaction, type Write } from "../store/kv.ts";
import { listPages } from "../store/list-pages.ts";
import { setPosition } from "../store/object-codec.ts";
import { parseSealingKeys } from "../store/sealing-key-file.ts";
import { maxTransactionBytes, writeBytes } from "../store/write-limits.ts";

export interface RestoreOptions {
  readonly file: string;
  readonly passphrase: string | undefined;
  readonly kv: Kv;
  readonly cluster: string;
  /** Where the keys go. */
  readonly keyFile: string;
  readonly logger: Logger;
}

/** Stands while a restore is under way. */
const markerKey = clusterKey("restoring");

/** Throws Problem `conflict` when there is a cluster already, `invalid` when the file is not whole. */
export async function restoreBackup(options: RestoreOptions, signal: AbortSignal): Promise<BackupSummary> {
  const { file, passphrase, kv, cluster, logger } = options;
  const summary = await verifyBackupFile(file, passphrase);
  if (summary.cluster !== cluster) {
    throw new Problem("conflict", `the backup is of cluster "${summary.cluster}", not "${cluster}"`, {
      hint: `Give --cluster ${summary.cluster}: names in certificates and objects depend on it.`,
    });
  }
  await emptyStore(kv, signal);
  await putKeyFile(options);
  const marker = Buffer.from(JSON.stringify({ sha256: summary.sha256 }));
  await kv.transact([{ kind: "put", key: markerKey, value: marker, guard: 0 }], undefined, signal);
  const { items } = await readBackupFile(file, passphrase);
  let written = 0;
  for await (const batch of batches(items)) {
    const { outcomes } = await kv.transact(batch, undefined, signal);
    if (outcomes.some(({ ok }) => !ok)) throw new Problem("conflict", "somebody else writes to this store");
    written += batch.length;
  }
  await kv.transact([{ kind: "delete", key: markerKey }], undefined, signal);
  logger.info({ items: written, createdAt: summary.createdAt }, "the backup is restored");
  return summary;
}

/** Throws Problem `conflict` when a restore into this store was cut off: serving half a cluster would stop the other half. */
export async function assertNotHalfRestored(kv: Kv, signal: AbortSignal): Promise<void> {
  if (!(await kv.get(markerKey, signal)).item) return;
  throw new Problem("conflict", "a restore into this store was cut off half-way", {
    hint: "Run the restore again: it begins anew.",
  });
}

async function emptyStore(kv: Kv, signal: AbortSignal): Promise<void> {
  const { items } = await kv.list({ prefix: "", limit: 1, keysOnly: true }, signal);
  if (items.length === 0) return;
  if (!(await kv.get(markerKey, signal)).item) {
    throw new Problem("conflict", "this store holds a cluster already", {
      hint: "Restore into an empty --data-dir, or another --etcd-prefix of your own etcd.",
    });
  }
  for await (const page of listPages(kv, { prefix: "", keysOnly: true, pageSize: maxWritesPerTransaction }, signal)) {
    const writes = page.items
      .filter(({ key }) => key !== markerKey)
      .map(({ key }) => ({ kind: "delete", key }) as const);
    if (writes.length > 0) await kv.transact(writes, undefined, signal);
  }
  await kv.transact([{ kind: "delete", key: markerKey }], undefined, signal);
}

async function putKeyFile({ file, passphrase, keyFile }: RestoreOptions): Promise<void> {
  const { header, items } = await readBackupFile(file, passphrase);
  await items[Symbol.asyncIterator]().return?.();
  const there = await readIfThere(keyFile);
  if (there !== undefined && holdsAll(there, header.keyFile, keyFile)) return;
  if (there !== undefined) {
    throw new Problem("conflict", `${keyFile} holds other keys than the backup`, {
      hint: "Move it away, or name another file with --key-file.",
    });
  }
  await writePrivateFile(keyFile, header.keyFile);
}

/** It may hold more: keys of a later rotation open nothing of the backup, and do no harm. */
function holdsAll(there: string, wanted: string, path: string): boolean {
  const held = new Map(parseSealingKeys(there, path).map(({ id, secret }) => [id, Buffer.from(secret)]));
  return parseSealingKeys(wanted, "the backup").every(({ id, secret }) => held.get(id)?.equals(secret) === true);
}

async function* batches(items: AsyncIterable<BackupItem>): AsyncGenerator<Write[]> {
  let batch: Write[] = [];
  let bytes = 0;
  for await (const { key, value } of items) {
    const write: Write = { kind: "put", key, value, guard: 0 };
    const size = writeBytes(write);
    if (batch.length === maxWritesPerTransaction || bytes + size > maxTransactionBytes) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    // An object's place in its transaction is part of its resourceVersion.
    if (key.startsWith(registryPrefix)) setPosition(value, batch.length);
    batch.push(write);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
