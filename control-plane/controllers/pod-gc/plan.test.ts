import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "../model/kinds.ts";
import { aPod } from "../objects.fixture.ts";
import { plan } from "./plan.ts";

const removed = (pods: readonly Pod[], threshold = 10): readonly string[] =>
  plan({ pods, hasNode: (name) => name === "n1", threshold }).steps.flatMap((step) =>
    step.kind === "delete" ? [`${step.object.metadata.name}${step.now ? " now" : ""}`] : [],
  );

const on = (name: string, nodeName: string): Pod => aPod(name, { spec: { containers: [], nodeName } });

test("pods of a node that is no more are removed, others stay", () => {
  assert.deepEqual(removed([on("a", "n1"), on("b", "deleted"), aPod("c")]), ["b now"]);
});

test("a terminating pod that never had a node is removed", () => {
  const pod = aPod("a");
  assert.deepEqual(removed([{ ...pod, metadata: { ...pod.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } }]), [
    "a now",
  ]);
});

test("of finished pods the oldest go when there are too many", () => {
  const done = (name: string, creationTimestamp: string): Pod => {
    const pod = aPod(name, { status: { phase: "Succeeded" } });
    return { ...pod, metadata: { ...pod.metadata, creationTimestamp } };
  };
  const pods = [
    done("new", "2026-01-03T00:00:00Z"),
    done("old", "2026-01-01T00:00:00Z"),
    done("mid", "2026-01-02T00:00:00Z"),
  ];
  assert.deepEqual(removed(pods, 2), ["old"]);
  assert.deepEqual(removed(pods, 3), []);
});
