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

export function timeOfRecord(record: LogRecord): number {
  return Date.parse(record.time);
}
