import assert from "node:assert/strict";
import { test } from "node:test";
import { LineJoiner } from "./line-joiner.ts";

function joined(parts: readonly string[], prefix = ""): readonly string[] {
  const written: string[] = [];
  const lines = new LineJoiner(prefix, (bytes) => written.push(Buffer.from(bytes).toString("latin1")));
  for (const part of parts) lines.add(Buffer.from(part, "latin1"));
  lines.end();
  return written;
}

test("lines are whole however they come, each with its prefix", () => {
  assert.deepEqual(joined(["a\nb", "c", "\n\nd"], "[x] "), ["[x] a\n", "[x] bc\n", "[x] \n", "[x] d\n"]);
  assert.deepEqual(joined([]), []);
  assert.deepEqual(joined(["\xff\x00\n"]), ["\xff\x00\n"]);
});

test("a line without end is passed on in parts", () => {
  const written = joined(["x".repeat(70_000), "y\n"]);
  assert.equal(written.length, 2);
  assert.equal(written.join(""), `${"x".repeat(70_000)}y\n`);
});
