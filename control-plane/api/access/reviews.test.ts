import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { seededRandom } from "#proto/kit/random.ts";
import { builtInGroups } from "../authorize.ts";
import { answerReview, isReview } from "./reviews.ts";

const caller = (...groups: readonly string[]) => ({ user: "ana", groups });
const accessReviews = "selfsubjectaccessreviews.authorization.k8s.io";

function may(group: string, resourceAttributes: object): unknown {
  const body = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec: { resourceAttributes } };
  return answerReview(builtInGroups, caller(group), accessReviews, body).object.status;
}

test("may I: by group, resource, subresource, namespace, and everything", () => {
  const get = { verb: "get", resource: "pods", namespace: "shop" };
  assert.deepEqual(may("orch:viewers", get), { allowed: true });
  assert.deepEqual(may("orch:viewers", { ...get, verb: "delete" }), {
    ...{ allowed: false, reason: "the group orch:viewers may only read" },
  });
  assert.deepEqual(may("orch:viewers", { ...get, resource: "secrets" }), {
    ...{ allowed: false, reason: "the group orch:viewers may not read secrets" },
  });
  assert.deepEqual(may("orch:editors", { verb: "create", resource: "deployments", group: "apps", namespace: "shop" }), {
    allowed: true,
  });
  assert.deepEqual(may("system:masters", { verb: "*", resource: "*", group: "*" }), { allowed: true });
  assert.equal((may("orch:editors", { verb: "*", resource: "*" }) as { allowed: boolean }).allowed, false);
  assert.deepEqual(may("system:masters", { verb: "frob", resource: "pods" }), {
    allowed: false,
    reason: 'there is no verb "frob"',
  });
});

test("what may I: only what is allowed, by resource", () => {
  const body = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview", spec: { namespace: "shop" } };
  const rules = (group: string) => {
    const { status } = answerReview(
      builtInGroups,
      caller(group),
      "selfsubjectrulesreviews.authorization.k8s.io",
      body,
    ).object;
    return (status as { resourceRules: readonly { resources: readonly string[]; verbs: readonly string[] }[] })
      .resourceRules;
  };
  const viewers = rules("orch:viewers");
  assert.deepEqual(viewers.find(({ resources }) => resources[0] === "pods")?.verbs, ["get", "list", "watch"]);
  assert.ok(viewers.some(({ resources }) => resources[0] === "pods/log"));
  assert.ok(!viewers.some(({ resources }) => ["secrets", "pods/exec", "jointokens"].includes(resources[0] ?? "")));
  assert.ok(rules("system:masters").some(({ resources }) => resources[0] === "jointokens"));
  assert.deepEqual(rules("nobody"), []);
});

test("who am I; and what is no review is refused", () => {
  const body = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
  const { status } = answerReview(
    builtInGroups,
    caller("a", "b"),
    "selfsubjectreviews.authentication.k8s.io",
    body,
  ).object;
  assert.deepEqual(status, { userInfo: { username: "ana", groups: ["a", "b"] } });
  assert.equal(isReview("pods"), false);
  assert.equal(isReview("constructor"), false);
  assert.throws(() => answerReview(builtInGroups, caller(), accessReviews, body), /must be SelfSubjectAccessReview/);
  const empty = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview" };
  assert.throws(
    () => answerReview(builtInGroups, caller(), accessReviews, empty),
    /spec\.resourceAttributes is missing/,
  );
});

test("broken bodies are answered or refused in words", () => {
  const random = seededRandom(11);
  const values: readonly unknown[] = [
    null,
    0,
    "",
    "x".repeat(10_000),
    [],
    {},
    true,
    { verb: [] },
    "*",
    "constructor",
    "__proto__",
  ];
  const any = (): unknown => values[Math.floor(random.next() * values.length)];
  for (let round = 0; round < 500; round++) {
    const attributes = {
      verb: any(),
      group: any(),
      resource: any(),
      subresource: any(),
      namespace: any(),
      name: any(),
    };
    const spec =
      random.next() < 0.1 ? any() : { namespace: any(), resourceAttributes: random.next() < 0.1 ? any() : attributes };
    for (const [resource, kind] of [
      ["selfsubjectaccessreviews", "SelfSubjectAccessReview"],
      ["selfsubjectrulesreviews", "SelfSubjectRulesReview"],
    ] as const) {
      const body = { apiVersion: "authorization.k8s.io/v1", kind, spec };
      try {
        const { object } = answerReview(
          builtInGroups,
          caller("orch:editors"),
          `${resource}.authorization.k8s.io`,
          body,
        );
        assert.equal(typeof object.status, "object");
      } catch (thrown) {
        assert.ok(Problem.is(thrown, "invalid"), String(thrown));
      }
    }
  }
});
