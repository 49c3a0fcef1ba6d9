import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { seededRandom } from "#proto/kit/random.ts";
import { beginProcess } from "./agent-process.ts";

test("each process names those before it, the newest last, and no more than the last eight", async () => {
  const directory = await mkdtemp(join(tmpdir(), "orch-process-"));
  try {
    const random = seededRandom(1);
    const before: string[] = [];
    for (let i = 0; i < 12; i++) {
      const { instance, replaces } = await beginProcess(directory, random);
      assert.deepEqual(replaces, before.slice(-8));
      assert.ok(!before.includes(instance));
      before.push(instance);
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

test("a list that cannot be read counts as none and is written anew", async () => {
  const directory = await mkdtemp(join(tmpdir(), "orch-process-"));
  try {
    const random = seededRandom(1);
    for (const content of ["", '["a', "{}", "null"]) {
      await writeFile(join(directory, "processes.json"), content);
      const { instance, replaces } = await beginProcess(directory, random);
      assert.deepEqual(replaces, [], content);
      assert.deepEqual((await beginProcess(directory, random)).replaces, [instance], content);
    }
    await writeFile(join(directory, "processes.json"), '["a", 7]');
    assert.deepEqual((await beginProcess(directory, random)).replaces, ["a"]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
