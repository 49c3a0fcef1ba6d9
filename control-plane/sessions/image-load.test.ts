import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { decodeProblem, encodeProblem } from "#proto/kit/rpc/problem-status.ts";
import { initialCreditBytes } from "./credit.ts";
import { ImageLoad } from "./image-load.ts";
import { bytes, Party } from "./stream.fixture.ts";
import type { Frame } from "./stream-broker.ts";

const detail = Buffer.from(JSON.stringify({ images: [{ name: "app:1", digest: "sha256:1" }] }));

function setUp(failed = new Map<string, string>()) {
  const clock = new ManualClock();
  const [client, a, b] = [new Party(), new Party(), new Party()];
  const targets = [
    { node: "a", end: a.end },
    { node: "b", end: b.end },
  ];
  return { clock, client, a, b, load: new ImageLoad(client.end, targets, failed, { clock }) };
}

function detailOf(frame: Frame): { images: unknown[]; nodes: Record<string, string> } {
  return JSON.parse(Buffer.from(frame.result?.detail ?? []).toString("utf8"));
}

test("one upload reaches every node and each answers", async () => {
  const { client, a, b, load } = setUp();
  const running = load.run();
  client.say({ data: bytes(10) }, { data: bytes(20) }, { endOfInput: true });
  for (const party of [a, b]) {
    await party.until((heard) => heard.some((frame) => frame.endOfInput));
    assert.deepEqual(
      party.heard.map((frame) => frame.data?.length),
      [10, 20, undefined],
    );
    party.say({ result: { detail } });
  }
  const result = await running;
  assert.equal(result.result?.exitCode, 0);
  assert.deepEqual(detailOf(result), { images: [{ name: "app:1", digest: "sha256:1" }], nodes: { a: "ok", b: "ok" } });
});

test("the slowest node sets the pace: the client is granted what both have granted", async () => {
  const { client, a, b, load } = setUp();
  const running = load.run();
  a.say({ credit: 1000 });
  b.say({ credit: 300 });
  await client.until((heard) => heard.length === 1);
  assert.equal(client.heard[0]?.credit, 300);
  b.say({ credit: 900 });
  await client.until((heard) => heard.length === 2);
  assert.equal(client.heard[1]?.credit, 700);
  client.say({ endOfInput: true });
  a.say({ result: { detail } });
  b.say({ result: { detail } });
  await running;
});

test("a node that fails is reported with its reason and does not hold up the others", async () => {
  const { client, a, b, load } = setUp(new Map([["c", "not connected"]]));
  const running = load.run();
  b.say({ result: { exitCode: 1, problem: encodeProblem(new Problem("unavailable", "no space left on the disk")) } });
  a.say({ credit: 500 });
  await client.until((heard) => heard.length === 1);
  client.say({ data: bytes(5) }, { endOfInput: true });
  await a.until((heard) => heard.some((frame) => frame.endOfInput));
  a.say({ result: { detail } });
  const result = await running;
  assert.equal(result.result?.exitCode, 1);
  assert.deepEqual(detailOf(result).nodes, { a: "ok", b: "no space left on the disk", c: "not connected" });
  const problem = decodeProblem(result.result?.problem ?? new Uint8Array());
  assert.match(problem.message, /reached 1 of 3 nodes/);
  assert.deepEqual(
    problem.causes.map(({ path }) => path),
    ["b", "c"],
  );
});

test("a node that takes nothing while the others wait is left behind after a minute", async () => {
  const { clock, client, a, b, load } = setUp();
  const running = load.run();
  a.say({ credit: 1000 });
  client.say({ data: bytes(initialCreditBytes) });
  await b.until((heard) => heard.length === 1);
  await a.until((heard) => heard.length === 1);
  clock.advance(60_000);
  await client.until((heard) => heard.length === 1);
  client.say({ endOfInput: true });
  await a.until((heard) => heard.length === 2);
  a.say({ result: { detail } });
  assert.deepEqual(detailOf(await running).nodes, { a: "ok", b: "took nothing for 60 s" });
});

test("an upload broken off, or beyond its credit, ends on every node", async () => {
  for (const breakOff of [
    (client: Party) => client.said.close(),
    (client: Party) => client.say({ data: bytes(initialCreditBytes + 1) }),
  ]) {
    const { client, a, b, load } = setUp();
    const running = load.run();
    breakOff(client);
    await assert.rejects(running, Problem);
    assert.ok(a.closedWith?.problem && b.closedWith?.problem);
  }
});
