/** One record of a k8s-file log: `TIME stdout|stderr F|P TEXT`. P = the line goes on in the next record. Pure, on bytes. */

export interface LogRecord {
  /** RFC 3339 with nanoseconds, as written. */
  readonly time: string;
  readonly stream: "stdout" | "stderr";
  readonly isPartial: boolean;
  readonly text: Buffer;
}

/** `2026-11-21T11:54:58.914586981+00:00 stdout F ` and some room. */
const longestHead = 64;

/** `line` without its newline. Undefined for what is no record: half-written, or not ours. */
export function parseRecord(line: Buffer): LogRecord | undefined {
  const head = line.toString("latin1", 0, longestHead);
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) (stdout|stderr) ([FP])(?: |$)/.exec(
    head,
  );
  if (!match) return undefined;
  const [whole, time = "", stream, tag] = match;
  return {
    time,
    stream: stream === "stderr" ? "stderr" : "stdout",
    isPartial: tag === "P",
    text: line.subarray(whole.length),
  };
}

const [newline, space, dash, letterT, letterS, letterD, letterF, letterP] = Buffer.from("\n -TsdFP");
const shortestTime = "2026-11-21T11:54:58Z".length;
/** As conmon writes it: nanoseconds, and the zone as an offset. */
const usualTime = "2026-11-21T11:54:58.914586981+00:00".length;
const longestTime = 40;

/**
 * The length of what stands before the text of the record at `start`; 0 when there is no record. As `parseRecord`, but for the digits of
 * the time: those are looked at only where the time is asked for.
 */
export function headBytes(block: Buffer, start: number): number {
  if (block[start + 4] !== dash || block[start + 10] !== letterT) return 0;
  let at = start + (block[start + usualTime] === space ? usualTime : shortestTime);
  const limit = Math.min(block.length, start + longestTime);
  while (at < limit && block[at] !== space) at++;
  if (block[at] !== space || block[at + 1] !== letterS || block[at + 3] !== letterD || block[at + 7] !== space)
    return 0;
  const tag = block[at + 8];
  if (tag !== letterF && tag !== letterP) return 0;
  if (block[at + 9] === space) return at + 10 - start;
  return block[at + 9] === newline ? at + 9 - start : 0;
}

export function timeOfRecord(record: LogRecord): number {
  return Date.parse(record.time);
}
