import assert from "node:assert/strict";
import { test } from "node:test";
import { watchExit } from "./process-exit.ts";
import { identifyProcess } from "./processes.ts";

test("a process that is not there is told at once, a running one is not", async () => {
  let told = 0;
  await watchExit({ pid: 0x3fffff, startTicks: 1 }, () => told++);
  assert.equal(told, 1);
  const self = await identifyProcess(process.pid);
  assert.ok(self);
  const stop = await watchExit(self, () => told++);
  stop();
  stop();
  assert.equal(told, 1);
});
