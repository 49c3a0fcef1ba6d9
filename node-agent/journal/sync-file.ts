/** Flushes one file to the disk; fine when it is gone already. */
import { open } from "node:fs/promises";
import { errnoOf } from "#proto/kit/problem.ts";

export async function syncFile(path: string): Promise<void> {
  try {
    const file = await open(path, "r");
    try {
      await file.datasync();
    } finally {
      await file.close();
    }
  } catch (thrown) {
    if (errnoOf(thrown) !== "ENOENT") throw thrown;
  }
}
