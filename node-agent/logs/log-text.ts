/**
 * From records to what a reader sees: filtered by time, with or without timestamps, cut at a limit. Pure. Works on whole chunks: most
 * lines are copied from one buffer to another and looked at no further.
 */
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

  /** The texts are valid as long as nothing else is done with the chunk: they may lie in the chunk's own memory. */
  push(chunk: Buffer): readonly Buffer[] {
    const texts: Buffer[] = [];
    let from = 0;
    if (this.#rest.length > 0) {
      // Only the line that two chunks share is put together.
      from = chunk.indexOf(newline) + 1;
      if (from === 0) {
        this.#keep(Buffer.concat([this.#rest, chunk]));
        return [];
      }
      texts.push(this.#text(Buffer.concat([this.#rest, chunk.subarray(0, from)])));
    }
    const end = Math.max(from, chunk.lastIndexOf(newline) + 1);
    this.#keep(Buffer.from(chunk.subarray(end))); // a copy: texts are gathered in place
    texts.push(this.#text(chunk.subarray(from, end)));
    return texts.filter(({ length }) => length > 0);
  }

  #keep(rest: Buffer): void {
    this.#rest = rest.length > longestRecordBytes ? Buffer.alloc(0) : rest;
  }

  #text(lines: Buffer): Buffer {
    const isPlain = !this.#options.timestamps && !this.#isTooOld;
    return this.#limited(isPlain ? this.#plainText(lines) : this.#fullText(lines));
  }

  /** In place: text is always shorter than its record. */
  #plainText(lines: Buffer): Buffer {
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
