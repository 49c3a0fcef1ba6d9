/** A journal that lives as long as its object: for tests, where it survives a restart of the agent under test. */
import type { Journal } from "./journal.ts";
import type { PodRecord } from "./record.ts";

export class MemoryJournal implements Journal {
  readonly records = new Map<string, PodRecord>();
  /** Thrown by writes, when set: a full disk. */
  problem: Error | undefined;

  load(): Promise<readonly PodRecord[]> {
    return Promise.resolve([...this.records.values()]);
  }

  put(record: PodRecord): Promise<void> {
    if (this.problem) return Promise.reject(this.problem);
    this.records.set(record.uid, structuredClone(record));
    return Promise.resolve();
  }

  putSoon(record: PodRecord): void {
    if (!this.problem) this.records.set(record.uid, structuredClone(record));
  }

  delete(uid: string): Promise<void> {
    this.records.delete(uid);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
