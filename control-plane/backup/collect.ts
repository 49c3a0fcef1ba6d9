/** What a backup holds: every key at one revision, but what is of the moment. The answer of the Backup call. */
import type { BackupHeader } from "#proto/backup/backup-file.ts";
import { type Clock, toTime } from "#proto/kit/clock.ts";
import { version } from "#proto/kit/version.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import { eventsPrefix, joinTokenPrefix, leaderKey, memberPrefix, progressKey, sessionKey } from "../store/keyspace.ts";
import type { Kv } from "../store/kv.ts";
import { listPages } from "../store/list-pages.ts";
import type { SealingKey } from "../store/sealer.ts";
import { formatSealingKeys } from "../store/sealing-key-file.ts";

export interface BackupSource {
  readonly kv: Kv;
  readonly cluster: string;
  /** The keys that open what is sealed, as of now; the first seals. */
  readonly keys: () => readonly SealingKey[];
  readonly clock: Clock;
}

/** Sessions and leadership are of processes that run; events and join tokens live on leases of hours. */
const momentary = [sessionKey(""), memberPrefix, leaderKey, progressKey, eventsPrefix, joinTokenPrefix];
const pageSize = 200;

export async function* collectBackup(
  source: BackupSource,
  signal: AbortSignal,
): AsyncGenerator<orch.v1.BackupPart.$Properties> {
  const { kv, cluster, keys, clock } = source;
  const before = keys();
  let items = 0;
  let isFirst = true;
  for await (const page of listPages(kv, { prefix: "", pageSize }, signal)) {
    if (isFirst) {
      const createdAt = toTime(clock.nowMs());
      const header: BackupHeader = {
        format: 1,
        cluster,
        version,
        createdAt,
        revision: String(page.revision),
        // The key may be replaced meanwhile: those of before and after open what is read in between.
        keyFile: formatSealingKeys([...new Map([...keys(), ...before].map((key) => [key.id, key])).values()]),
      };
      yield { header: Buffer.from(JSON.stringify(header)) };
    }
    isFirst = false;
    const kept = page.items.filter(({ key }) => !momentary.some((prefix) => key.startsWith(prefix)));
    items += kept.length;
    if (kept.length > 0) yield { items: kept.map(({ key, value }) => ({ key, value })) };
  }
  yield { trailer: Buffer.from(JSON.stringify({ items })) };
}
