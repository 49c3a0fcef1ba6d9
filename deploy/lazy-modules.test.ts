import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { lazyModule } from "./lazy-modules.ts";

interface Loaded {
  readonly module: { readonly exports: Record<string, unknown> };
  readonly loads: () => number;
}

function moduleOf(exported: object): Loaded {
  let loads = 0;
  const load = (): object => {
    loads += 1;
    return exported;
  };
  const module = { exports: {} };
  runInNewContext(lazyModule("load()"), { module, load });
  return { module, loads: () => loads };
}

test("a module is loaded when something of it is asked for, and once", () => {
  const { module, loads } = moduleOf({ one: 1, two: () => 2 });
  assert.equal(loads(), 0);
  assert.deepEqual(
    [module.exports.one, (module.exports.two as () => number)(), module.exports.three],
    [1, 2, undefined],
  );
  assert.equal(loads(), 1);
});

test("what a bundler does on importing it, copying its own names beneath its prototype, loads nothing and finds everything", () => {
  const { module, loads } = moduleOf({ one: 1 });
  assert.deepEqual([Object.getOwnPropertyNames(module.exports), module.exports.__esModule], [[], undefined]);
  const imported = Object.create(Object.getPrototypeOf(module.exports));
  assert.equal(loads(), 0);
  assert.equal(imported.one, 1);
});
