import assert from "node:assert/strict";
import { test } from "node:test";
import { oneAhead } from "./one-ahead.ts";

test("all pieces in their order, each asked for while the one before is used", async () => {
  const asked: number[] = [];
  async function* numbers(): AsyncGenerator<number, void, undefined> {
    for (let at = 0; at < 3; at++) {
      asked.push(at);
      yield at;
    }
  }
  const seen: (readonly [number, number])[] = [];
  for await (const piece of oneAhead(numbers())) seen.push([piece, asked.length]);
  assert.deepEqual(seen, [
    [0, 2],
    [1, 3],
    [2, 3],
  ]);
});

test("what the source fails with comes behind the pieces before it", async () => {
  async function* failing(): AsyncGenerator<string, void, undefined> {
    yield "one";
    throw new Error("no more");
  }
  const seen: string[] = [];
  await assert.rejects(async () => {
    for await (const piece of oneAhead(failing())) seen.push(piece);
  }, /no more/);
  assert.deepEqual(seen, ["one"]);
});

test("a reader that leaves does not wait for a source that is stuck; the source ends when it can", async () => {
  const stuck = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  async function* hanging(): AsyncGenerator<string, void, undefined> {
    try {
      yield "one";
      await stuck.promise;
      yield "two";
    } finally {
      ended.resolve();
    }
  }
  for await (const piece of oneAhead(hanging())) {
    assert.equal(piece, "one");
    break;
  }
  stuck.resolve();
  await ended.promise;
});
