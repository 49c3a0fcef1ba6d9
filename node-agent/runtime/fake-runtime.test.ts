import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "#proto/kit/clock.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { AgentFaultPoint } from "../fault-points.ts";
import { containerRuntimeContract, containerSpec, sandboxSpec } from "./container-runtime.contract.ts";
import type { ContainerSpec } from "./container-runtime.ts";
import { type FakeBehaviour, FakeMachine, FakeRuntime, FakeSandboxes } from "./fake-runtime.ts";

const files = { rootfs: "/rootfs", logPath: (id: string) => `/logs/${id}` };
const signal = new AbortController().signal;

/** Reads the contract's commands as a shell would. */
function understand(spec: ContainerSpec): FakeBehaviour {
  const script = spec.command?.[2] ?? "";
  const code = /^exit (\d+)$/.exec(script)?.[1];
  if (code !== undefined) return { exitAfterMs: 0, exitCode: Number(code) };
  return script.startsWith("trap '' TERM") ? { ignoresSigterm: true } : {};
}

containerRuntimeContract("the fake", async () => {
  const machine = new FakeMachine(systemClock, understand);
  const visited: AgentFaultPoint[] = [];
  const faults = { at: (point: AgentFaultPoint) => void visited.push(point) };
  const open = () => ({ runtime: new FakeRuntime(machine, faults), sandboxes: new FakeSandboxes(machine, faults) });
  return { ...open(), visited, ...files, reopen: async () => open(), close: async () => undefined };
});

async function prepared(behaviour: FakeBehaviour) {
  const clock = new ManualClock();
  const machine = new FakeMachine(clock, () => behaviour);
  const runtime = new FakeRuntime(machine);
  const spec = containerSpec(files, await new FakeSandboxes(machine).create(sandboxSpec()));
  return { clock, machine, runtime, spec };
}

test("a scripted container ends by the clock", async () => {
  const { clock, runtime, spec } = await prepared({ exitAfterMs: 500, exitCode: 2, oomKilled: true });
  const ended: string[] = [];
  runtime.onExit((id) => ended.push(id));
  await runtime.create(spec, signal);
  await runtime.start(spec.id);
  clock.advance(499);
  assert.deepEqual(ended, []);
  clock.advance(1);
  assert.deepEqual(ended, [spec.id]);
  const observation = await runtime.inspect(spec.id);
  assert.equal(observation?.exitCode, 2);
  assert.equal(observation?.oomKilled, true);
});

test("scripted problems come out of create and start", async () => {
  const createProblem = new Problem("invalid", "no such user");
  const failing = await prepared({ createProblem });
  await assert.rejects(failing.runtime.create(failing.spec, signal), createProblem);
  assert.deepEqual(await failing.runtime.list(), []);
  const startProblem = new Problem("internal", "cannot start");
  const stuck = await prepared({ startProblem });
  await stuck.runtime.create(stuck.spec, signal);
  await assert.rejects(stuck.runtime.start(stuck.spec.id), startProblem);
});

test("a slow stop takes its time, SIGKILL does not", async () => {
  const { clock, runtime, spec } = await prepared({ stopMs: 1_000, exitCode: 0 });
  await runtime.create(spec, signal);
  await runtime.start(spec.id);
  await runtime.kill(spec.id, 15);
  clock.advance(900);
  assert.equal((await runtime.inspect(spec.id))?.state, "running");
  await runtime.kill(spec.id, 9);
  clock.advance(0);
  assert.equal((await runtime.inspect(spec.id))?.exitCode, 137);
});

test("exec answers as scripted", async () => {
  const { runtime, spec } = await prepared({ exec: ([word]) => ({ exitCode: word === "no" ? 1 : 0, stdout: "hi" }) });
  await runtime.create(spec, signal);
  await runtime.start(spec.id);
  const session = await runtime.exec(spec.id, { command: ["no"], stdin: false, terminal: false }, signal);
  assert.equal(await session.exitCode, 1);
  assert.equal((await session.stdio.toArray()).join(""), "hi");
});
