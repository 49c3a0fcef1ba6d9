import assert from "node:assert/strict";
import { test } from "node:test";
import { DetachKeys, defaultDetachKeys, parseDetachKeys } from "./detach-keys.ts";

test("keys are spelled as in Docker", () => {
  assert.deepEqual([...parseDetachKeys(defaultDetachKeys)], [16, 17]);
  assert.deepEqual([...parseDetachKeys("ctrl-@,a,ctrl-],~")], [0, 97, 29, 126]);
  assert.equal(parseDetachKeys("").length, 0);
  for (const wrong of ["ctrl-", "ctrl-1", "ab", ",", "ctrl-p,", "a,a,a,a,a,a,a,a,a"])
    assert.throws(() => parseDetachKeys(wrong), /--detach-keys/, wrong);
});

function typed(pieces: readonly string[], keys = defaultDetachKeys): readonly [string, boolean] {
  const detach = new DetachKeys(parseDetachKeys(keys));
  let onward = "";
  for (const piece of pieces) {
    const taken = detach.take(Buffer.from(piece));
    onward += taken.onward.toString();
    if (taken.hasLeft) return [onward, true];
  }
  return [onward, false];
}

test("the keys leave, however they come; what only begins like them goes on", () => {
  assert.deepEqual(typed(["ls\r\x10\x11rest"]), ["ls\r", true]);
  assert.deepEqual(typed(["ls\x10", "\x11"]), ["ls", true]);
  assert.deepEqual(typed(["\x10", "x"]), ["\x10x", false]);
  assert.deepEqual(typed(["\x10\x10\x11"]), ["\x10", true]);
  assert.deepEqual(typed(["\x11\x10"]), ["\x11", false], "held back until the next key");
  assert.deepEqual(typed(["\x10\x11"], ""), ["\x10\x11", false]);
});
