import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "#proto/kit/logger.ts";
import { FirstUses } from "./first-uses.ts";

test("a certificate's use is noted once, and again when that failed; callers without one have nothing to note", async () => {
  const asked: string[] = [];
  let isWell = false;
  const used = async (serial: string): Promise<void> => {
    asked.push(serial);
    if (!isWell) throw new Error("etcd is away");
  };
  const uses = new FirstUses({ used }, silentLogger, new AbortController().signal);
  uses.note("");
  uses.note("01");
  uses.note("01");
  assert.deepEqual(asked, ["01"]);
  await new Promise(setImmediate);
  isWell = true;
  uses.note("01");
  uses.note("02");
  await new Promise(setImmediate);
  uses.note("01");
  assert.deepEqual(asked, ["01", "01", "02"]);
});
