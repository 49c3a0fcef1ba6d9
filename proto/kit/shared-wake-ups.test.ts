import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "./manual-clock.ts";
import { SharedWakeUps } from "./shared-wake-ups.ts";

/** A clock that counts how often it would have woken the process. */
function counted(): { clock: ManualClock; shared: SharedWakeUps; wakeUps: () => number } {
  const clock = new ManualClock();
  let wakeUps = 0;
  const shared = new SharedWakeUps({
    monotonicMs: () => clock.monotonicMs(),
    after: (delayMs, run) =>
      clock.after(delayMs, () => {
        wakeUps++;
        run();
      }),
  });
  return { clock, shared, wakeUps: () => wakeUps };
}

test("timers of nearly the same instant wake the process once, in the order in which they were set", async () => {
  const { clock, shared, wakeUps } = counted();
  const ran: string[] = [];
  shared.after(1010, () => ran.push("first"));
  shared.after(1240, () => ran.push("second"));
  shared.after(1001, () => ran.push("third"));
  await clock.advance(1249);
  assert.deepEqual(ran, []);
  await clock.advance(1);
  assert.deepEqual(ran, ["first", "second", "third"]);
  assert.equal(wakeUps(), 1);
});

test("no timer comes early, none later than a quarter of a second, and a short one is exact", async () => {
  for (const delayMs of [0, 1, 20, 499, 500, 501, 749, 750, 999, 1000, 2500, 60_001]) {
    const { clock, shared } = counted();
    await clock.advance(137);
    let atMs = Number.NaN;
    shared.after(delayMs, () => {
      atMs = clock.monotonicMs() - 137;
    });
    await clock.advance(delayMs + 250);
    assert.ok(atMs >= delayMs && atMs < delayMs + (delayMs < 500 ? 1 : 250), `${delayMs} ms came after ${atMs} ms`);
  }
});

test("a timer that sets itself anew keeps its period", async () => {
  const { clock, shared } = counted();
  const at: number[] = [];
  const beat = (): void => {
    at.push(clock.monotonicMs());
    shared.after(500, beat);
  };
  shared.after(500, beat);
  await clock.advance(2500);
  assert.deepEqual(at, [500, 1000, 1500, 2000, 2500]);
});

test("a cancelled timer does not run, and the last one of a moment takes the wake-up with it", async () => {
  const { clock, shared, wakeUps } = counted();
  const ran: string[] = [];
  const same = (): void => void ran.push("ran");
  const [one, two, three] = [shared.after(600, same), shared.after(600, same), shared.after(900, same)];
  one.cancel();
  three.cancel();
  three.cancel();
  await clock.advance(2000);
  assert.deepEqual(ran, ["ran"]);
  assert.equal(wakeUps(), 1);
  two.cancel();
});

test("a timer cancelled by another one of the same moment does not run", async () => {
  const { clock, shared } = counted();
  const ran: string[] = [];
  shared.after(700, () => other.cancel());
  const other = shared.after(700, () => ran.push("other"));
  await clock.advance(1000);
  assert.deepEqual(ran, []);
});

test("one that throws does not take the others' turn", async () => {
  let nowMs = 0;
  const due: (() => void)[] = [];
  const shared = new SharedWakeUps({
    monotonicMs: () => nowMs,
    after: (_, run) => {
      due.push(run);
      return { cancel: () => undefined };
    },
  });
  const ran: string[] = [];
  shared.after(600, () => {
    throw new Error("broken");
  });
  shared.after(600, () => ran.push("other"));
  nowMs = 750;
  assert.throws(() => due.shift()?.(), /broken/);
  due.shift()?.();
  assert.deepEqual(ran, ["other"]);
});
