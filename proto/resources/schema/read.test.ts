import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accepted,
  choice,
  flag,
  integer,
  list,
  map,
  nodeOf,
  object,
  quantity,
  refused,
  required,
  text,
  works,
} from "./fields.ts";
import { Findings } from "./findings.ts";
import { type ReadOptions, read } from "./read.ts";

const item = object("Item", () => ({
  name: required(text()),
  size: works(quantity()),
  shape: works(choice("round", "square")),
}));
const thing = object("Thing", () => ({
  count: works(integer(0), { default: 3 }),
  items: works(list(item)),
  labels: works(map(text())),
  nested: works(
    object("Nested", () => ({ on: works(flag(), { default: true }) })),
    { default: {} },
  ),
  old: accepted(text(), "nobody reads it", { harmless: ["x"] }),
  strange: refused(flag(), "it is not built yet"),
  lists: refused(list(text()), "lists are not built yet"),
}));

function readThing(input: unknown, options: Partial<ReadOptions> = {}) {
  const findings = new Findings();
  const value = read(nodeOf(thing), input, findings, { unknown: "strict", defaults: true, levels: true, ...options });
  return {
    value,
    warnings: findings.warnings,
    causes: findings.causes.map(({ path, message }) => `${path}: ${message}`),
  };
}

test("defaults fill what is absent, also inside a default", () => {
  assert.deepEqual(readThing({}), { value: { count: 3, nested: { on: true } }, warnings: [], causes: [] });
  assert.deepEqual(readThing({ count: null, nested: { on: false } }).value, { count: 3, nested: { on: false } });
  assert.deepEqual(readThing({}, { defaults: false }).value, {});
});

test("quantities become canonical, numbers too", () => {
  const { value } = readThing(
    {
      items: [
        { name: "a", size: 0.5 },
        { name: "b", size: "1024Mi" },
      ],
    },
    { defaults: false },
  );
  assert.deepEqual(value, {
    items: [
      { name: "a", size: "500m" },
      { name: "b", size: "1Gi" },
    ],
  });
});

test("each wrong place is told by its path", () => {
  const { causes } = readThing({
    count: -1,
    items: [{ size: "big" }, "x", { name: "c", shape: "rund" }],
    labels: { "a/b": 1 },
    extra: 1,
  });
  assert.deepEqual(causes, [
    "count: must not be negative",
    "items[0].size: `big` is not a quantity: write as `500m`, `1.5`, `128Mi` or `2G`",
    "items[0].name: is required",
    "items[1]: must be an object, not the text `x`",
    "items[2].shape: must be one of `round`, `square`, not `rund`; did you mean `round`?",
    'labels["a/b"]: must be text, not the number 1: write it in quotes, as "1"',
    "extra: unknown field",
  ]);
});

test("levels: refused is a cause, accepted one warning, harmless values pass in silence", () => {
  assert.deepEqual(readThing({ strange: true }).causes, ["strange: refused: it is not built yet"]);
  assert.deepEqual(readThing({ strange: false, lists: [], old: "x" }), {
    value: { strange: false, lists: [], old: "x", count: 3, nested: { on: true } },
    warnings: [],
    causes: [],
  });
  assert.deepEqual(readThing({ old: "y" }).warnings, ["old: has no effect: nobody reads it"]);
  assert.deepEqual(readThing({ old: "y", strange: true }, { levels: false }).causes, []);
});

test("unknown fields: refused, warned about, dropped or kept", () => {
  const input = { conut: 1, count: 1 };
  const options = { defaults: false } as const;
  assert.deepEqual(readThing(input, options).causes, ["conut: unknown field; did you mean `count`?"]);
  const warned = readThing(input, { ...options, unknown: "warn" });
  assert.deepEqual(warned.warnings, ["conut: unknown field; did you mean `count`?; it is dropped"]);
  assert.deepEqual(warned.value, { count: 1 });
  assert.deepEqual(readThing(input, { ...options, unknown: "ignore" }), {
    value: { count: 1 },
    warnings: [],
    causes: [],
  });
  assert.deepEqual(readThing(input, { ...options, unknown: "keep" }).value, input);
});

test("a __proto__ key is refused in maps and never reaches a prototype", () => {
  const { value, causes } = readThing(JSON.parse('{"labels":{"__proto__":"x"},"__proto__":{"polluted":1}}'), {
    unknown: "keep",
  });
  assert.deepEqual(causes, ["labels.__proto__: this key is reserved"]);
  assert.equal((value as { polluted?: number }).polluted, undefined);
});
