/** The fifo at which a created container's first process waits to be started. */
import { closeSync, constants, openSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { errnoOf } from "#proto/kit/problem.ts";
import { takeBackNull } from "./null-device.ts";
import type { RuntimePaths } from "./runtime-paths.ts";

/** The same in crun and runc; gone once the container was started. */
export function startFifo(id: string, paths: RuntimePaths): string {
  return join(paths.state, id, "exec.fifo");
}

/**
 * What `crun start` does, without the program: a byte into the fifo that the container's first process waits at. False when it is not
 * waiting there: then the program finds the words.
 */
export function releaseFifo(path: string): boolean {
  takeBackNull();
  try {
    const fifo = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    try {
      unlinkSync(path); // the sign of a container that was never started
      writeSync(fifo, "\0");
    } finally {
      closeSync(fifo);
    }
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT" || errnoOf(thrown) === "ENXIO") return false;
    throw thrown;
  }
}
