/**
 * One JSON file per pod. A put is a rename, so a killed agent's successor always finds the old or the new record whole.
 * Syncing to the disk is gathered and comes later: after a power cut no container runs any more, and what was lost is
 * counters, which recovery from the host's observation stands in for.
 */
import { mkdir, readdir, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, Timer } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import type { AgentFaults } from "../fault-points.ts";
import { childPath, syncDirectory } from "../host/files.ts";
import type { Journal } from "./journal.ts";
import { type Instant, type PodRecord, rebase, recordVersion } from "./record.ts";
import { syncFile } from "./sync-file.ts";

export interface FileJournalOptions {
  readonly directory: string;
  readonly bootId: string;
  readonly now: () => Instant;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long writes are gathered before they are synced together. */
  readonly syncAfterMs?: number;
  /** How long a word that can wait may be overtaken by a newer one. */
  readonly putSoonMs?: number;
  readonly faults?: AgentFaults | undefined;
}

const defaultSyncAfterMs = 500;
const defaultPutSoonMs = 50;
const suffix = ".json";
const maxRecordBytes = 4 * 1024 * 1024;

export class FileJournal implements Journal {
  readonly #options: FileJournalOptions;
  readonly #written = new Map<string, string>();
  readonly #unsynced = new Set<string>();
  /** By uid, what `putSoon` was given. */
  readonly #soon = new Map<string, PodRecord>();
  /** By uid: the files of a pod change one after the other. */
  readonly #changing = new Map<string, Promise<void>>();
  #timer: Timer | undefined;
  #soonTimer: Timer | undefined;
  #syncing: Promise<void> = Promise.resolve();

  constructor(options: FileJournalOptions) {
    this.#options = options;
  }

  async load(): Promise<readonly PodRecord[]> {
    const { directory } = this.#options;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const records: PodRecord[] = [];
    for (const name of await readdir(directory)) {
      const path = join(directory, name);
      if (!name.endsWith(suffix)) {
        await unlink(path).catch(() => undefined); // a predecessor's unfinished write
        continue;
      }
      const record = await this.#read(path, name.slice(0, -suffix.length));
      if (record) records.push(record);
    }
    return records;
  }

  async #read(path: string, uid: string): Promise<PodRecord | undefined> {
    const { bootId, logger, now } = this.#options;
    try {
      const text = await readFile(path, "utf8");
      const record = parseRecord(text, uid);
      this.#written.set(uid, text);
      return rebase(record, bootId, now());
    } catch (thrown) {
      logger.warn({ path, error: Problem.from(thrown).message }, "dropped a journal record that cannot be read");
      await unlink(path).catch(() => undefined);
      return undefined;
    }
  }

  put(record: PodRecord): Promise<void> {
    this.#soon.delete(record.uid);
    return this.#inTurn(record.uid, () => this.#write(record));
  }

  putSoon(record: PodRecord): void {
    this.#soon.set(record.uid, record);
    this.#soonTimer ??= this.#options.clock.after(this.#options.putSoonMs ?? defaultPutSoonMs, () => {
      void this.#writeWaiting();
    });
  }

  async #writeWaiting(): Promise<void> {
    this.#soonTimer?.cancel();
    this.#soonTimer = undefined;
    const results = await Promise.allSettled([...this.#soon.values()].map((record) => this.put(record)));
    for (const result of results)
      if (result.status === "rejected")
        this.#options.logger.warn({ error: Problem.from(result.reason).message }, "a journal record was not written");
  }

  #inTurn(uid: string, change: () => Promise<void>): Promise<void> {
    const before = this.#changing.get(uid);
    const changed = before ? before.then(change, change) : change();
    this.#changing.set(uid, changed);
    const done = (): void => {
      if (this.#changing.get(uid) === changed) this.#changing.delete(uid);
    };
    changed.then(done, done);
    return changed;
  }

  async #write(record: PodRecord): Promise<void> {
    const text = JSON.stringify(record);
    if (this.#written.get(record.uid) === text) return;
    const path = this.#path(record.uid);
    const temporary = `${path}.tmp`;
    await writeFile(temporary, text, { mode: 0o600 });
    await this.#options.faults?.at("journal:written");
    await rename(temporary, path);
    await this.#options.faults?.at("journal:renamed");
    this.#written.set(record.uid, text);
    this.#unsynced.add(path);
    this.#timer ??= this.#options.clock.after(this.#options.syncAfterMs ?? defaultSyncAfterMs, () => this.#startSync());
  }

  delete(uid: string): Promise<void> {
    this.#soon.delete(uid);
    return this.#inTurn(uid, () => this.#remove(uid));
  }

  async #remove(uid: string): Promise<void> {
    this.#written.delete(uid);
    const path = this.#path(uid);
    this.#unsynced.delete(path);
    await unlink(path).catch((thrown: unknown) => {
      if (errnoOf(thrown) !== "ENOENT") throw thrown;
    });
    await this.#options.faults?.at("journal:deleted");
  }

  async close(): Promise<void> {
    await this.#writeWaiting();
    this.#timer?.cancel();
    this.#startSync();
    await this.#syncing;
  }

  #path(uid: string): string {
    return childPath(this.#options.directory, `${uid}${suffix}`);
  }

  #startSync(): void {
    this.#timer = undefined;
    const paths = [...this.#unsynced];
    this.#unsynced.clear();
    if (paths.length === 0) return;
    this.#syncing = this.#syncing
      .then(async () => {
        for (const path of paths) await syncFile(path);
        await syncDirectory(this.#options.directory);
      })
      .catch((thrown: unknown) => {
        this.#options.logger.warn({ error: Problem.from(thrown).message }, "the journal could not be synced");
      });
  }
}

/** Throws Problem `invalid` for what this version cannot trust. Only the frame is checked: the rest was ours. */
export function parseRecord(text: string, uid: string): PodRecord {
  if (text.length > maxRecordBytes) throw new Problem("invalid", "the record is too long");
  const value: unknown = JSON.parse(text);
  if (!isRecord(value)) throw new Problem("invalid", "the record has not the form of one");
  if (value.version !== recordVersion) throw new Problem("invalid", `the record has version ${String(value.version)}`);
  if (value.uid !== uid) throw new Problem("invalid", "the record belongs to another pod");
  return value;
}

function isRecord(value: unknown): value is PodRecord {
  if (!isObject(value) || !isObject(value.pod) || !isObject(value.containers)) return false;
  const { metadata, spec } = value.pod;
  if (!isObject(metadata) || typeof metadata.name !== "string") return false;
  if (!isObject(spec) || !Array.isArray(spec.containers)) return false;
  const hasNumbers = Object.values(value.containers).every(
    (container) => isObject(container) && Number.isSafeInteger(container.attempt),
  );
  return hasNumbers && Array.isArray(value.addresses) && isObject(value.pulls) && isObject(value.conditions);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
