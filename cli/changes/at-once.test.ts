import assert from "node:assert/strict";
import { test } from "node:test";
import { settledInOrder } from "./at-once.ts";

test("outcomes come in the items' order, failures among them, with a bounded number under way", async () => {
  let underWay = 0;
  let most = 0;
  const gates = [0, 1, 2, 3, 4].map(() => Promise.withResolvers<void>());
  const work = async (item: number): Promise<string> => {
    most = Math.max(most, ++underWay);
    await gates[item]?.promise;
    underWay--;
    if (item === 3) throw new Error("no");
    return `did ${item}`;
  };
  for (const gate of gates.toReversed()) gate.resolve();
  const told: string[] = [];
  for await (const settled of settledInOrder([0, 1, 2, 3, 4], 2, work))
    told.push(settled.done ? settled.result : `failed ${settled.item}: ${String(settled.thrown)}`);
  assert.deepEqual(told, ["did 0", "did 1", "did 2", "failed 3: Error: no", "did 4"]);
  assert.equal(most, 2);
});

test("whoever leaves the loop starts no more", async () => {
  const started: number[] = [];
  const work = async (item: number): Promise<void> => void started.push(item);
  for await (const { item } of settledInOrder([0, 1, 2, 3, 4, 5], 2, work)) if (item === 1) break;
  assert.deepEqual(started, [0, 1, 2, 3]);
  for await (const settled of settledInOrder([], 2, work)) assert.fail(JSON.stringify(settled));
});
