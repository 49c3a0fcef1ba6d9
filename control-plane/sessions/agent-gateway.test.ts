import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Clock, systemClock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { RpcClient } from "#proto/kit/rpc/client.ts";
import { channelCredentials } from "#proto/kit/rpc/tls.ts";
import { agentGatewayService } from "#proto/wire/generated/services.ts";
import { firstState } from "../identity/authority-state.ts";
import { CertificateAuthority, dayMs, validity } from "../identity/certificate-authority.ts";
import { makeAuthority } from "../identity/certificate-maker.ts";
import type { ControlMessage } from "./agent-session.ts";
import { deadline, GatewayWorld, type ScriptedAgent } from "./gateway.fixture.ts";

let world: GatewayWorld;
before(async () => {
  world = await GatewayWorld.start();
});
after(() => world.stop());

const names = (message: ControlMessage): string[] =>
  (message.assignments?.upserts ?? []).map(({ reference }) => `${reference?.resource}/${reference?.name}`);
const complete = (agent: ScriptedAgent, after = 0) => agent.expect((each) => each.assignments?.complete && each, after);
const delta = (agent: ScriptedAgent, name: string, after = 0) =>
  agent.expect((each) => !each.assignments?.complete && names(each).includes(name) && each.assignments, after);

async function podUntil(
  name: string,
  condition: (pod: Awaited<ReturnType<GatewayWorld["read"]>>) => boolean,
): Promise<void> {
  await deadline(async () => {
    const changed = Promise.withResolvers<void>();
    const stop = world.cache.subscribe((change) => {
      if (change.name === name && condition(change.type === "deleted" ? undefined : change.object)) changed.resolve();
    });
    if (condition(await world.read("pods", name))) changed.resolve();
    await changed.promise.finally(stop);
  });
}

test("an agent is welcomed with epoch and address range, its Node made from hello, then told all it needs", async () => {
  await world.create("secrets", { kind: "Secret", metadata: { name: "s" }, data: { k: "dg==" } });
  await world.pod("a1", "a", { spec: { nodeName: "a", containers: [{ envFrom: [{ secretRef: { name: "s" } }] }] } });
  await world.pod("elsewhere", "b");
  const node = { metadata: { labels: { rack: "r1" } }, status: { capacity: { cpu: "4" } } };
  const agent = await world.agent("a", { node: Buffer.from(JSON.stringify(node)) });
  const welcome = await agent.expect((each) => each.welcome);
  assert.deepEqual([welcome.podCidr, welcome.cluster, welcome.version], ["10.128.1.0/24", "local", "1.4.0"]);
  assert.ok(Number(welcome.epoch) > 0);
  assert.deepEqual(names(await complete(agent)).sort(), ["pods/a1", "secrets/s"]);
  const stored = await world.read("nodes", "a");
  assert.equal(stored?.metadata.labels?.rack, "r1");
  assert.deepEqual(stored?.status, { capacity: { cpu: "4" }, conditions: [] });
});

test("changes follow as numbered deltas of just this node, and a gap brings the whole set again", async () => {
  const agent = await world.agent("d");
  const first = (await complete(agent)).assignments;
  await world.pod("d1", "d");
  const next = await delta(agent, "pods/d1");
  assert.equal(next.appliesTo, first?.resultsIn);
  await world.pod("other", "nobody");
  await world.pod("d2", "d");
  const third = await delta(agent, "pods/d2");
  assert.equal(third.appliesTo, next.resultsIn);
  const seen = agent.told.length;
  agent.say({ gap: { lastApplied: 1 } });
  const again = await complete(agent, seen);
  assert.deepEqual(names(again).sort(), ["pods/d1", "pods/d2"]);
  assert.ok(Number(again.assignments?.resultsIn) > Number(third.resultsIn));
});

