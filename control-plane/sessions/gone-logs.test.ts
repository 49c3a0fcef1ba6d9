import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { encodeProblem } from "#proto/kit/rpc/problem-status.ts";
import { findGoneLogs } from "./gone-logs.ts";
import { bytes, Party } from "./stream.fixture.ts";

const open = { kind: "logs", namespace: "default", pod: "web", logs: { gone: true } };
const unknown = { result: { exitCode: 1, problem: encodeProblem(new Problem("not-found", "not here")) } };

test("nodes are asked until one has them; what it says comes whole", async () => {
  const parties = { a: new Party(), b: new Party(), c: new Party() };
  parties.a.say(unknown);
  parties.b.say({ data: bytes(3) }, { data: bytes(4) });
  parties.b.said.close();
  const asked: string[] = [];
  const end = await findGoneLogs(open, ["a", "b", "c"], async (node) => {
    asked.push(node);
    return parties[node as keyof typeof parties].end;
  });
  assert.deepEqual(asked, ["a", "b"]);
  assert.ok(parties.a.closedWith);
  const lengths: number[] = [];
  for (let item = await end.frames.next(); !item.done; item = await end.frames.next())
    lengths.push(item.value.data?.length ?? 0);
  assert.deepEqual(lengths, [3, 4]);
});

test("a refusal that is not about the place is the answer", async () => {
  const party = new Party();
  const refusal = { result: { exitCode: 1, problem: encodeProblem(new Problem("bad-request", "no such container")) } };
  party.say(refusal);
  const end = await findGoneLogs(open, ["a"], async () => party.end);
  assert.deepEqual((await end.frames.next()).value, refusal);
});

test("when no node has them, those that could not be asked are named", async () => {
  const party = new Party();
  party.say(unknown);
  const ask = async (node: string) => {
    if (node === "b") throw new Problem("unavailable", "not connected");
    return party.end;
  };
  await assert.rejects(
    findGoneLogs(open, ["a", "b"], ask),
    (thrown) => Problem.is(thrown, "not-found") && /could not be asked: b/.test(thrown.message),
  );
});
