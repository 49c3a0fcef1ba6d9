import assert from "node:assert/strict";
import { test } from "node:test";
import { Command } from "commander";
import { asParsed } from "./command-line.ts";

const program = new Command("x").option("-n, --namespace <name>");
program
  .command("delete")
  .option("--ignore-not-found")
  .option("--no-wait")
  .option("--cascade <how>")
  .option("--dry-run [where]");
program.command("exec").option("--quiet").option("-c, --container <name>");
const nested = program.command("rollout");
nested.command("status").option("--no-watch");

const cases: readonly (readonly [string, string])[] = [
  ["delete pod a --ignore-not-found=true --wait=false", "delete pod a --ignore-not-found --no-wait"],
  ["delete pod a --ignore-not-found=false --wait=true", "delete pod a"],
  ["-n delete delete --wait=false", "-n delete delete --no-wait"],
  ["delete --cascade=true --dry-run=true --unknown=true", "delete --cascade=true --dry-run=true --unknown=true"],
  ["delete -- --wait=false", "delete -- --wait=false"],
  ["exec --quiet=true pod --quiet=true server", "exec --quiet pod --quiet -- server"],
  ["rollout status web --watch=false", "rollout status web --no-watch"],
];

const ownWords: readonly (readonly [string, string])[] = [
  ["exec pod ls -l --quiet=true", "exec pod -- ls -l --quiet=true"],
  ["exec pod -c side ls -l", "exec pod -c side -- ls -l"],
  ["-n shop exec --container=side pod sh -c x", "-n shop exec --container=side pod -- sh -c x"],
  ["exec pod -- ls -- -l", "exec pod -- ls -- -l"],
  ["exec pod", "exec pod"],
  ["delete pod a b --no-wait", "delete pod a b --no-wait"],
];

test("a container's command keeps its flags, with or without -- before it", () => {
  for (const [given, wanted] of ownWords)
    assert.deepEqual(asParsed(program, given.split(" ")), wanted.split(" "), given);
});

test("flags that are on or off may be written as kubectl's scripts write them", () => {
  for (const [given, wanted] of cases) assert.deepEqual(asParsed(program, given.split(" ")), wanted.split(" "), given);
});
