/** Where the last N lines begin, found from the end backwards: the cost is that of N lines, not of the log. */

import { parseRecord } from "./log-record.ts";
import { type OpenSegment, readSegmentBackwards } from "./log-segments.ts";

export interface TailStart {
  /** Index into the segments. */
  readonly segment: number;
  readonly offset: number;
}

const newline = 0x0a;

/** `segments` oldest first. A line is what ends in an F record; a last line without its end counts. */
export async function findTailStart(segments: readonly OpenSegment[], lines: number): Promise<TailStart> {
  const counter = new LineCounter(lines);
  for (let at = segments.length - 1; at >= 0; at--) {
    const segment = segments[at];
    if (!segment) continue;
    const offset = await startWithin(segment, counter);
    if (offset !== undefined) return { segment: at, offset };
  }
  return { segment: 0, offset: 0 };
}

/** Counts records from the end until one more line than asked for ends: what follows that record is wanted. */
class LineCounter {
  #wanted: number;
  #isLast = true;

  constructor(lines: number) {
    this.#wanted = lines;
  }

  /** True when this record ends the line before the wanted ones. */
  endsBefore(line: Buffer): boolean {
    const record = parseRecord(line);
    if (!record) return false;
    if (record.isPartial && !this.#isLast) return false;
    this.#isLast = false;
    if (this.#wanted === 0) return true;
    this.#wanted -= 1;
    return false;
  }
}

/** Offset in the segment where the wanted lines begin; undefined when they begin before it. */
async function startWithin(segment: OpenSegment, counter: LineCounter): Promise<number | undefined> {
  let tail = Buffer.alloc(0); // start of the line whose beginning lies in an earlier chunk, with its newline
  let tailLength = 0; // all that was read so far and lies behind `tail`
  let total = 0;
  let found: number | undefined; // distance from the end
  for await (const chunk of readSegmentBackwards(segment)) {
    total += chunk.length;
    if (found !== undefined) continue;
    const block = Buffer.concat([chunk, tail]);
    let end = block.length;
    for (let at = lineStart(block, end); at > 0; at = lineStart(block, end)) {
      if (counter.endsBefore(trimmed(block, at, end))) {
        found = tailLength + block.length - end;
        break;
      }
      end = at;
    }
    tailLength += block.length - end;
    tail = block.subarray(0, end);
  }
  if (found === undefined && tail.length > 0 && counter.endsBefore(trimmed(tail, 0, tail.length))) found = tailLength;
  return found === undefined ? undefined : total - found;
}

/** Start of the line that ends at `end` (after its newline); 0 or less when it begins before the block. */
function lineStart(block: Buffer, end: number): number {
  return end <= 1 ? 0 : block.lastIndexOf(newline, end - 2) + 1;
}

function trimmed(block: Buffer, start: number, end: number): Buffer {
  return block.subarray(start, block[end - 1] === newline ? end - 1 : end);
}
