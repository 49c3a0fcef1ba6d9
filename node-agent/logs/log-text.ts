/**
 * From records to what a reader sees: filtered by time, with or without timestamps, cut at a limit. Pure. Works on whole blocks: most
 * lines are moved within their block and looked at no further.
 */
import type { LogBlock } from "./log-blocks.ts";
import { headBytes, parseRecord, timeOfRecord } from "./log-record.ts";

export interface LogTextOptions {
  readonly sinceMs: number | undefined;
  readonly timestamps: boolean;
  readonly limitBytes: number | undefined;
}

const newline = 0x0a;
/** The letter P. */
const partial = 0x50;
/** conmon splits lines at 8 KiB: a longer one is not its work. */
const longestRecordBytes = 64 * 1024;

/** Takes the log's bytes in any pieces; gives the text for them. */
export class LogText {
  readonly #options: LogTextOptions;
  /** The beginning of a record whose end has not come. */
  #rest: Buffer = Buffer.alloc(0);
  #leftBytes: number;
  /** Nothing younger was seen yet. */
  #isTooOld: boolean;
  /** Streams in the middle of a line: their next record gets no timestamp. */
  readonly #open = new Set<string>();

  constructor(options: LogTextOptions) {
    this.#options = options;
    this.#leftBytes = options.limitBytes ?? Number.POSITIVE_INFINITY;
    this.#isTooOld = options.sinceMs !== undefined;
  }

  /** True when the limit is reached: nothing more will come. */
  get isFull(): boolean {
    return this.#leftBytes <= 0;
  }

  /** The text may lie in the block's own memory. */
  push(block: LogBlock): Buffer {
    const bytes = this.#joined(block);
    const end = bytes.lastIndexOf(newline) + 1;
    const isTooLong = bytes.length - end > longestRecordBytes;
    this.#rest = isTooLong ? Buffer.alloc(0) : Buffer.from(bytes.subarray(end)); // a copy: the block is used again
    const lines = bytes.subarray(0, end);
    const isPlain = !this.#options.timestamps && !this.#isTooOld;
    return this.#limited(isPlain ? plainText(lines) : this.#fullText(lines));
  }

  /** The block's bytes behind what was left of the one before. */
  #joined({ buffer, start, end }: LogBlock): Buffer {
    const rest = this.#rest;
    if (rest.length === 0) return buffer.subarray(start, end);
    if (rest.length > start) return Buffer.concat([rest, buffer.subarray(start, end)]);
    rest.copy(buffer, start - rest.length);
    return buffer.subarray(start - rest.length, end);
  }

  #fullText(lines: Buffer): Buffer {
    const { sinceMs = 0, timestamps } = this.#options;
    const parts: Buffer[] = [];
    for (let start = 0; start < lines.length; ) {
      const end = lines.indexOf(newline, start) + 1;
      const record = parseRecord(lines.subarray(start, end - 1));
      start = end;
      if (!record) continue;
      // Records are in the order of their time, but for a clock that was set back: then all that follows is shown.
      if (this.#isTooOld && timeOfRecord(record) < sinceMs) continue;
      this.#isTooOld = false;
      const isLineStart = !this.#open.has(record.stream);
      if (record.isPartial) this.#open.add(record.stream);
      else this.#open.delete(record.stream);
      if (timestamps && isLineStart) parts.push(Buffer.from(`${record.time} `));
      parts.push(record.isPartial ? record.text : lines.subarray(end - 1 - record.text.length, end));
    }
    return Buffer.concat(parts);
  }

  #limited(text: Buffer): Buffer {
    const cut = text.subarray(0, Math.min(text.length, Math.max(0, this.#leftBytes)));
    this.#leftBytes -= cut.length;
    return cut;
  }
}

/** In place: text is always shorter than its record. */
function plainText(lines: Buffer): Buffer {
  let length = 0;
  for (let start = 0; start < lines.length; ) {
    const head = headBytes(lines, start);
    const end = lines.indexOf(newline, start + head) + 1;
    if (head > 0) {
      const from = start + head;
      // Where the text is empty there is no space behind the letter.
      const isPartial = lines[from - 2] === partial || (lines[from - 1] === partial && lines[from] === newline);
      const until = isPartial ? end - 1 : end;
      lines.copyWithin(length, from, until);
      length += until - from;
    }
    start = end;
  }
  return lines.subarray(0, length);
}
