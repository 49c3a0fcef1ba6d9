import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import {
  begun,
  finished,
  firstKeyState,
  type KeyHolder,
  type KeyState,
  nextStep,
  parseKeyState,
  rewritten,
  sealingWarnings,
} from "./key-state.ts";

const link = { keyId: "one", nonce: "", ciphertext: "" };
const rotation = { to: "two", link, startedAtMs: 5, startedBy: "ana" };
const holder = (name: string, ...keys: string[]): KeyHolder => ({ name, keys });
const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const isConflict = (words: RegExp) => (thrown: unknown) =>
  Problem.is(thrown, "conflict") && words.test(`${thrown.message} ${thrown.hint}`);

/** The states that a whole rotation goes through, by the steps the plan names. */
function walk(holders: readonly KeyHolder[]): readonly KeyState[] {
  const states = [begun(firstKeyState("one"), rotation)];
  for (let at = 0; at < 10; at++) {
    const state = states.at(-1) ?? assert.fail();
    const step = nextStep(state, holders);
    if (step.kind === "rest" || step.kind === "wait") return states;
    states.push(step.kind === "rewrite" ? rewritten(state, 9) : step.next);
  }
  return assert.fail("it does not end");
}

test("the new key seals only when everybody who lives has it; the old permit goes only after that", () => {
  const begin = begun(firstKeyState("one"), rotation);
  const two = [holder("a", "one", "two"), holder("b", "one")];
  assert.deepEqual(nextStep(begin, two), { kind: "wait", holders: [two[1]] });
  assert.equal(begin.active, "one");
  const both = two.map(({ name }) => holder(name, "one", "two"));
  const seen = walk(both).map(({ active, rotation }) => [active, rotation?.phase]);
  assert.deepEqual(seen, [
    ["one", "handing out"],
    ["two", "closing"],
    ["two", "rewriting"],
    ["two", "rewritten"],
  ]);
  const closing = walk(both)[1] ?? assert.fail();
  const step = nextStep(closing, []);
  assert.ok(step.kind === "close" && step.permit === "one");
});

test("a step that is taken again, by whoever leads next, leads to the same state", () => {
  for (const state of walk([holder("a", "two")])) {
    const holders = [holder("a", "two")];
    assert.deepEqual(nextStep(state, holders), nextStep(parseKeyState(bytes(state)), holders));
  }
});

test("one rotation at a time; the next only when the key before is dropped", () => {
  const states = walk([holder("a", "two")]);
  for (const state of states) {
    const words = state.rotation?.phase === "rewritten" ? /still kept.*key finish/ : /already, by ana.*key status/;
    assert.throws(() => begun(state, { ...rotation, to: "three" }), isConflict(words));
  }
});

test("the old key is dropped only when nothing is left under it and everybody who lives has the new one", () => {
  const holders = [holder("a", "two", "one")];
  const states = walk(holders);
  for (const state of states.slice(0, -1)) {
    assert.throws(() => finished(state, holders, 9), isConflict(/still sealed with the old key/));
  }
  const done = states.at(-1) ?? assert.fail();
  const late = [...holders, { ...holder("b", "one"), trouble: "/keys cannot be written: EROFS" }];
  assert.throws(() => finished(done, late, 9), isConflict(/new key in its file: b .*EROFS/));
  const end = finished(done, holders, 9);
  assert.deepEqual(end, { version: 1, active: "two", retired: [{ id: "one", retiredAtMs: 9 }] });
  assert.equal(finished(end, holders, 9), end, "twice is once");
  assert.equal(begun(end, { ...rotation, to: "three" }).rotation?.from, "two");
});

test("what a newer version wrote is refused with a sentence, and so is what is no state", () => {
  for (const strange of [{ ...firstKeyState("one"), version: 2 }, { version: 1 }, [], null, "x"]) {
    assert.throws(
      () => parseKeyState(bytes(strange)),
      (thrown) => Problem.is(thrown, "unsupported"),
    );
  }
});

test("a rotation is warned of when it takes long, when a key file cannot be written, and when the old key is forgotten", () => {
  const start = begun(firstKeyState("one"), { ...rotation, startedAtMs: 0 });
  const minuteMs = 60_000;
  assert.deepEqual(sealingWarnings(start, [holder("a", "one")], minuteMs), []);
  assert.match(
    sealingWarnings(start, [], 16 * minuteMs).join(),
    /replacement of the sealing key one takes long: orchctl/,
  );
  const broken = { ...holder("b", "one"), trouble: "/keys cannot be written: it is full" };
  assert.deepEqual(sealingWarnings(start, [broken], minuteMs), [
    "Control plane b: /keys cannot be written: it is full.",
  ]);
  const done = walk([holder("a", "two")]).at(-1) ?? assert.fail();
  assert.deepEqual(sealingWarnings(done, [], minuteMs), []);
  assert.match(sealingWarnings(done, [], 8 * 24 * 60 * minuteMs).join(), /still kept: orchctl cluster key finish/);
  assert.deepEqual(sealingWarnings(firstKeyState("one"), [], 8 * 24 * 60 * minuteMs), []);
});
