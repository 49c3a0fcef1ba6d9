/** The port to what the agent remembers across its own restart. Losing it costs counters and waits, never a container. */
import type { PodRecord } from "./record.ts";

export interface Journal {
  /** All records that can be read, with their instants on this boot's clock. Broken ones are dropped and named in the log. */
  load(): Promise<readonly PodRecord[]>;
  /** When it resolves, a successor of this process will find the record. Writing what is there already costs nothing. */
  put(record: PodRecord): Promise<void>;
  /**
   * The same, within a moment, unless newer words of the pod come first: for what no step follows from, and a successor can find out again.
   * A failure is told in the log.
   */
  putSoon(record: PodRecord): void;
  delete(uid: string): Promise<void>;
  /** Waits for what is on its way to the disk. */
  close(): Promise<void>;
}
