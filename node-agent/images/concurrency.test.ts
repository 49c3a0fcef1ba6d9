import assert from "node:assert/strict";
import { test } from "node:test";
import { ConcurrencyLimit } from "./concurrency-limit.ts";
import { SingleFlight } from "./single-flight.ts";

const never = new AbortController().signal;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("no more than the limit run at a time, in order", async () => {
  const limit = new ConcurrencyLimit(2);
  const started: number[] = [];
  const releases: (() => void)[] = [];
  const tasks = [0, 1, 2, 3].map((index) =>
    limit.run(never, () => {
      started.push(index);
      return new Promise<void>((resolve) => releases.push(resolve));
    }),
  );
  await turn();
  assert.deepEqual(started, [0, 1]);
  releases[1]?.();
  await turn();
  assert.deepEqual(started, [0, 1, 2]);
  for (const index of [0, 2, 3]) {
    releases[index]?.();
    await turn();
  }
  await Promise.all(tasks);
});

test("an aborted waiter leaves and the next one gets the place", async () => {
  const limit = new ConcurrencyLimit(1);
  let release = (): void => undefined;
  const first = limit.run(never, () => new Promise<void>((resolve) => (release = resolve)));
  const controller = new AbortController();
  const second = limit.run(controller.signal, async () => assert.fail("was aborted"));
  const third = limit.run(never, async () => "ran");
  controller.abort();
  await assert.rejects(second, { code: "canceled" });
  release();
  await first;
  assert.equal(await third, "ran");
});

test("a failing task gives its place back", async () => {
  const limit = new ConcurrencyLimit(1);
  await assert.rejects(limit.run(never, () => Promise.reject(new Error("no"))));
  assert.equal(await limit.run(never, async () => 1), 1);
});

test("work asked for twice is done once", async () => {
  const flights = new SingleFlight<number>();
  let calls = 0;
  const work = async (): Promise<number> => {
    await turn();
    return ++calls;
  };
  assert.deepEqual(await Promise.all([flights.run("k", never, work), flights.run("k", never, work)]), [1, 1]);
  assert.equal(await flights.run("k", never, work), 2);
});

test("one who leaves does not cancel the others, the last one does", async () => {
  const flights = new SingleFlight<string>();
  let canceled = false;
  const work = (signal: AbortSignal): Promise<string> =>
    new Promise((_, reject) =>
      signal.addEventListener("abort", () => {
        canceled = true;
        reject(signal.reason);
      }),
    );
  const [one, two] = [new AbortController(), new AbortController()];
  const first = flights.run("k", one.signal, work);
  const second = flights.run("k", two.signal, work);
  await turn();
  one.abort();
  await assert.rejects(first, { code: "canceled" });
  assert.equal(canceled, false);
  two.abort();
  await assert.rejects(second, { code: "canceled" });
  assert.equal(canceled, true);
  assert.equal(await flights.run("k", never, async () => "fresh"), "fresh");
});
