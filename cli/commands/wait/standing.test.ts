import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject } from "#proto/resources/object.ts";
import { standing } from "./standing.ts";

const object = (metadata: object, conditions?: readonly object[]): KubeObject =>
  ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "a", ...metadata },
    ...(conditions && { status: { conditions } }),
  }) as KubeObject;

test("who waited in vain is told how it is", () => {
  const ready = { type: "Ready", status: "False", message: "containers with unready status: [main]" };
  const deletionTimestamp = "2026-01-01T00:00:00Z";
  const table: readonly (readonly [KubeObject | undefined, readonly string[], string])[] = [
    [undefined, ["condition=Ready"], ""],
    [object({}), ["condition=Ready"], "it has no conditions yet"],
    [object({}, [ready]), ["condition=ready=True"], "Ready is False (containers with unready status: [main])"],
    [object({}, [ready]), ["condition=Nope"], "it has the conditions Ready=False"],
    [object({}), ["delete"], "nobody has deleted it"],
    [object({ deletionTimestamp }), ["delete"], "it is being deleted"],
    [object({ deletionTimestamp, finalizers: ["a/b"] }), ["delete"], "it waits for its finalizers a/b"],
    [object({}), ["jsonpath={.status.phase}=Running"], ""],
  ];
  for (const [one, wanted, words] of table) assert.equal(standing(one, wanted), words);
});
