import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { MemoryKv } from "../store/memory-kv.ts";
import { Revocations } from "./revocations.ts";

const dayMs = 24 * 3_600_000;
const turns = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await new Promise(setImmediate);
};

test("revoked here is revoked everywhere, told once, kept over a restart, and forgotten when it has expired", async () => {
  const clock = new ManualClock();
  const kv = new MemoryKv({ clock });
  const stop = new AbortController();
  const make = async (): Promise<Revocations> => {
    const revocations = new Revocations({ kv, clock, logger: silentLogger });
    await revocations.start(stop.signal);
    return revocations;
  };
  const [here, there] = [await make(), await make()];
  const told: string[] = [];
  there.onRevoked(({ serial }) => told.push(serial));
  const certificates = ["A1", "B2"].map((serial) => ({ serial, user: "ana", expiresAtMs: clock.nowMs() + dayMs }));
  const by = { user: "admin", reason: "left" };
  assert.equal((await here.revoke([...certificates, { serial: "C3", user: "ana", expiresAtMs: 1 }], by)).length, 2);
  assert.equal((await here.revoke(certificates, { user: "other", reason: "again" })).length, 0);
  const refusal = here.refusal("A1");
  assert.ok(Problem.is(refusal, "unauthenticated"));
  assert.match(refusal.message, /certificate of "ana" was revoked at 2026-.*: left$/);
  await turns();
  assert.deepEqual([told, there.get("B2")?.reason], [["A1", "B2"], "left"]);
  assert.equal(there.refusal("C3"), undefined, "what has expired needs no entry");
  const later = await make();
  assert.equal(later.list().length, 2);
  clock.advance(3 * dayMs);
  await later.prune();
  await turns();
  assert.deepEqual([later.list(), there.list()], [[], []]);
  stop.abort();
});
