/** From records to what a reader sees: filtered by time, with or without timestamps, cut at a limit. Pure. */
import { type LogRecord, parseRecord, timeOfRecord } from "./log-record.ts";

export interface LogTextOptions {
  readonly sinceMs: number | undefined;
  readonly timestamps: boolean;
  readonly limitBytes: number | undefined;
}

const newline = 0x0a;
const newlineBytes = Buffer.from("\n");
/** conmon splits lines at 8 KiB: a longer one is not its work. */
const longestRecordBytes = 64 * 1024;

/** Takes the log's bytes in any pieces; gives the text for them. */
export class LogText {
  readonly #options: LogTextOptions;
  #rest: Buffer = Buffer.alloc(0);
  #leftBytes: number;
  /** Streams in the middle of a line: their next record gets no timestamp. */
  readonly #open = new Set<string>();

  constructor(options: LogTextOptions) {
    this.#options = options;
    this.#leftBytes = options.limitBytes ?? Number.POSITIVE_INFINITY;
  }

  /** True when the limit is reached: nothing more will come. */
  get isFull(): boolean {
    return this.#leftBytes <= 0;
  }

  push(chunk: Buffer): Buffer {
    const block = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const parts: Buffer[] = [];
    let start = 0;
    for (let end = block.indexOf(newline); end >= 0; end = block.indexOf(newline, start)) {
      const record = parseRecord(block.subarray(start, end));
      if (record) parts.push(...this.#textOf(record));
      start = end + 1;
    }
    const rest = block.subarray(start);
    this.#rest = rest.length > longestRecordBytes ? Buffer.alloc(0) : Buffer.from(rest);
    return this.#limited(Buffer.concat(parts));
  }

  #textOf(record: LogRecord): readonly Buffer[] {
    const { sinceMs, timestamps } = this.#options;
    if (sinceMs !== undefined && timeOfRecord(record) < sinceMs) return [];
    const isLineStart = !this.#open.has(record.stream);
    if (record.isPartial) this.#open.add(record.stream);
    else this.#open.delete(record.stream);
    return [
      ...(timestamps && isLineStart ? [Buffer.from(`${record.time} `)] : []),
      record.text,
      ...(record.isPartial ? [] : [newlineBytes]),
    ];
  }

  #limited(text: Buffer): Buffer {
    const cut = text.subarray(0, Math.min(text.length, Math.max(0, this.#leftBytes)));
    this.#leftBytes -= cut.length;
    return cut;
  }
}
