import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAge, formatDuration } from "./duration.ts";

test("durations are rounded as kubectl does", () => {
  const second = 1000;
  const minute = 60 * second;
  const hour = 60 * minute;
  const day = 24 * hour;
  const table: readonly (readonly [number, string])[] = [
    [-5 * second, "<invalid>"],
    [-1, "0s"],
    [0, "0s"],
    [999, "0s"],
    [119 * second, "119s"],
    [120 * second, "2m"],
    [200 * second, "3m20s"],
    [10 * minute + 5 * second, "10m"],
    [179 * minute, "179m"],
    [3 * hour, "3h"],
    [3 * hour + 5 * minute, "3h5m"],
    [8 * hour + 5 * minute, "8h"],
    [47 * hour, "47h"],
    [48 * hour, "2d"],
    [50 * hour, "2d2h"],
    [8 * day + 2 * hour, "8d"],
    [729 * day, "729d"],
    [730 * day, "2y"],
    [(3 * 365 + 5) * day, "3y5d"],
    [9 * 365 * day + 5 * day, "9y"],
    [Number.NaN, "<invalid>"],
  ];
  for (const [ms, expected] of table) assert.equal(formatDuration(ms), expected, String(ms));
});

test("an age is told from a stamp; without a readable one it is unknown, from the future it is 0", () => {
  const now = Date.UTC(2026, 0, 1, 0, 1);
  assert.equal(formatAge("2026-01-01T00:00:00Z", now), "60s");
  assert.equal(formatAge("2027-01-01T00:00:00Z", now), "0s");
  assert.equal(formatAge(undefined, now), "<unknown>");
  assert.equal(formatAge("soon", now), "<unknown>");
});
