import assert from "node:assert/strict";
import { test } from "node:test";
import { controlPlaneFacts } from "./control-planes.ts";
import type { MemberRecord } from "./leadership/members.ts";
import { firstKeyState } from "./sealing/key-state.ts";

const member = (name: string): MemberRecord => ({
  ...{ name, address: `${name}:7443`, version: "1", startedAt: "2026-01-01T00:00:00Z", keys: ["one"] },
});
const namesOf = (listed: readonly MemberRecord[], leader: string | undefined): readonly string[] =>
  controlPlaneFacts(listed, firstKeyState("one"), leader, 0).controlPlanes.map(
    ({ name, leader: leads, address }) => `${name} ${leads} ${address}`,
  );

test("all that live are told, with who leads; a leader that has just died is named too", () => {
  const both = [member("b"), member("a")];
  assert.deepEqual(namesOf(both, "b"), ["a false a:7443", "b true b:7443"]);
  assert.deepEqual(namesOf(both, undefined), ["a false a:7443", "b false b:7443"]);
  assert.deepEqual(namesOf([member("a")], "b"), ["a false a:7443", "b true "]);
});
