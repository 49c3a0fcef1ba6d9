import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { decodeProblem } from "#proto/kit/rpc/problem-status.ts";
import { initialCreditBytes } from "./credit.ts";
import { bytes, Party } from "./stream.fixture.ts";
import { pipeStream } from "./stream-pipe.ts";

function problemOf(party: Party): Problem {
  const result = party.heard.at(-1)?.result;
  assert.ok(result?.problem, "expected a result with a problem");
  return decodeProblem(result.problem);
}

test("frames pass both ways in order, and the result ends the stream", async () => {
  const [client, agent] = [new Party(), new Party()];
  client.say({ data: bytes(3) }, { resize: { rows: 1, columns: 2 } }, { endOfInput: true });
  const piping = pipeStream(client.end, agent.end);
  await agent.until((heard) => heard.length === 3);
  agent.say({ data: bytes(5) }, { errorData: bytes(2) }, { credit: 7 }, { result: { exitCode: 3 } });
  await piping;
  assert.deepEqual(
    client.heard.map((frame) => Object.keys(frame)[0]),
    ["data", "errorData", "credit", "result"],
  );
  assert.equal(client.heard.at(-1)?.result?.exitCode, 3);
  assert.deepEqual(agent.closedWith, { problem: undefined });
});

test("who sends more than it was granted is cut off; what was granted passes", async () => {
  const [client, agent] = [new Party(), new Party()];
  client.say({ credit: 100 });
  const piping = pipeStream(client.end, agent.end);
  await agent.until((heard) => heard.length === 1);
  agent.say({ data: bytes(initialCreditBytes) }, { data: bytes(100) }, { data: bytes(1) });
  await piping;
  assert.equal(client.heard.filter((frame) => frame.data).length, 2);
  assert.equal(problemOf(client).code, "too-many-requests");
  assert.ok(agent.closedWith?.problem);
});

test("a client that reads nothing stops the agent's frames from being read: memory stays within the window", async () => {
  const [client, agent] = [new Party(), new Party()];
  const opened = Promise.withResolvers<void>();
  client.gate = opened.promise;
  const piping = pipeStream(client.end, agent.end);
  for (let sent = 0; sent < initialCreditBytes; sent += 32 * 1024) agent.say({ data: bytes(32 * 1024) });
  await new Promise(setImmediate);
  assert.equal(client.heard.length, 0);
  opened.resolve();
  agent.say({ result: {} });
  await piping;
  assert.equal(client.heard.length, initialCreditBytes / (32 * 1024) + 1);
});

test("an agent that breaks off without a result becomes a problem for the client", async () => {
  const [client, agent] = [new Party(), new Party()];
  const piping = pipeStream(client.end, agent.end);
  agent.said.close();
  await piping;
  assert.equal(problemOf(client).code, "unavailable");
});

test("a client that goes away ends the agent's call", async () => {
  const [client, agent] = [new Party(), new Party()];
  const piping = pipeStream(client.end, agent.end);
  client.leave(new Problem("canceled", "the caller went away"));
  await piping;
  assert.equal(agent.closedWith?.problem?.code, "canceled");
  assert.equal(client.heard.length, 0);
});

test("frames that have no place end the stream", async () => {
  for (const frame of [{ open: { id: "x" } }, { result: {} }, { errorData: bytes(1) }]) {
    const [client, agent] = [new Party(), new Party()];
    client.say(frame);
    await pipeStream(client.end, agent.end);
    assert.equal(problemOf(client).code, "bad-request");
  }
});
