import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { parseOne, parseTargets } from "./targets.ts";

const shown = (kinds: string, ...names: string[]): readonly string[] =>
  parseTargets(kinds, names).map(({ definition, names: wanted }) => `${definition.kind}:${wanted.join(",")}`);
const refused = (run: () => unknown, code: string, pattern: RegExp): void =>
  assert.throws(
    run,
    (thrown) => Problem.is(thrown) && thrown.code === code && pattern.test(`${thrown.message} ${thrown.hint}`),
  );

test("kinds and names, as kubectl takes them", () => {
  assert.deepEqual(shown("po"), ["Pod:"]);
  assert.deepEqual(shown("pods,rs"), ["Pod:", "ReplicaSet:"]);
  assert.deepEqual(shown("Deployments.v1.apps", "a", "b"), ["Deployment:a,b"]);
  assert.deepEqual(shown("deploy/web", "pod/x"), ["Deployment:web", "Pod:x"]);
  assert.deepEqual(shown("all"), ["Pod:", "Deployment:", "ReplicaSet:"]);
});

test("what cannot be meant is refused with what can", () => {
  refused(() => parseTargets("gizmos", []), "not-found", /no kind "gizmos".*known are: pods/);
  refused(() => parseTargets("deploymnet", []), "not-found", /did you mean deployment/);
  refused(() => parseTargets("pods,deploy", ["a"]), "bad-request", /one kind only/);
  refused(() => parseTargets("pod/", []), "bad-request", /no KIND\/NAME/);
  refused(() => parseTargets("pod/a/b", []), "bad-request", /no KIND\/NAME/);
  refused(() => parseTargets("pod/a", ["b"]), "bad-request", /no KIND\/NAME/);
});

test("one object, where one is needed", () => {
  assert.equal(parseOne(["web"], "deployments").definition.kind, "Deployment");
  assert.equal(parseOne(["deploy", "web"]).name, "web");
  assert.equal(parseOne(["rs/web"], "deployments").definition.kind, "ReplicaSet");
  refused(() => parseOne(["deploy", "a", "b"]), "bad-request", /does not name one object/);
  refused(() => parseOne(["pods"]), "bad-request", /does not name one object/);
});
