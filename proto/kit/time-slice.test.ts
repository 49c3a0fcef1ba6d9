import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { holdEventLoop } from "./hold-event-loop.ts";
import { ManualClock } from "./manual-clock.ts";
import { TimeSlice } from "./time-slice.ts";

describe("time-slice", () => {
  it("is over after its time, and a pause lets others run and starts the next", async () => {
    const clock = new ManualClock();
    const slice = new TimeSlice(clock, 10);
    clock.advance(9);
    assert.equal(slice.isOver, false);
    clock.advance(1);
    assert.equal(slice.isOver, true);
    const order: string[] = [];
    setImmediate(() => order.push("other"));
    await slice.pause();
    order.push("loop");
    assert.deepEqual(order, ["other", "loop"]);
    assert.equal(slice.isOver, false);
  });
});

describe("hold-event-loop", () => {
  it("hands through what it waits for", async () => {
    assert.equal(await holdEventLoop(Promise.resolve(1)), 1);
    await assert.rejects(holdEventLoop(Promise.reject(new Error("broken"))), /broken/);
  });
});
