import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "#proto/kit/random.ts";
import { colored, unifiedDiff } from "./unified-diff.ts";

const names = { before: "live", after: "file" };

test("equal texts have no difference; changes stand in their context", () => {
  assert.equal(unifiedDiff("a\nb\n", "a\nb\n", names), "");
  const lines = Array.from({ length: 20 }, (_, i) => `line ${i}`);
  const changed = lines.with(10, "other").toSpliced(15, 0, "new");
  assert.equal(
    unifiedDiff(`${lines.join("\n")}\n`, `${changed.join("\n")}\n`, names),
    [
      "--- live",
      "+++ file",
      "@@ -8,11 +8,12 @@",
      ...[" line 7", " line 8", " line 9", "-line 10", "+other", " line 11", " line 12", " line 13", " line 14"],
      ...["+new", " line 15", " line 16", " line 17", ""],
    ].join("\n"),
  );
  assert.equal(unifiedDiff("", "a\n", names), "--- live\n+++ file\n@@ -0,0 +1,1 @@\n+a\n");
});

test("colours stand around whole lines", () => {
  assert.equal(colored("-a\n b\n+c\n"), "\u001b[31m-a\u001b[39m\n b\n\u001b[32m+c\u001b[39m\n");
});

/** As `patch -u` would. */
function patched(before: readonly string[], diff: string): readonly string[] {
  const result: string[] = [];
  let at = 0;
  for (const line of diff.split("\n").slice(2, -1)) {
    const start = /^@@ -(\d+),(\d+) /.exec(line);
    if (start) {
      const until = Number(start[1]) - (start[2] === "0" ? 0 : 1);
      result.push(...before.slice(at, until));
      at = until;
    } else if (line.startsWith("+")) result.push(line.slice(1));
    else {
      assert.equal(before[at], line.slice(1));
      if (line.startsWith(" ")) result.push(line.slice(1));
      at++;
    }
  }
  return [...result, ...before.slice(at)];
}

test("what a difference says makes the one text of the other, for any two texts", () => {
  const random = seededRandom(7);
  const words = (): readonly string[] =>
    Array.from({ length: Math.floor(random.next() * 30) }, () => "abcd"[Math.floor(random.next() * 4)] ?? "");
  for (let round = 0; round < 300; round++) {
    const [before, after] = [words(), words()];
    const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");
    const diff = unifiedDiff(text(before), text(after), names);
    assert.deepEqual(diff === "" ? before : patched(before, diff), after);
  }
});
