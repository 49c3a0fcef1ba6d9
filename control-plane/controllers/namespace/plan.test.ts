import assert from "node:assert/strict";
import { test } from "node:test";
import type { Namespace } from "../model/kinds.ts";
import { aNamespace, aPod } from "../objects.fixture.ts";
import { plan } from "./plan.ts";

const nowMs = Date.UTC(2026, 0, 1);
const leaving = (change: Partial<Namespace> = {}): Namespace =>
  aNamespace("shop", { ...change, metadata: { name: "shop", deletionTimestamp: "2026-01-01T00:00:00Z" } });
const pod = (name: string, more: object = {}) => {
  const object = aPod(name);
  return { resource: "pods", object: { ...object, metadata: { ...object.metadata, ...more } } };
};

test("a namespace that stays is left alone", () => {
  assert.deepEqual(plan({ namespace: aNamespace("shop"), contents: [pod("a")] }, nowMs).steps, []);
});

test("contents are deleted once, and what remains is told", () => {
  const contents = [
    pod("a"),
    pod("b", { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["example.com/backup"] }),
  ];
  const { steps } = plan({ namespace: leaving(), contents }, nowMs);
  assert.deepEqual(
    steps.flatMap((step) => (step.kind === "delete" ? [step.object.metadata.name] : [])),
    ["a"],
  );
  const update = steps.find((step) => step.kind === "update");
  const { status } = (update?.kind === "update" ? update.object : undefined) as Namespace;
  assert.deepEqual(
    status?.conditions?.map((one) => one.message),
    [
      "Some resources are remaining: pods has 2 resource instances",
      "Some content in the namespace has finalizers remaining: example.com/backup in 1 resource instances",
    ],
  );
});

test("an empty one goes, unless somebody else's finalizer holds it", () => {
  assert.equal(
    plan({ namespace: leaving({ spec: { finalizers: ["kubernetes"] } }), contents: [] }, nowMs).steps[0]?.kind,
    "delete",
  );
  const [step] = plan(
    { namespace: leaving({ spec: { finalizers: ["kubernetes", "example.com/x"] } }), contents: [] },
    nowMs,
  ).steps;
  assert.ok(step?.kind === "update");
  assert.deepEqual((step.object as unknown as Namespace).spec?.finalizers, ["example.com/x"]);
});
