import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { Arrival, readArriving } from "./arriving-blob.ts";

const content = Buffer.from("0123456789".repeat(100));
let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "orch-arriving-"));
  path = join(directory, "blob");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test("what is there is read, and no more than the writer says; the rest when it comes", async () => {
  const arrival = new Arrival();
  writeFileSync(path, content);
  arrival.reach(400);
  const reading = readArriving(path, content.length, arrival);
  assert.deepEqual((await reading.next()).value, content.subarray(0, 400));
  const next = reading.next();
  arrival.reach(content.length);
  assert.deepEqual((await next).value, content.subarray(400));
  assert.equal((await reading.next()).done, true);
});

test("a file that was emptied fills again: reading goes on where it was", async () => {
  const arrival = new Arrival();
  writeFileSync(path, content.subarray(0, 400));
  arrival.reach(400);
  const reading = readArriving(path, content.length, arrival);
  await reading.next();
  writeFileSync(path, "");
  const next = reading.next();
  arrival.reach(500); // told before it is seen
  writeFileSync(path, content);
  arrival.reach(content.length);
  const rest: Buffer[] = [(await next).value as Buffer];
  for await (const chunk of reading) rest.push(chunk);
  assert.deepEqual(Buffer.concat(rest), content.subarray(400));
});

test("a download that ends too early ends the reading, also when it had ended before", async () => {
  writeFileSync(path, content);
  const arrival = new Arrival();
  arrival.reach(10);
  const reading = readArriving(path, content.length, arrival);
  await reading.next();
  const next = reading.next();
  arrival.end();
  await assert.rejects(next, { code: "canceled" });
  await assert.rejects(readAll(arrival), { code: "canceled" });
});

async function readAll(arrival: Arrival): Promise<void> {
  for await (const chunk of readArriving(path, content.length + 1, arrival)) assert.ok(chunk.length > 0);
}
