import assert from "node:assert/strict";
import { test } from "node:test";
import { type FlagTable, flagLines, flagOptions } from "./flags.ts";

const flags: FlagTable = {
  name: { type: "string", value: "NAME", help: "whose" },
  label: { type: "string", multiple: true, value: "KEY=VALUE", help: "may be repeated" },
  help: { type: "boolean", value: "", help: "this text" },
};

test("options say type and repetition", () => {
  assert.deepEqual(flagOptions(flags), {
    name: { type: "string" },
    label: { type: "string", multiple: true },
    help: { type: "boolean" },
  });
});

test("help lines up", () => {
  assert.equal(
    flagLines(flags),
    "  --name NAME        whose\n  --label KEY=VALUE  may be repeated\n  --help             this text\n",
  );
});
