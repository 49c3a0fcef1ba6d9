/** What holds after any sequence of applies and updates by any managers, over random objects from a fixed seed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Random, seededRandom } from "#proto/kit/random.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { findDefinition } from "#proto/resources/registry.ts";
import { jsonEqual } from "../patch/json.ts";
import { applyConfiguration } from "./apply.ts";
import { difference, emptySet, type FieldSet, intersection, isEmptySet, paths, union } from "./field-set.ts";
import { compareFields, fieldsOf } from "./fields-of.ts";
import { ownable, readManagers, trackUpdate } from "./managers.ts";
import { mergeApplied } from "./merge.ts";

const definition = findDefinition("deployments.apps");
assert.ok(definition);
const { type } = definition;

const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random.next() * items.length)] as T;
const some = (random: Random): boolean => random.next() < 0.5;
const subset = <T>(random: Random, items: readonly T[]): T[] => items.filter(() => some(random));

/** A part of a Deployment: scalars, maps, sets, keyed lists within keyed lists, and what is replaced as a whole. */
function randomConfig(random: Random): KubeObject {
  const number = (): number => Math.floor(random.next() * 3);
  const containers = subset(random, ["a", "b", "c"]).map((name) => ({
    name,
    ...(some(random) && { image: `image-${number()}` }),
    ...(some(random) && { args: [`${number()}`] }),
    ...(some(random) && { env: subset(random, ["X", "Y"]).map((key) => ({ name: key, value: `${number()}` })) }),
    ...(some(random) && { ports: subset(random, [80, 81]).map((containerPort) => ({ containerPort })) }),
    ...(some(random) && { resources: {} }),
  }));
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: "web",
      namespace: "default",
      ...(some(random) && {
        labels: Object.fromEntries(subset(random, ["l", "m"]).map((key) => [key, `${number()}`])),
      }),
      ...(some(random) && { finalizers: subset(random, ["f/a", "f/b"]) }),
    },
    spec: {
      ...(some(random) && { replicas: number() }),
      ...(some(random) && { selector: { matchLabels: { app: `${number()}` } } }),
      ...(some(random) && { template: { spec: { ...(some(random) && { containers }) } } }),
    },
  };
}

const managers = ["ada", "bob", "eve"];
const writer = (name: string) => ({ name, subresource: "", time: "2026-01-01T00:00:00Z" });
const apply = (live: KubeObject | undefined, config: KubeObject, name: string): KubeObject =>
  applyConfiguration(live, config, { type, writer: writer(name), part: "main", force: true, describedAs: "it" });

/** Members of `set` below which `held` holds nothing. Fields by which an element is found go with their element. */
function* unheld(set: FieldSet, held: FieldSet, path = ""): Generator<string, void, undefined> {
  if (set.own && isEmptySet(held) && !/f:(name|containerPort)$/.test(path)) yield path;
  for (const [element, inner] of set.below) {
    yield* unheld(inner, held.below.get(element) ?? emptySet, `${path}/${element}`);
  }
}

function step(
  random: Random,
  live: KubeObject | undefined,
): { readonly after: KubeObject; readonly check: () => void } {
  const name = pick(random, managers);
  const config = randomConfig(random);
  if (live && random.next() < 0.3) {
    const changed = { ...config, metadata: { ...config.metadata, managedFields: live.metadata.managedFields } };
    const after = trackUpdate(type, live, changed as KubeObject, { writer: writer(name), part: "main" });
    return { after, check: () => undefined };
  }
  const after = apply(live, config, name);
  const applied = ownable(config, "main");
  const check = (): void => {
    const again = compareFields(type, ownable(after, "main"), mergeApplied(type, ownable(after, "main"), applied));
    assert.ok(isEmptySet(again.changed), `what was applied is there: ${[...paths(again.changed)]}`);
    assert.ok(jsonEqual(apply(after, config, name), after), "applying again changes nothing");
    const own = live && readManagers(live).find((entry) => entry.name === name && entry.operation === "Apply");
    const owned = readManagers(after).map(({ set }) => set);
    const held = owned.reduce(union, fieldsOf(type, applied));
    const dropped = own ? difference(own.set, held) : emptySet;
    const left = intersection(dropped, fieldsOf(type, ownable(after, "main")));
    assert.deepEqual([...unheld(left, held)], [], "what is no longer applied, and nobody else's, has left");
  };
  return { after, check };
}

test("applies and updates in any order keep what they promise", () => {
  for (let seed = 1; seed <= 150; seed++) {
    const random = seededRandom(seed);
    let live: KubeObject | undefined;
    for (let i = 0; i < 8; i++) {
      const { after, check } = step(random, live);
      try {
        check();
      } catch (thrown) {
        const message = thrown instanceof Error ? thrown.message : String(thrown);
        assert.fail(`seed ${seed}, step ${i}: ${message}\n${JSON.stringify({ live, after })}`);
      }
      live = after;
    }
  }
});

test("an object merged with itself, and compared with itself, is the same", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const object = ownable(randomConfig(seededRandom(seed)), "main");
    assert.deepEqual(mergeApplied(type, object, object), object);
    const { changed, removed } = compareFields(type, object, structuredClone(object));
    assert.ok(isEmptySet(changed) && isEmptySet(removed));
  }
});
