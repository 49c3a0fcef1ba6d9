/** Pages that are written from the code say what the code says. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { levelTables } from "#proto/resources/level-table.ts";
import { definitions } from "#proto/resources/registry.ts";
import { readSources } from "./source-files.ts";

const root = join(import.meta.dirname, "../..");

test("the fields that docs/differences.md lists are those of the schemas (node deploy/docs.ts writes them)", () => {
  const page = readFileSync(join(root, "docs/differences.md"), "utf8");
  assert.ok(page.endsWith(`\n\n${levelTables(definitions)}`), "run: node deploy/docs.ts");
});

test("docs/cli.md names every exit code and every command", async () => {
  const page = readFileSync(join(root, "docs/cli.md"), "utf8");
  const { exitCodes } = await import("#cli/exit-codes.ts");
  for (const code of Object.values(exitCodes)) assert.match(page, new RegExp(`^\\| ${code} \\|`, "m"));
  const { allCommands } = await import("#cli/all-commands.ts");
  const names = Object.keys(allCommands);
  assert.ok(names.length > 20);
  for (const name of names) assert.match(page, new RegExp(`\\b${name}\\b`), name);
});

test("docs/metrics.md names every metric, and no other", () => {
  const page = readFileSync(join(root, "docs/metrics.md"), "utf8");
  const tables = page.slice(0, page.indexOf("## Alerts"));
  const named = new Set([...tables.matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].map((match) => match[1] ?? ""));
  const made = new Set<string>();
  for (const { isTest, text } of readSources()) {
    if (isTest) continue;
    for (const [, name = ""] of text.matchAll(madeMetric)) made.add(name);
  }
  assert.ok(made.size > 30);
  assert.deepEqual([...made].filter((name) => !named.has(name)).sort(), [], "are not documented");
  assert.deepEqual([...named].filter((name) => !made.has(name)).sort(), [], "are not there");
});

/** A call that makes a metric, with its name. */
const madeMetric = /metrics\.(?:counter|gauge|histogram|observed)\(\s*(?:"(?:counter|gauge)",\s*)?"([a-z_]+)"/g;

test("every file that docs/invariants.md names is there", () => {
  const page = readFileSync(join(root, "docs/invariants.md"), "utf8");
  const named = [...page.matchAll(/`([a-z-]+\/[a-z0-9/.-]+\.ts)`/g)].map((match) => match[1] ?? "");
  assert.ok(named.length > 40);
  assert.deepEqual(
    named.filter((path) => !existsSync(join(root, path))),
    [],
  );
});

test("the programs and package.json say the same version", async () => {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { readonly version: string };
  const { version } = await import("#proto/kit/version.ts");
  assert.equal(version, manifest.version);
});
