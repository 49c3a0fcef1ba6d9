import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "../problem.ts";
import { framed } from "./message-frame.ts";
import { MessageReader } from "./message-reader.ts";

const texts = ["", "a", "bc", "x".repeat(300), "end"];
const wire = Buffer.concat(texts.map((text) => framed(Buffer.from(text))));

test("messages come out whole however the bytes are cut", () => {
  for (const step of [1, 2, 3, 7, 64, 1_000]) {
    const reader = new MessageReader(1_000);
    const seen: string[] = [];
    for (let at = 0; at < wire.length; at += step) {
      for (const message of reader.push(wire.subarray(at, at + step))) seen.push(message.toString());
    }
    assert.deepEqual(seen, texts, `in steps of ${step}`);
    assert.equal(reader.incomplete, false);
  }
});

test("a message that has begun is known to be incomplete", () => {
  const reader = new MessageReader(1_000);
  assert.deepEqual([...reader.push(wire.subarray(0, 8))].map(String), [""]);
  assert.equal(reader.incomplete, true);
});

test("too long a message is refused by its prefix, and so is a compressed one", () => {
  const long = framed(Buffer.alloc(0));
  long.writeUInt32BE(1_001, 1);
  assert.throws(
    () => [...new MessageReader(1_000).push(long)],
    (thrown) => Problem.is(thrown, "too-large"),
  );
  const compressed = framed(Buffer.from("zz"));
  compressed[0] = 1;
  assert.throws(
    () => [...new MessageReader(1_000).push(compressed)],
    (thrown) => Problem.is(thrown, "internal"),
  );
});
