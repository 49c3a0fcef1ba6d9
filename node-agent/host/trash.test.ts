import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { seededRandom } from "#proto/kit/random.ts";
import { Trash } from "./trash.ts";

test("what is thrown away is gone at once, deleted behind it, and by a successor after a crash", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "orch-trash-"));
  t.after(() => rm(folder, { recursive: true }));
  const directory = join(folder, ".trash");
  const options = { directory, clock: new ManualClock(), random: seededRandom(1), logger: silentLogger };
  const trash = await Trash.open(options);
  const makeTree = async (name: string): Promise<string> => {
    await mkdir(join(folder, name, "below"), { recursive: true });
    await writeFile(join(folder, name, "below", "file"), "");
    return join(folder, name);
  };
  await trash.take(await makeTree("a"));
  await trash.take(join(folder, "nothing there"));
  assert.deepEqual([await readdir(folder), (await readdir(directory)).length], [[".trash"], 1]);
  options.clock.advance(2_000);
  await trash.empty();
  assert.deepEqual(await readdir(directory), []);
  await trash.take(await makeTree("b"));
  await Trash.open(options);
  assert.deepEqual([await readdir(folder), await readdir(directory)], [[".trash"], []]);
});
