import assert from "node:assert/strict";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { ensureOwnFolder } from "./own-folder.ts";

test("a folder is made, and closed to others even when it was open; where it cannot be made the flag is named", async () => {
  const folder = await mkdtemp(join(tmpdir(), "orch-own-"));
  try {
    const path = join(folder, "a/b");
    await ensureOwnFolder(path, "--data-dir");
    assert.equal((await stat(path)).mode & 0o777, 0o700);
    await ensureOwnFolder(path, "--data-dir");
    await writeFile(join(folder, "file"), "");
    await assert.rejects(ensureOwnFolder(join(folder, "file/x"), "--data-dir"), (thrown) => {
      return Problem.is(thrown, "forbidden") && thrown.hint?.includes("--data-dir") === true;
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
