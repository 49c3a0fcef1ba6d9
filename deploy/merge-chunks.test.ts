import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import { type BuildOptions, build } from "esbuild";
import { mergeChunks } from "./merge-chunks.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** main loads program, which loads one of two commands; both count in the same module, and one has a helper that the other shares. */
const sources: Record<string, string> = {
  "main.mjs": `import { said } from "./early.mjs"; const { run } = await import("./program.mjs"); export const ran = run; export const early = said;`,
  "early.mjs": `export const said = [];`,
  "program.mjs": `import { said } from "./early.mjs"; import { counted } from "./counter.mjs";
export async function run(name) { said.push(name); counted(); return name === "hot" ? (await import("./hot.mjs")).hot() : (await import("./cold.mjs")).cold(); }`,
  "counter.mjs": `let count = 0; export function counted() { count += 1; return count; }`,
  "shared.mjs": `import { counted } from "./counter.mjs"; export let last = 0; export function shared() { last = counted(); return last; }`,
  "hot.mjs": `import { shared } from "./shared.mjs"; export const hot = () => shared();`,
  "cold.mjs": `import { shared, last } from "./shared.mjs"; export const cold = () => [shared(), last];`,
};

async function built(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "orch-merge-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(sources)) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  const options = { absWorkingDir: folder, bundle: true, platform: "node", format: "esm" } satisfies BuildOptions;
  const { metafile } = await build({
    ...options,
    entryPoints: { main: "main.mjs" },
    outdir: join(folder, "out"),
    chunkNames: "parts/[hash]",
    splitting: true,
    metafile: true,
  });
  const files = [
    { name: "program", source: "program.mjs" },
    { name: "hot", source: "hot.mjs" },
  ];
  await mergeChunks({ metafile, root: folder, entry: "main.mjs", files, options });
  return join(folder, "out");
}

test("parts that are loaded together become one file, and every module still has one instance", async () => {
  const out = await built();
  const { ran, early } = await import(join(out, "main.js"));
  assert.equal(await ran("hot"), 2);
  // A part that was not merged takes the shared modules from where they went, live bindings too.
  assert.deepEqual(await ran("cold"), [4, 4]);
  assert.deepEqual(early, ["hot", "cold"]);
});

test("a file holds what its module needs, less what an earlier one or the first module has", async () => {
  const parts = join(await built(), "parts");
  const program = readFileSync(join(parts, "program.js"), "utf8");
  const hot = readFileSync(join(parts, "hot.js"), "utf8");
  assert.match(program, /count \+= 1/);
  assert.doesNotMatch(program, /said = \[\]/);
  assert.match(hot, /last = _\w+_counted\(\)/);
  assert.doesNotMatch(hot, /count \+= 1/);
});
