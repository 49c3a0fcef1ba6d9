import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { noteRecord, readRecord, writeRecord } from "./container-record.ts";

let bundle: string;
before(async () => {
  bundle = await mkdtemp(join(tmpdir(), "orch-record-"));
});
after(() => rm(bundle, { recursive: true }));

const record = { id: "a_main_0", pid: 7, startTicks: 70, startedAtMs: undefined };

test("a maker and an onlooker may note a container at once, and the maker's word stays", async () => {
  const started = { ...record, startedAtMs: 1_000 };
  await Promise.all([writeRecord(bundle, record), noteRecord(bundle, record), writeRecord(bundle, started)]);
  await noteRecord(bundle, record);
  assert.deepEqual(await readRecord(bundle), started);
});

test("an onlooker's note replaces one that a crash or a disk has cut", async () => {
  await writeFile(join(bundle, "record.json"), '{"id":"a_main_0","pi');
  await noteRecord(bundle, record);
  assert.deepEqual(await readRecord(bundle), record);
});
