import assert from "node:assert/strict";
import { test } from "node:test";
import { signalNumber } from "./stop-signal.ts";

test("signals are read by name, number and real-time offset; what cannot be read is SIGTERM", () => {
  const cases: readonly (readonly [string | undefined, number])[] = [
    [undefined, 15],
    ["", 15],
    ["SIGTERM", 15],
    ["QUIT", 3],
    ["sigwinch", 28],
    ["9", 9],
    ["SIGRTMIN", 34],
    ["SIGRTMIN+3", 37],
    ["SIGRTMAX-1", 63],
    ["SIGNOPE", 15],
    ["0", 15],
    ["99", 15],
    ["SIGRTMAX+1", 15],
  ];
  for (const [text, expected] of cases) assert.equal(signalNumber(text), expected, String(text));
});
