import assert from "node:assert/strict";
import { test } from "node:test";
import { type ConditionLike, getCondition, isConditionTrue, removeCondition, setCondition } from "./conditions.ts";

const at = Date.UTC(2026, 0, 1);
const ready: ConditionLike = { type: "Ready", status: "True", reason: "Up" };

test("a new condition is stamped; a change of status moves the stamp, a change of reason does not", () => {
  const first = setCondition<ConditionLike>(undefined, ready, at);
  assert.deepEqual([...first], [{ ...ready, lastTransitionTime: "2026-01-01T00:00:00Z" }]);
  const reworded = setCondition(first, { ...ready, reason: "Still" }, at + 60_000);
  assert.deepEqual([...reworded], [{ ...ready, reason: "Still", lastTransitionTime: "2026-01-01T00:00:00Z" }]);
  const down = setCondition(reworded, { ...ready, status: "False" }, at + 120_000);
  assert.deepEqual(down, [{ ...ready, status: "False", lastTransitionTime: "2026-01-01T00:02:00Z" }]);
});

test("setting the same again gives the same list back", () => {
  const first = setCondition([], ready, at);
  assert.equal(setCondition(first, { ...ready }, at + 1000), first);
});

test("other conditions keep their place", () => {
  const list = [
    { type: "A", status: "True" as const },
    { type: "B", status: "True" as const },
  ];
  const next = setCondition<{ type: string; status: "True" | "False" }>(list, { type: "A", status: "False" }, at);
  assert.deepEqual(
    next.map((condition) => `${condition.type}=${condition.status}`),
    ["A=False", "B=True"],
  );
  assert.deepEqual(removeCondition(next, "A"), [list[1]]);
  assert.equal(removeCondition(next, "C"), next);
  assert.equal(getCondition(next, "B"), list[1]);
  assert.equal(isConditionTrue(next, "A"), false);
  assert.equal(isConditionTrue(undefined, "A"), false);
});
