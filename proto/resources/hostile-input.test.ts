import assert from "node:assert/strict";
import { test } from "node:test";
import { type Random, seededRandom } from "../kit/random.ts";
import { exportedYaml, parseManifests, webYaml } from "./manifests.fixture.ts";
import type { KubeObject } from "./object.ts";
import { definitions, findDefinition, type ValidationMode } from "./registry.ts";
import { Findings } from "./schema/findings.ts";
import { read } from "./schema/read.ts";

const modes: readonly ValidationMode[] = ["strict", "warn", "ignore"];

function nested(depth: number): unknown {
  let value: unknown = "x";
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { spec: value };
  return value;
}

const hostile: readonly (readonly [string, unknown])[] = [
  ["null", null],
  ["undefined", undefined],
  ["a number", 5],
  ["text", "apiVersion: v1"],
  ["a list", [[[]]]],
  ["nothing", {}],
  [
    "__proto__ everywhere",
    JSON.parse('{"__proto__":{"a":1},"metadata":{"__proto__":{},"labels":{"__proto__":"x","constructor":"y"}}}'),
  ],
  ["10,000 levels in place of the object", nested(10_000)],
  ["10,000 levels in spec", { metadata: { name: "a" }, spec: nested(10_000) }],
  [
    "10,000 levels in a freeform field",
    { metadata: { name: "a", managedFields: [{ fieldsV1: { a: nested(10_000) } }] } },
  ],
  ["10 MB of text", { metadata: { name: "x".repeat(10_000_000) } }],
  ["a 1 MB key", { ["k".repeat(1_000_000)]: 1, metadata: { labels: { ["k".repeat(1_000_000)]: "v" } } }],
  ["100,000 wrong containers", { spec: { containers: Array.from({ length: 100_000 }, () => 5) } }],
  ["100,000 unknown fields", Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`f${i}`, i]))],
  ["a getter that would throw is never on JSON, but holes are", { spec: { containers: Array(3) } }],
];

for (const definition of definitions) {
  test(`${definition.kind}: hostile input becomes causes, never a throw`, () => {
    for (const [name, input] of hostile) {
      for (const mode of modes) {
        const { causes } = definition.validate(input, { mode });
        assert.ok(causes.length > 0, name);
        assert.ok(causes.length <= 101, name);
        for (const cause of causes) {
          assert.ok(cause.message.length < 500, name);
          assert.ok((cause.path ?? "").length < 1000, name);
        }
      }
      if (typeof input === "object" && input !== null) definition.applyDefaults(input as KubeObject);
    }
    assert.equal(({} as Record<string, unknown>).a, undefined, "no prototype was changed");
  });
}

const junk: readonly unknown[] = [
  null,
  0,
  -1,
  1.5,
  1e300,
  "",
  "x",
  "é\u0000",
  true,
  [],
  {},
  [null],
  [[]],
  { a: 1 },
  "9".repeat(400),
];

/** Replaces, removes, adds or doubles something at a random place. */
function mutate(value: unknown, random: Random): unknown {
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random.next() * list.length)];
  if (typeof value !== "object" || value === null || random.next() < 0.05) return pick(junk);
  if (Array.isArray(value)) {
    if (value.length === 0 || random.next() < 0.2) return [...value, pick(junk)];
    const i = Math.floor(random.next() * value.length);
    return random.next() < 0.1 ? [...value, value[i]] : value.with(i, mutate(value[i], random));
  }
  const source = value as Record<string, unknown>;
  const key = pick(Object.keys(source));
  if (key === undefined || random.next() < 0.05)
    return { ...source, [pick(["x", "name", "toString"]) ?? "x"]: pick(junk) };
  const { [key]: chosen, ...rest } = source;
  return random.next() < 0.1 ? rest : { ...rest, [key]: mutate(chosen, random) };
}

test("seeded damage to real manifests never throws, and what passes passes again as it was stored", () => {
  const manifests = [...parseManifests(webYaml), ...parseManifests(exportedYaml)];
  let passed = 0;
  for (let seed = 1; seed <= 3000; seed++) {
    const random = seededRandom(seed);
    const original = manifests[seed % manifests.length];
    assert.ok(original);
    const definition = findDefinition({ apiVersion: original.apiVersion, kind: original.kind });
    assert.ok(definition);
    let damaged: unknown = original;
    for (let i = 0; i <= random.next() * 3; i++) damaged = mutate(damaged, random);
    if (typeof damaged !== "object" || damaged === null) continue;
    const filled = definition.applyDefaults(damaged as KubeObject);
    const { causes } = definition.validate(filled, { mode: "strict", previous: definition.applyDefaults(original) });
    if (causes.length > 0) continue;
    passed++;
    const stored = JSON.parse(JSON.stringify(filled)) as KubeObject;
    assert.deepEqual(definition.validate(stored, { mode: "strict" }).causes, [], `seed ${seed}`);
    assert.deepEqual(definition.applyDefaults(stored), stored, `seed ${seed}`);
  }
  assert.ok(passed > 50, `too few survive to mean anything: ${passed}`);
});

test("the walk and zod judge the shape of what was read alike", () => {
  const manifests = parseManifests(webYaml).concat(parseManifests(exportedYaml));
  for (let seed = 1; seed <= 1500; seed++) {
    const random = seededRandom(seed);
    const original = manifests[seed % manifests.length];
    assert.ok(original);
    const definition = findDefinition({ apiVersion: original.apiVersion, kind: original.kind });
    assert.ok(definition);
    const damaged = mutate(original, random);
    const findings = new Findings();
    const clean = read(definition.type, damaged, findings, { unknown: "ignore", defaults: true, levels: false });
    const parsed = definition.schema.safeParse(clean);
    const onlyShape = findings.causes.every(
      (cause) => !/not a quantity|not a time|base64|reserved/.test(cause.message),
    );
    if (onlyShape)
      assert.equal(parsed.success, findings.causes.length === 0, `seed ${seed}: ${JSON.stringify(findings.causes)}`);
  }
});
