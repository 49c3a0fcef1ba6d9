import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "#proto/resources/event.ts";
import { oldestFirst } from "./run.ts";

const event = (reason: string, lastTimestamp: string, resourceVersion: string): Event =>
  ({ metadata: { name: reason, resourceVersion }, involvedObject: {}, reason, lastTimestamp }) as Event;

test("events come oldest first, those of one second in the order in which they were told", () => {
  const second = "2026-01-01T00:00:01Z";
  const shuffled = [
    event("Started", second, "1025"),
    event("Killing", "2026-01-01T00:00:02Z", "1500"),
    event("Created", second, "999"),
    event("Scheduled", "2026-01-01T00:00:00Z", "2000"),
  ];
  assert.deepEqual(
    oldestFirst(shuffled).map(({ reason }) => reason),
    ["Scheduled", "Created", "Started", "Killing"],
  );
});
