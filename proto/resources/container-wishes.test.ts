import assert from "node:assert/strict";
import { test } from "node:test";
import { containerWishes, containerWishesAnnotation, wishOf, withWishes } from "./container-wishes.ts";
import { basePod, changed, checkCases } from "./rules/check.fixture.ts";

const annotated = (text: string) => ({ metadata: { name: "a", annotations: { [containerWishesAnnotation]: text } } });

test("wishes are read per container; what nobody wishes is to run", () => {
  const pod = annotated('{"a":{"state":"Stopped","graceSeconds":3},"b":{"restart":2}}');
  assert.deepEqual(wishOf(pod, "a"), { state: "Stopped", restart: 0, graceSeconds: 3 });
  assert.deepEqual(wishOf(pod, "b"), { state: "Running", restart: 2 });
  assert.deepEqual(wishOf(pod, "constructor"), { state: "Running", restart: 0 });
  assert.deepEqual(wishOf(undefined, "a"), { state: "Running", restart: 0 });
});

test("a change keeps other containers' wishes, and a wish for nothing leaves nothing", () => {
  const pod = annotated('{"a":{"state":"Paused"},"b":{"restart":2}}');
  const text = withWishes(pod, ["a"], (wish) => ({ ...wish, state: "Running" }));
  assert.deepEqual(JSON.parse(text ?? ""), { b: { state: "Running", restart: 2 } });
  const only = annotated('{"a":{"state":"Paused"}}');
  assert.equal(
    withWishes(only, ["a"], (wish) => ({ ...wish, state: "Running" })),
    undefined,
  );
});

test("what cannot be read is refused by the API and counts as no wish on a node", () => {
  const path = `metadata.annotations["${containerWishesAnnotation}"]`;
  const texts: readonly (readonly [string, RegExp | undefined])[] = [
    ['{"c":{"state":"Stopped"}}', undefined],
    ['{"c":{}}', undefined],
    ["stopped", /must be JSON/],
    ["[]", /must be a JSON object/],
    ['{"c":"Stopped"}', /c: must be an object/],
    ['{"c":{"state":"stopped"}}', /state must be one of Running, Stopped, Paused/],
    ['{"c":{"restart":-1}}', /restart must be/],
    ['{"c":{"restart":1.5}}', /restart must be/],
    ['{"c":{"graceSeconds":1e9}}', /graceSeconds must be/],
    ['{"c":{"signal":"a b"}}', /signal must be one/],
    ['{"c":{"colour":1}}', /`colour` is unknown/],
    ['{"x":{"state":"Stopped"}}', /has no container `x`/],
  ];
  for (const [text, message] of texts) {
    if (message !== undefined && !text.includes('"x"')) assert.deepEqual(containerWishes(annotated(text)), {}, text);
    const pod = changed(basePod, "metadata.annotations", { [containerWishesAnnotation]: text });
    checkCases(pod, [["spec.restartPolicy", "Always", message]]);
  }
  assert.ok(path);
});
