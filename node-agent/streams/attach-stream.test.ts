import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { freshContainer, type PodRecord } from "../journal/record.ts";
import { Listeners } from "../reconciler/listeners.ts";
import { attemptId } from "../reconciler/loop.fixture.ts";
import { testPod, testRecord, testUid } from "../reconciler/pod-builder.ts";
import { containerSpec } from "../runtime/container-runtime.contract.ts";
import type { FakeAttachSession } from "../runtime/fake-attach-session.ts";
import { FakeMachine, FakeRuntime, FakeSandboxes } from "../runtime/fake-runtime.ts";
import { attachServer } from "./attach-stream.ts";
import { settle, TestClient } from "./client.fixture.ts";
import { initialCreditBytes } from "./send-window.ts";
import { Streams, type StreamTarget } from "./serve-stream.ts";

class Scene {
  readonly clock = new ManualClock();
  readonly machine = new FakeMachine(this.clock);
  readonly runtime = new FakeRuntime(this.machine);
  readonly listeners = new Listeners();
  readonly client = new TestClient();
  readonly id = attemptId(0);
  record: PodRecord | undefined;

  constructor(terminal = false) {
    const pod = testPod({ containers: [{ stdin: true, tty: terminal }] });
    this.record = { ...testRecord(pod), containers: { app: { ...freshContainer, attempt: 0 } } };
  }

  async create(): Promise<void> {
    const sandbox = await new FakeSandboxes(this.machine).create({
      ...{ podUid: testUid, podNamespace: "default", podName: "web", hostname: "web" },
      ...{ hostNetwork: false, hostPid: false, hostIpc: false, sysctls: {} },
    });
    const target = { rootfs: "/rootfs", logPath: () => "/log" };
    const spec = containerSpec(target, sandbox, { name: "app" });
    await this.runtime.create(spec, new AbortController().signal);
    this.listeners.created(testUid, "app");
  }

  async start(): Promise<void> {
    await this.runtime.start(this.id);
    const { record } = this;
    if (record) this.record = { ...record, containers: { app: { ...freshContainer, attempt: 0, started: true } } };
  }

  async attach(attach: StreamTarget["attach"] = {}): Promise<void> {
    const { runtime, listeners, clock } = this;
    const server = attachServer({ runtime, listeners, clock, find: () => this.record });
    const servers = { attach: server };
    const streams = new Streams({ dial: () => this.client.call, servers, logger: silentLogger, maxStreams: 5 });
    streams.open({ id: "s", target: { kind: "attach", podUid: testUid, container: "app", attach } });
    await settle();
  }

  get session(): FakeAttachSession {
    const [session] = this.machine.containers.get(this.id)?.attached ?? [];
    assert.ok(session, "nobody has attached");
    return session;
  }
}

test("output comes as it is printed, each stream as what it is, and the exit code at the end", async () => {
  const scene = new Scene();
  await scene.create();
  await scene.start();
  await scene.attach();
  assert.deepEqual(scene.client.received[1]?.ready, { terminal: false, stdin: true });
  scene.machine.print(scene.id, "out");
  scene.machine.print(scene.id, "err", "err");
  await settle();
  assert.deepEqual([scene.client.output, scene.client.errors], ["out", "err"]);
  scene.machine.exit(scene.id, 5);
  await settle();
  assert.equal(scene.client.result?.exitCode, 5);
  assert.deepEqual(scene.listeners.of(testUid), {});
});

test("input, sizes and signals reach the container", async () => {
  const scene = new Scene(true);
  await scene.create();
  await scene.start();
  await scene.attach({ stdin: true, size: { rows: 10, columns: 20 } });
  assert.deepEqual(scene.session.size, [10, 20]);
  scene.client.send({ resize: { rows: 30, columns: 40 } });
  scene.client.send({ data: Buffer.from("ls\r") });
  scene.client.send({ endOfInput: true });
  scene.client.send({ signal: 200 });
  scene.client.send({ signal: 2 });
  await settle();
  assert.deepEqual([scene.session.size, scene.session.input], [[30, 40], "ls\r^D"]);
  assert.deepEqual(
    scene.machine.calls.filter((call) => call.startsWith("kill")),
    [`kill ${scene.id} 2`],
  );
});

test("who waits is attached before the start; who does not is told that nothing runs", async () => {
  const early = new Scene();
  await early.attach({ waitMs: 10_000 });
  assert.deepEqual(early.listeners.of(testUid), { app: "waiting" });
  await early.create();
  await settle();
  assert.deepEqual(early.listeners.of(testUid), { app: "attached" });
  assert.ok(early.client.received.some(({ ready }) => ready));

  const halfMade = new Scene();
  await halfMade.create();
  const container = halfMade.machine.containers.get(halfMade.id);
  assert.ok(container);
  container.observation = { ...container.observation, pid: undefined };
  await halfMade.attach({ waitMs: 10_000 });
  assert.deepEqual(halfMade.listeners.of(testUid), { app: "waiting" });
  halfMade.listeners.created(testUid, "app");
  await settle();
  assert.deepEqual(halfMade.listeners.of(testUid), { app: "attached" });

  const hasty = new Scene();
  await hasty.create();
  await hasty.attach();
  assert.equal(hasty.client.problem?.code, "conflict");

  const late = new Scene();
  await late.attach({ waitMs: 10_000 });
  late.clock.advance(10_000);
  await settle();
  assert.equal(late.client.problem?.code, "timeout");
  assert.deepEqual(late.listeners.of(testUid), {});
});

test("a client that leaves lets go of the container", async () => {
  const scene = new Scene();
  await scene.create();
  await scene.start();
  await scene.attach({ hold: true });
  scene.client.leave();
  await settle();
  assert.equal(await scene.session.read(), undefined, "closed");
  assert.deepEqual(scene.listeners.of(testUid), {});
});

const lump = "x".repeat(1024 * 1024);

test("a slow reader misses what is too much, and is told; the container does not wait", async () => {
  const scene = new Scene();
  await scene.create();
  await scene.start();
  await scene.attach();
  for (let at = 0; at < 8; at++) {
    scene.machine.print(scene.id, lump);
    await settle();
  }
  assert.equal(scene.session.unread, 0, "all was taken from the container");
  assert.equal(scene.client.output.length, initialCreditBytes);
  scene.client.send({ credit: 64 * lump.length });
  await settle();
  scene.machine.print(scene.id, "and on");
  await settle();
  const [, skipped] = /^\n\[(\d+) bytes were skipped/.exec(scene.client.errors) ?? [];
  assert.ok(Number(skipped) >= 3 * lump.length, scene.client.errors);
  assert.equal(scene.client.output.length + Number(skipped), 8 * lump.length + "and on".length);
  assert.match(scene.client.output, /and on$/);
});

test("a reader that may hold the container misses nothing", async () => {
  const scene = new Scene();
  await scene.create();
  await scene.start();
  await scene.attach({ hold: true });
  for (let at = 0; at < 8; at++) scene.machine.print(scene.id, lump);
  await settle();
  assert.ok(scene.session.unread >= 7);
  scene.client.send({ credit: 64 * lump.length });
  scene.machine.exit(scene.id, 0);
  await settle();
  assert.equal(scene.client.output.length, 8 * lump.length);
  assert.equal(scene.client.result?.exitCode, 0);
});
