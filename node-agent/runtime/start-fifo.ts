/** The fifo at which a created container's first process waits to be started. */
import { constants } from "node:fs";
import { open, unlink } from "node:fs/promises";
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
export async function releaseFifo(path: string): Promise<boolean> {
  takeBackNull();
  try {
    const fifo = await open(path, constants.O_WRONLY | constants.O_NONBLOCK);
    try {
      await unlink(path); // the sign of a container that was never started
      await fifo.write("\0");
    } finally {
      await fifo.close();
    }
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT" || errnoOf(thrown) === "ENXIO") return false;
    throw thrown;
  }
}
