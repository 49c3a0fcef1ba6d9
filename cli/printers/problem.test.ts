import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { exitCodeOf } from "../exit-codes.ts";
import { usageProblem } from "../program-options.ts";
import { detailsOf, problemOf } from "../unexpected.ts";
import { renderProblem } from "./problem.ts";

test("a problem says what, where and what to do", () => {
  const problem = new Problem("invalid", "it is wrong", {
    object: "Deployment web",
    causes: [{ path: "spec.replicas", message: "must be a number", line: 7, column: 3 }],
    hint: "write a number",
  });
  assert.equal(
    renderProblem(problem, false),
    "error: Deployment web: it is wrong\n  7:3  spec.replicas: must be a number\n  → write a number\n",
  );
});

test("many causes are counted, not scrolled away", () => {
  const causes = Array.from({ length: 50 }, (_, i) => ({ message: `cause ${i}` }));
  const text = renderProblem(new Problem("invalid", "much is wrong", { causes }), false);
  assert.match(text, /… and 30 more\n$/);
});

test("what a server says cannot rule the terminal; our own colour may", () => {
  const problem = new Problem("invalid", "\u001b[2Jgone", { causes: [{ message: "\u009b31m" }], hint: "\u0007" });
  assert.doesNotMatch(renderProblem(problem, false), /[^\P{Cc}\n]/u);
  assert.ok(renderProblem(problem, true).startsWith("\u001b[31merror:\u001b[39m"));
});

test("a refusal of the operating system is a sentence, a mistake of ours says so, and neither is a stack trace", () => {
  const denied = problemOf(Object.assign(new Error("EACCES: …"), { code: "EACCES", path: "/etc/shadow" }));
  assert.equal(denied.code, "forbidden");
  assert.equal(denied.message, "/etc/shadow: permission denied");
  const nowhere = problemOf(Object.assign(new Error("ENOENT"), { code: "ENOENT", path: "/no-such/folder/x.part" }));
  assert.equal(
    renderProblem(nowhere, false),
    "error: there is no folder /no-such/folder\n  → mkdir -p /no-such/folder\n",
  );
  const bug = problemOf(new TypeError("x is not a function"));
  assert.match(renderProblem(bug, false), /this is a bug in orchctl: x is not a function\n {2}→ set ORCH_DEBUG=1/);
  assert.doesNotMatch(renderProblem(bug, false), /\bat .*:\d+:\d+/);
  assert.match(detailsOf(bug), /caused by: TypeError[\s\S]*problem\.test\.ts:\d+/);
  assert.equal(problemOf("just a word").code, "internal");
});

test("exit codes follow the code of the problem; wrong use is 2", () => {
  const codeOf = (code: Problem["code"]): number => exitCodeOf(new Problem(code, ""));
  const expected = {
    ...{ invalid: 5, "bad-request": 5, "not-found": 3, conflict: 4, "already-exists": 4, forbidden: 6 },
    ...{ unauthenticated: 6, unavailable: 7, timeout: 8, canceled: 130, internal: 1, unsupported: 5 },
  } as const;
  for (const [code, exit] of Object.entries(expected)) assert.equal(codeOf(code as Problem["code"]), exit, code);
  assert.equal(exitCodeOf(usageProblem("which?")), 2);
});
