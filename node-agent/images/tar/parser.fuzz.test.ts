/** Damaged archives: whatever the bytes, the answer is entries or a Problem, never another failure. A failing seed is in the message. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { type Random, seededRandom } from "#proto/kit/random.ts";
import { tar, withChecksum } from "#test/support/tar-writer.ts";
import { TarParser } from "./parser.ts";

const seeds = 600;

const honest = tar([
  { name: "directory/", type: "directory", mode: 0o755 },
  { name: "directory/file", content: "content ".repeat(100), xattrs: { "user.a": "b" } },
  { name: `${"long/".repeat(40)}name`, content: "x", pax: { mtime: "1.5" } },
  { name: "link", type: "symlink", linkName: "directory/file" },
  { name: "sparse", content: "abc", pax: { "GNU.sparse.size": "100", "GNU.sparse.map": "10,2,99,1" } },
  { name: "device", type: "char", major: 1, minor: 3 },
]);

/** Flips bytes, mends the checksums of some headers so that the damage is looked at, and cuts. */
function damaged(random: Random): Buffer {
  const pick = (limit: number): number => Math.floor(random.next() * limit);
  const archive = Buffer.from(honest);
  for (let count = pick(12); count >= 0; count--) archive[pick(archive.length)] = pick(256);
  for (let at = 0; at + 512 <= archive.length; at += 512) {
    if (archive.toString("latin1", at + 257, at + 262) === "ustar") withChecksum(archive.subarray(at, at + 512));
  }
  return random.next() < 0.2 ? archive.subarray(0, pick(archive.length)) : archive;
}

function parse(archive: Buffer, step: number): { readonly entries: number; readonly bytes: number } {
  let entries = 0;
  let bytes = 0;
  const parser = new TarParser({
    onEntry: () => {
      entries += 1;
    },
    onData: (data) => {
      bytes += data.length;
    },
    onEntryEnd: () => undefined,
  });
  for (let at = 0; at < archive.length; at += step) parser.push(archive.subarray(at, at + step));
  parser.finish();
  return { entries, bytes };
}

function outcome(archive: Buffer, step: number): unknown {
  try {
    return parse(archive, step);
  } catch (thrown) {
    if (!Problem.is(thrown, "invalid")) throw thrown;
    return thrown.message;
  }
}

test(`${seeds} damaged archives are read or refused, the same whatever the size of the pieces`, () => {
  for (let seed = 0; seed < seeds; seed++) {
    const archive = damaged(seededRandom(seed));
    const whole = outcome(archive, 1 << 20);
    assert.deepEqual(outcome(archive, 77), whole, `seed ${seed}`);
    if (typeof whole === "object") assert.ok((whole as { bytes: number }).bytes <= archive.length, `seed ${seed}`);
  }
});