test("a status is durable when it is acknowledged, is of own pods only, and wakes nobody", async () => {
  const mine = await world.pod("s1", "s");
  const theirs = await world.pod("s2", "t");
  const agent = await world.agent("s");
  await complete(agent);
  const seen = agent.told.length;
  const status = Buffer.from(JSON.stringify({ phase: "Running", podIP: "10.128.1.5" }));
  const pods = [mine, theirs].map(({ metadata }) => ({
    namespace: "default",
    name: metadata.name,
    uid: metadata.uid ?? "",
    status,
  }));
  pods.push({ namespace: "default", name: "s1", uid: "another", status: Buffer.from('{"phase":"Failed"}') });
  agent.say({ status: { sequence: 7, pods } });
  assert.equal((await agent.expect((each) => each.statusAck)).sequence, 7);
  const stored = (await world.read("pods", "s1"))?.status as { phase?: string } | undefined;
  assert.equal(stored?.phase, "Running");
  assert.equal((await world.read("pods", "s2"))?.status, undefined);
  agent.say({ heartbeat: { sequence: 3 } });
  assert.equal((await agent.expect((each) => each.heartbeatAck)).sequence, 3);
  assert.ok(agent.told.slice(seen).every((message) => !message.assignments));
});

test("a finished terminating pod leaves; with a finalizer it stays, released; one not terminating stays", async () => {
  const gone = { deletionTimestamp: "2026-01-01T00:00:00Z", deletionGracePeriodSeconds: 30 };
  const spec = { spec: { nodeName: "f", containers: [] } };
  const free = await world.create("pods", { ...spec, metadata: { name: "f1", ...gone } });
  const held = await world.create("pods", { ...spec, metadata: { name: "f2", ...gone, finalizers: ["x/y"] } });
  const alive = await world.pod("f3", "f");
  const agent = await world.agent("f");
  await complete(agent);
  const pods = [free, held, alive].map(({ metadata }) => {
    const status = Buffer.from('{"phase":"Succeeded"}');
    return { namespace: "default", name: metadata.name, uid: metadata.uid ?? "", status, finished: true };
  });
  agent.say({ status: { sequence: 1, pods } });
  await agent.expect((each) => each.statusAck);
  assert.equal(await world.read("pods", "f1"), undefined);
  assert.equal((await world.read("pods", "f2"))?.metadata.deletionGracePeriodSeconds, 0);
  assert.ok(await world.read("pods", "f3"));
  await agent.expect((each) => each.assignments?.removals?.some(({ name }) => name === "f1"));
});

test("many statuses of one pod in a row end with the last, and every batch is acknowledged", async () => {
  const pod = await world.pod("m1", "m");
  const agent = await world.agent("m");
  await complete(agent);
  for (let sequence = 1; sequence <= 20; sequence++) {
    const status = Buffer.from(JSON.stringify({ phase: "Running", message: `word ${sequence}` }));
    agent.say({
      status: { sequence, pods: [{ namespace: "default", name: "m1", uid: pod.metadata.uid ?? "", status }] },
    });
  }
  await agent.expect((each) => Number(each.statusAck?.sequence) === 20);
  await podUntil("m1", (seen) => (seen?.status as { message?: string } | undefined)?.message === "word 20");
});

