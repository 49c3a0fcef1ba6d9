import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonOf } from "./json.ts";
import { columnWidths, renderLines, renderTable, visible, width } from "./table.ts";
import { yamlOf } from "./yaml.ts";

test("columns line up, and lines end with their last word", () => {
  assert.equal(
    renderTable(
      ["NAME", "STATUS", "AGE"],
      [
        ["web", "Running", "5s"],
        ["database", "Pending", ""],
      ],
    ),
    "NAME       STATUS    AGE\nweb        Running   5s\ndatabase   Pending\n",
  );
  assert.equal(renderTable(["A", "B"], [["1", "2"]], { headers: false }), "1   2\n");
  assert.equal(renderTable([], []), "\n");
});

test("wide characters count two columns, combining ones none", () => {
  assert.equal(width("web"), 3);
  assert.equal(width("日本"), 4);
  assert.equal(width("🚀"), 2);
  assert.equal(width("e\u0301"), 1);
  const [first = "", second = ""] = renderTable(
    ["N", "X"],
    [
      ["日本", "1"],
      ["four", "2"],
    ],
    { headers: false },
  ).split("\n");
  assert.equal(width(first), width(second));
});

test("a line that comes later keeps the columns, and pushes where it does not fit", () => {
  const widths = columnWidths([
    ["NAME", "AGE"],
    ["web", "1s"],
  ]);
  assert.equal(renderLines([["a", "2s"]], widths), "a      2s\n");
  assert.equal(renderLines([["much-longer", "2s"]], widths), "much-longer   2s\n");
});

test("no cell reaches the terminal as a command: escape sequences, titles, 8-bit controls, direction of text", () => {
  assert.equal(visible("a\u001b[2Jb"), "a\\x1b[2Jb");
  assert.equal(visible("\u001b]0;title\u0007"), "\\x1b]0;title\\x07");
  assert.equal(visible("\u009b31m"), "\\x9b31m");
  assert.equal(visible("a\r\nb\tc"), "a\\x0d\\nb c");
  assert.equal(visible("user\u202eexe"), "user\\u202eexe");
  assert.equal(visible("zwölf 日本 🚀"), "zwölf 日本 🚀");
  for (const hostile of ["\u001b[2J", "\u009b2J", "\u007f", "\u2028"]) {
    const table = renderTable(["NAME"], [[`x${hostile}`]]);
    assert.doesNotMatch(table, /[^\P{Cc}\n]|\u2028/u);
  }
});

test("JSON and YAML hold no raw control characters, and read back as they were", async () => {
  const value = { a: "\u001b[2J\u009b\u007f\u2028\u202e", b: "plain", c: "two\nlines\u0085" };
  const { parseYaml } = await import("../context/parse-yaml.ts");
  for (const [text, read] of [
    [jsonOf(value), (json: string): unknown => JSON.parse(json)],
    [yamlOf(value), (yaml: string): unknown => parseYaml(yaml)],
  ] as const) {
    assert.doesNotMatch(text, /[^\P{Cc}\n]|[\u2028\u202e]/u);
    assert.deepEqual(read(text), value);
  }
});
