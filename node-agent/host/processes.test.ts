import assert from "node:assert/strict";
import { test } from "node:test";
import { identifyProcess, isRunning, parseProcessStat, signalProcess } from "./processes.ts";

test("a process is known by pid and start", async () => {
  const self = await identifyProcess(process.pid);
  assert.ok(self);
  assert.equal(await isRunning(self), true);
  assert.equal(await isRunning({ ...self, startTicks: self.startTicks + 1 }), false);
});

test("a signal reaches only the process that was meant", async () => {
  const self = await identifyProcess(process.pid);
  assert.ok(self);
  assert.equal(await signalProcess(self, 0), true);
  assert.equal(await signalProcess({ ...self, startTicks: 1 }, 9), false);
  assert.equal(await signalProcess({ pid: 0x3fffff, startTicks: 1 }, 9), false);
});

test("a command with parentheses and spaces does not confuse the fields", () => {
  const rest = Array.from({ length: 18 }, (_, at) => String(at)).join(" ");
  assert.deepEqual(parseProcessStat(`7 (a) b (c) S ${rest} 4711 0`), { state: "S", startTicks: 4711 });
});