test("a newer process of the same node takes over; the older one is told to stop and turned away when it returns", async () => {
  const older = await world.agent("c", { instance: "older" });
  const first = await older.expect((each) => each.welcome);
  const newer = await world.agent("c", { instance: "newer" });
  const second = await newer.expect((each) => each.welcome);
  assert.ok(Number(second.epoch) > Number(first.epoch));
  const goodbye = await older.expect((each) => each.goodbye);
  assert.ok(Number(goodbye.reconnectAfterMs) < 0 && /newer agent/.test(goodbye.reason ?? ""));
  assert.equal(await older.ended(), undefined);
  const returned = await world.agent("c", { instance: "older" });
  assert.ok(Number((await returned.expect((each) => each.goodbye)).reconnectAfterMs) < 0);
  newer.say({ heartbeat: { sequence: 1 } });
  await newer.expect((each) => each.heartbeatAck);
  const event = world.events.find(({ reason }) => reason === "DuplicateIdentity");
  assert.match(event?.message ?? "", /another agent with this node's key, at .*was turned away/);
});

test("the same process that reconnects replaces its own session and is not turned away", async () => {
  const once = await world.agent("r", { instance: "same" });
  await complete(once);
  const again = await world.agent("r", { instance: "same" });
  await complete(again);
  assert.equal(Number((await once.expect((each) => each.goodbye)).reconnectAfterMs), 0);
});

test("liveness hears heartbeats, and subscribers learn when a session ends", async () => {
  const agent = await world.agent("l");
  await complete(agent);
  assert.ok(world.sessions.liveness.lastHeardAtMs("l") !== undefined);
  assert.ok(world.sessions.liveness.judgesSinceMs() !== undefined);
  const told = Promise.withResolvers<void>();
  const stop = world.sessions.liveness.subscribe((node) => node === "l" && told.resolve());
  agent.close();
  await deadline(() => told.promise).finally(stop);
});

test("a deleted Node ends its session, and is made again when an agent returns whose key still stands", async () => {
  const agent = await world.agent("x");
  await complete(agent);
  const node = await world.read("nodes", "x");
  const key = { group: "", plural: "nodes", namespace: "", name: "x" };
  await world.store.write({ kind: "delete", key, guard: node?.metadata.resourceVersion ?? "" });
  assert.match((await agent.expect((each) => each.goodbye)).reason ?? "", /deleted/);
  await complete(await world.agent("x"));
});

test("an agent that is too new, or says anything before hello, is refused with a sentence", async () => {
  const tooNew = await world.agent("v", { version: "1.5.0" });
  assert.match((await tooNew.ended())?.message ?? "", /agent of version 1.5.0 cannot join/);
  const client = await world.client("v");
  const call = client.bidi(agentGatewayService.session);
  await call.send({ heartbeat: { sequence: 1 } });
  const reading = (async () => {
    for await (const _ of call.replies);
  })();
  await assert.rejects(reading, (thrown) => Problem.is(thrown, "bad-request"));
  client.close();
});

test("a person's certificate opens no session; another cluster's opens no connection", async () => {
  const admin = await world.authority.issueAdministrator("admin");
  const person = new RpcClient({
    address: `127.0.0.1:${world.port}`,
    serverName: "control-plane.local.orch",
    credentials: channelCredentials(world.authority.authoritiesPem, {
      certificateChain: admin.certificatePem,
      privateKey: admin.privateKeyPem,
    }),
    clock: systemClock,
  });
  const reading = (async () => {
    for await (const _ of person.bidi(agentGatewayService.session).replies);
  })();
  await assert.rejects(reading, (thrown) => Problem.is(thrown, "forbidden"));
  person.close();
  const foreign = await makeAuthority("other", "orch", validity(systemClock, systemRandom, dayMs));
  const other = new CertificateAuthority({
    state: () => firstState("local", foreign),
    clock: systemClock,
    random: systemRandom,
  });
  const stranger = await world.client("a", other);
  await assert.rejects(stranger.waitForReady(1000), Problem);
  stranger.close();
});

test("an expired certificate opens no connection", async () => {
  const then: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() - 8 * dayMs };
  const options = { state: () => firstState("local", world.material), clock: then, random: systemRandom };
  const late = await world.client("a", new CertificateAuthority(options));
  await assert.rejects(late.waitForReady(1000), Problem);
  late.close();
});

test("events of an agent reach the recorder with the object they are about", async () => {
  await world.pod("e1", "e");
  const agent = await world.agent("e");
  await complete(agent);
  const event = { involvedObject: { kind: "Pod", namespace: "default", name: "e1" }, reason: "Pulled", message: "ok" };
  agent.say({ events: { events: [Buffer.from(JSON.stringify(event))] } });
  agent.say({ heartbeat: { sequence: 1 } });
  await agent.expect((each) => each.heartbeatAck);
  assert.deepEqual(
    world.events
      .filter(({ reason }) => reason !== "DuplicateIdentity")
      .map(({ reason, regarding }) => [reason, regarding.metadata.name]),
    [["Pulled", "e1"]],
  );
});

test("an operation is asked once per session until it is answered, over a reconnect too", async () => {
  const agent = await world.agent("o", { instance: "same" });
  await complete(agent);
  const request = { node: "o", kind: "ping", payload: Buffer.from("hi"), deadlineMs: 5000 };
  const answer = world.sessions.operations.request(request, new AbortController().signal);
  const { id } = await agent.expect((each) => each.operation);
  agent.close();
  const again = await world.agent("o", { instance: "same" });
  const repeated = await again.expect((each) => each.operation);
  assert.equal(repeated.id, id);
  again.say({ operation: { id: id ?? "", payload: Buffer.from("pong") } });
  assert.equal(Buffer.from(await answer).toString(), "pong");
});

