import assert from "node:assert/strict";
import { test } from "node:test";
import { Command } from "commander";
import { withPlainBooleans } from "./written-booleans.ts";

const program = new Command("x").option("-n, --namespace <name>");
program
  .command("delete")
  .option("--ignore-not-found")
  .option("--no-wait")
  .option("--cascade <how>")
  .option("--dry-run [where]");
program.command("exec").option("--quiet");
const nested = program.command("rollout");
nested.command("status").option("--no-watch");

const cases: readonly (readonly [string, string])[] = [
  ["delete pod a --ignore-not-found=true --wait=false", "delete pod a --ignore-not-found --no-wait"],
  ["delete pod a --ignore-not-found=false --wait=true", "delete pod a"],
  ["-n delete delete --wait=false", "-n delete delete --no-wait"],
  ["delete --cascade=true --dry-run=true --unknown=true", "delete --cascade=true --dry-run=true --unknown=true"],
  ["delete -- --wait=false", "delete -- --wait=false"],
  ["exec --quiet=true pod server --quiet=true", "exec --quiet pod server --quiet=true"],
  ["rollout status web --watch=false", "rollout status web --no-watch"],
];

test("flags that are on or off may be written as kubectl's scripts write them", () => {
  for (const [given, wanted] of cases)
    assert.deepEqual(withPlainBooleans(program, given.split(" ")), wanted.split(" "), given);
});
