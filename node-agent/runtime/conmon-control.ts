/** Words to a running conmon, through the fifo in its bundle. */
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { errnoOf } from "#proto/kit/problem.ts";

/** What conmon reads at a time (CTLBUFSZ less one): of two lines in one read it does the first twice, so each fills a read. */
const readBytes = 199;

/** Closes the log and opens its path anew. False when no conmon listens any more. */
export function reopenLog(bundle: string): Promise<boolean> {
  return tell(bundle, "2 0 0");
}

/** Of the container's terminal. False when no conmon listens any more. */
export function resizeTerminal(bundle: string, rows: number, columns: number): Promise<boolean> {
  return tell(bundle, `1 ${rows} ${columns}`);
}

async function tell(bundle: string, line: string): Promise<boolean> {
  try {
    // Without waiting: a fifo that nobody reads refuses to open.
    const fifo = await open(join(bundle, "ctl"), constants.O_WRONLY | constants.O_NONBLOCK);
    try {
      await fifo.write(`${line.padEnd(readBytes - 1)}\n`);
    } finally {
      await fifo.close();
    }
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === "ENXIO" || errnoOf(thrown) === "ENOENT") return false;
    throw thrown;
  }
}
