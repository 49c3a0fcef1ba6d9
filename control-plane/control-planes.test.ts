import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { controlPlaneFacts } from "./control-planes.ts";
import type { MemberRecord } from "./leadership/members.ts";
import { firstKeyState } from "./sealing/key-state.ts";

const member = (name: string): MemberRecord => ({
  ...{ name, address: `${name}:7443`, version: "1", startedAt: "2026-01-01T00:00:00Z", keys: ["one"] },
});
const known = (members: readonly MemberRecord[]) => ({
  self: member("a"),
  list: async () => ({ members, revision: 1 }),
});
const namesOf = async (facts: ReturnType<typeof controlPlaneFacts>): Promise<readonly string[]> =>
  (await facts).controlPlanes.map(({ name, leader, address }) => `${name} ${leader} ${address}`);

test("all that live are told, with who leads; a leader that has just died is named too", async () => {
  const state = firstKeyState("one");
  const both = known([member("b"), member("a")]);
  assert.deepEqual(await namesOf(controlPlaneFacts(both, state, "b", 0)), ["a false a:7443", "b true b:7443"]);
  assert.deepEqual(await namesOf(controlPlaneFacts(both, state, undefined, 0)), ["a false a:7443", "b false b:7443"]);
  assert.deepEqual(await namesOf(controlPlaneFacts(known([member("a")]), state, "b", 0)), [
    "a false a:7443",
    "b true ",
  ]);
});

test("while the store does not answer this one is all that is known", async () => {
  const deaf = { ...known([]), list: () => Promise.reject(new Problem("unavailable", "no store")) };
  assert.deepEqual(await namesOf(controlPlaneFacts(deaf, firstKeyState("one"), undefined, 0)), ["a false a:7443"]);
});
