import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { defaultClusterSettings } from "#proto/resources/cluster-settings.ts";
import { MemoryKv } from "./store/memory-kv.ts";
import { settleSettings } from "./stored-settings.ts";

const kvWithClock = (): MemoryKv => new MemoryKv({ clock: new ManualClock() });

test("what the first start says stands for every later one that does not ask otherwise", async () => {
  const kv = kvWithClock();
  const first = { ...defaultClusterSettings, podCidr: "10.0.0.0/12" };
  assert.equal((await settleSettings(kv, first, { podCidr: "10.0.0.0/12" })).podCidr, "10.0.0.0/12");
  const later = await settleSettings(kv, { ...defaultClusterSettings, heartbeatIntervalMs: 500 }, {});
  assert.deepEqual([later.podCidr, later.heartbeatIntervalMs], ["10.0.0.0/12", 500]);
});

test("a later start that asks for another value is refused with the flag and what it is", async () => {
  const kv = kvWithClock();
  await settleSettings(kv, defaultClusterSettings, {});
  const refused = settleSettings(kv, defaultClusterSettings, { serviceCidr: "10.0.0.0/16", nodeMaskBits: 24 });
  await assert.rejects(refused, (thrown) => {
    assert.ok(Problem.is(thrown, "conflict"));
    assert.deepEqual(thrown.causes, [
      { path: "--service-cidr", message: "is 10.96.0.0/16 since the cluster was made" },
    ]);
    return true;
  });
});

test("data of a newer version is refused with a sentence", async () => {
  const kv = kvWithClock();
  const value = Buffer.from(JSON.stringify({ format: 99 }));
  await kv.transact([{ kind: "put", key: "cluster/settings", value }]);
  await assert.rejects(settleSettings(kv, defaultClusterSettings, {}), (thrown) => Problem.is(thrown, "unsupported"));
});
