import assert from "node:assert/strict";
import { test } from "node:test";
import { InvalidArgumentError } from "commander";
import { parseCount, parseDuration } from "./program-options.ts";

test("durations", () => {
  const cases: Readonly<Record<string, number>> = {
    ...{
      "30s": 30_000,
      "5m": 300_000,
      "1h30m": 5_400_000,
      "500ms": 500,
      "2": 2000,
      "0": 0,
      "1.5s": 1500,
      "1d": 86_400_000,
    },
  };
  for (const [text, ms] of Object.entries(cases)) assert.equal(parseDuration(text), ms, text);
  for (const text of ["", "s", "5x", "-1s", "1s ", "1h-2m", "five", "1m2"])
    assert.throws(() => parseDuration(text), InvalidArgumentError, text);
});

test("counts", () => {
  assert.equal(parseCount(0)("0"), 0);
  for (const text of ["-1", "1.5", "", "x", "1e3", "0x10"])
    assert.throws(() => parseCount(0)(text), InvalidArgumentError, text);
  assert.throws(() => parseCount(1)("0"), /at least 1/);
});
