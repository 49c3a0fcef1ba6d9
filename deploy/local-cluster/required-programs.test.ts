import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { requirePrograms } from "./required-programs.ts";

const allBut =
  (...missing: string[]) =>
  (program: string): boolean =>
    !missing.includes(program);

const refusal = (...missing: string[]): Problem => {
  try {
    requirePrograms(allBut(...missing));
  } catch (thrown) {
    return Problem.from(thrown);
  }
  throw new assert.AssertionError({ message: "nothing was missed" });
};

test("with everything there, and with one of the two runtimes, nothing is said", () => {
  requirePrograms(allBut());
  requirePrograms(allBut("crun"));
  requirePrograms(allBut("runc"));
});

test("everything missing is named in one sentence, with what to run", () => {
  const { code, message, hint } = refusal("etcd", "conmon", "crun", "runc");
  assert.equal(code, "unavailable");
  assert.equal(message, "these programs are missing on this machine: etcd, conmon, crun");
  assert.match(hint ?? "", /packages\.sh run/);
});
