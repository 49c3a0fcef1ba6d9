import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import { Script } from "node:vm";
import { orchctlFlags } from "./node-flags.ts";
import { compiled } from "./quick-commands.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const text = "(function () { function never() { return 'not called'; } return typeof never; })";

/** What a Node with these flags says of the code. */
function isTakenWith(flags: string, code: Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), "orch-quick-"));
  folders.push(folder);
  writeFileSync(join(folder, "text"), text);
  writeFileSync(join(folder, "code"), code);
  writeFileSync(
    join(folder, "take.cjs"),
    `const { readFileSync } = require("node:fs"); const { Script } = require("node:vm");
const script = new Script(readFileSync(__dirname + "/text", "latin1"), { cachedData: readFileSync(__dirname + "/code") });
process.stdout.write(JSON.stringify([!script.cachedDataRejected, script.runInThisContext()()]));`,
  );
  return execFileSync(process.execPath, [...flags.split(" "), join(folder, "take.cjs")], { encoding: "utf8" });
}

test("the flags that orchctl is started with let V8 take the code of the build", () => {
  assert.equal(isTakenWith(orchctlFlags, compiled(text, "text")), '[true,"function"]');
});

test("code that is cut off, or of a Node with other flags, is refused, and the text compiled", () => {
  const code = compiled(text, "text");
  for (const bad of [code.subarray(0, code.length / 2), Buffer.alloc(0)])
    assert.equal(isTakenWith(orchctlFlags, bad), '[false,"function"]');
  assert.equal(isTakenWith(`${orchctlFlags} --jitless`, code), '[false,"function"]');
});

test("functions that were never called are in the code", () => {
  // V8 remembers what it has compiled by its text.
  const lazily = new Script(`${text}\n`, { filename: "text" }).createCachedData();
  assert.ok(compiled(`${text}\n\n`, "text").length > lazily.length);
});
