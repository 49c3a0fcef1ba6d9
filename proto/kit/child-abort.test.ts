import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { childAbort } from "./child-abort.ts";

test("a child aborts with the first of its parents, for the same reason", () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const child = childAbort(one.signal, other.signal);
  other.abort("enough");
  one.abort("too late");
  assert.equal(child.signal.reason, "enough");
});

test("a child of what is over is over", () => {
  const child = childAbort(new AbortController().signal, AbortSignal.abort("long ago"));
  assert.equal(child.signal.reason, "long ago");
});

test("a child that has ended aborts nobody else and is forgotten", () => {
  const parents = [new AbortController(), new AbortController()];
  const child = childAbort(...parents.map(({ signal }) => signal));
  child.abort("done");
  for (const { signal } of parents) {
    assert.equal(signal.aborted, false);
    assert.deepEqual(getEventListeners(signal, "abort"), []);
  }
});
