import assert from "node:assert/strict";
import { test } from "node:test";
import { isLooser, labelProblems, policyOf } from "./level.ts";

const prefix = "pod-security.kubernetes.io/";

test("a namespace without labels enforces baseline, warns of it in templates and notes nothing", () => {
  const { enforce, warn, audit } = policyOf(undefined);
  assert.deepEqual(enforce, { level: "baseline", edition: "latest", isLabelled: false });
  assert.deepEqual(warn, enforce);
  assert.equal(audit.level, "privileged");
});

test("each mode has a level and an edition of its own", () => {
  const policy = policyOf({
    [`${prefix}enforce`]: "privileged",
    [`${prefix}enforce-version`]: "v1.20",
    [`${prefix}warn`]: "restricted",
    [`${prefix}audit`]: "baseline",
    [`${prefix}audit-version`]: "latest",
  });
  assert.deepEqual(policy.enforce, { level: "privileged", edition: 20, isLabelled: true });
  assert.deepEqual(policy.warn, { level: "restricted", edition: "latest", isLabelled: true });
  assert.deepEqual(policy.audit, { level: "baseline", edition: "latest", isLabelled: true });
});

test("what is not understood is refused by name, and read as the strictest where it is there all the same", () => {
  const labels = {
    [`${prefix}enforce`]: "Privileged",
    [`${prefix}warn-version`]: "1.30",
    [`${prefix}enforced`]: "baseline",
    "example.com/enforce": "x",
  };
  assert.deepEqual(
    labelProblems(labels).map(([label]) => label),
    [`${prefix}enforce`, `${prefix}warn-version`, `${prefix}enforced`],
  );
  assert.match(labelProblems(labels)[0]?.[1] ?? "", /privileged, baseline or restricted/);
  assert.equal(policyOf(labels).enforce.level, "restricted");
});

test("only a lower level is looser", () => {
  const of = (level: string) => policyOf({ [`${prefix}enforce`]: level }).enforce;
  assert.equal(isLooser(of("privileged"), of("baseline")), true);
  assert.equal(isLooser(of("restricted"), of("baseline")), false);
  assert.equal(isLooser(of("baseline"), of("baseline")), false);
});