test("a stream goes from caller to agent and back; its id works once and only for its node", async () => {
  await world.pod("w1", "w", { spec: { nodeName: "w", containers: [{ name: "app" }] } });
  const agent = await world.agent("w");
  await complete(agent);
  const sent: unknown[] = [];
  const done = new AbortController();
  const requests = (async function* () {
    yield { open: { kind: "exec", pod: "w1", exec: { command: ["cat"] } } };
    yield { data: Buffer.from("hello") };
    yield { endOfInput: true };
  })();
  const asked: unknown[] = [];
  const serving = world.sessions.streams.serve(
    { requests, send: async (frame) => void sent.push(frame), signal: done.signal },
    (access) => void asked.push(access),
  );
  const open = await agent.expect((each) => each.openStream);
  const target = open.target;
  assert.deepEqual([target?.container, target?.pod, target?.id], ["app", "w1", open.id]);
  const thief = (await world.client("thief")).bidi(agentGatewayService.stream);
  await thief.send({ open: { id: open.id ?? "" } });
  await assert.rejects(thief.replies[Symbol.asyncIterator]().next(), (thrown) => Problem.is(thrown, "not-found"));
  const call = agent.client.bidi(agentGatewayService.stream);
  await call.send({ open: { id: open.id ?? "" } });
  let heard = "";
  for await (const frame of call.replies) {
    if (frame.data && frame.data.length > 0) heard += Buffer.from(frame.data).toString();
    if (!frame.endOfInput) continue;
    await call.send({ data: Buffer.from(heard.toUpperCase()) });
    await call.send({ result: { exitCode: 0 } });
  }
  await deadline(() => serving);
  assert.equal(sent.length, 2);
  assert.deepEqual(asked, [
    { verb: "create", subresource: "exec", resource: "pods", namespace: "default", name: "w1" },
  ]);
  const again = agent.client.bidi(agentGatewayService.stream);
  await again.send({ open: { id: open.id ?? "" } });
  await assert.rejects(again.replies[Symbol.asyncIterator]().next(), (thrown) => Problem.is(thrown, "not-found"));
});

test("a stream to a node without agent is refused with its name", async () => {
  await world.pod("n1", "nowhere", { spec: { nodeName: "nowhere", containers: [{ name: "app" }] } });
  const requests = (async function* () {
    yield { open: { kind: "logs", pod: "n1" } };
  })();
  const call = { requests, send: async () => undefined, signal: new AbortController().signal };
  const serving = world.sessions.streams.serve(call, () => undefined);
  await assert.rejects(serving, (thrown) => Problem.is(thrown, "unavailable") && /nowhere/.test(thrown.message));
});

test("a control plane that stops says goodbye to every agent first", async () => {
  const other = await GatewayWorld.start();
  const agent = await other.agent("g");
  await complete(agent);
  await other.sessions.farewell();
  assert.deepEqual(
    await agent.expect((each) => each.goodbye && [each.goodbye.reason, Number(each.goodbye.reconnectAfterMs)]),
    ["the control plane is stopping", 500],
  );
  assert.equal(await agent.ended(), undefined);
  await other.stop();
});

test("an agent one minor version older, that knows no features, is served; what it cannot do is said with a sentence", async () => {
  await world.pod("old-1", "old");
  const agent = await world.agent("old", { version: "1.3.9", features: [] });
  await agent.expect((each) => each.welcome);
  assert.deepEqual(names(await complete(agent)), ["pods/old-1"]);
  assert.throws(
    () => world.sessions.hub.assertCan("old", "metrics", "metrics"),
    (thrown) =>
      Problem.is(thrown, "unsupported") && /node old is of version 1\.3\.9, which has no metrics/.test(thrown.message),
  );
  const young = await world.agent("young", { features: ["metrics", "what-comes-next"] });
  await young.expect((each) => each.welcome);
  world.sessions.hub.assertCan("young", "metrics", "metrics");
});

test("fields of Node.status that we do not know yet are left out; wrong ones of those we know are refused", async () => {
  const status = { capacity: { cpu: "4" }, nextYear: { a: 1 }, nodeInfo: { kernelVersion: "6.1", moonPhase: "full" } };
  const agent = await world.agent("ahead", { node: Buffer.from(JSON.stringify({ status })) });
  await agent.expect((each) => each.welcome);
  assert.deepEqual((await world.read("nodes", "ahead"))?.status, {
    capacity: { cpu: "4" },
    conditions: [],
    nodeInfo: { kernelVersion: "6.1" },
  });
  const wrong = await world.agent("wrong", { node: Buffer.from(JSON.stringify({ status: { capacity: "much" } })) });
  await assert.rejects(
    wrong.expect((each) => each.welcome),
    /status is refused: capacity/,
  );
});
