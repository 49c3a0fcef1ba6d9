import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { FirewallWatch } from "./firewall-watch.ts";

interface Bench {
  readonly watch: FirewallWatch;
  readonly told: (string | undefined)[];
  rules: () => Promise<string | undefined>;
  change(): void;
  pass(ms: number): Promise<void>;
}

function bench(isTold = true): Bench {
  const clock = new ManualClock();
  const told: (string | undefined)[] = [];
  let onChange = (): void => undefined;
  const made: Bench = {
    told,
    rules: async () => undefined,
    change: () => onChange(),
    pass: async (ms) => {
      clock.advance(ms);
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    },
    watch: new FirewallWatch({
      look: () => made.rules(),
      tell: (drops) => void told.push(drops),
      watch: (listener) => {
        if (!isTold) throw new Error("no netlink here");
        onChange = listener;
        return () => {
          onChange = () => undefined;
        };
      },
      clock,
      logger: silentLogger,
    }),
  };
  return made;
}

test("rules are looked at from the start, soon after a change, and once for many changes", async () => {
  const scene = bench();
  await scene.watch.start();
  assert.deepEqual(scene.told, [undefined]);
  scene.rules = async () => "chain x drops";
  await scene.pass(10_000);
  assert.equal(scene.told.length, 1, "no change, no look");
  for (let change = 0; change < 5; change++) scene.change();
  await scene.pass(500);
  assert.deepEqual(scene.told, [undefined, "chain x drops"]);
  scene.rules = async () => undefined;
  scene.change();
  await scene.pass(500);
  assert.equal(scene.told.length, 2, "a rest after each look");
  await scene.pass(5_000);
  assert.equal(scene.told.at(-1), undefined);
  await scene.watch.stop();
});

test("a change during a look is looked at after it; a failed look is made up for; stopped, nothing is looked at", async () => {
  const scene = bench();
  const slow = Promise.withResolvers<string | undefined>();
  scene.rules = () => slow.promise;
  const started = scene.watch.start();
  scene.change();
  scene.rules = () => Promise.reject(new Error("nft is busy"));
  slow.resolve("before the change");
  await started;
  assert.deepEqual(scene.told, ["before the change"]);
  await scene.pass(5_000); // and the failed look
  scene.rules = async () => "after it";
  await scene.pass(5_000);
  assert.deepEqual(scene.told, ["before the change"], "a failed look waits for the next change or minute");
  await scene.pass(60_000);
  assert.deepEqual(scene.told, ["before the change", "after it"]);
  await scene.watch.stop();
  scene.change();
  await scene.pass(120_000);
  assert.equal(scene.told.length, 2);
});

test("where the kernel tells nobody, a minute is the longest that something goes unseen", async () => {
  const scene = bench(false);
  await scene.watch.start();
  scene.rules = async () => "chain x drops";
  await scene.pass(60_000);
  assert.deepEqual(scene.told, [undefined, "chain x drops"]);
  await scene.watch.stop();
});
