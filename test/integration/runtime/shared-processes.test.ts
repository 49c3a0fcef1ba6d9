/** Containers that share processes: what they see of one another, who reaps, and what becomes of them when the process they hang on ends. */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { identifyProcess } from "#node-agent/host/processes.ts";
import { containerSpec, exited, sandboxSpec } from "#node-agent/runtime/container-runtime.contract.ts";
import type { ContainerSpec, Sandbox } from "#node-agent/runtime/container-runtime.ts";
import { sleep, systemClock } from "#proto/kit/clock.ts";
import { type Machine, openMachine } from "./machine.ts";
import { sh } from "./run-container.ts";

const signal = new AbortController().signal;
const keepAlive = setInterval(() => undefined, 1_000);
let machine: Machine;

before(async () => {
  machine = await openMachine("crun");
});
after(async () => {
  clearInterval(keepAlive);
  await machine.close();
});

async function start(sandbox: Sandbox, name: string, changes: Partial<ContainerSpec> = {}): Promise<ContainerSpec> {
  const pidNamespace = await machine.runtime.holdProcesses(sandbox);
  const spec = containerSpec(machine, sandbox, { command: sh("sleep 1000"), name, pidNamespace, ...changes });
  await machine.runtime.create(spec, signal);
  await machine.runtime.start(spec.id);
  return spec;
}

/** What a command in the container writes. */
async function output({ id }: ContainerSpec, script: string): Promise<string> {
  const session = await machine.runtime.exec(id, { command: sh(script), stdin: false, terminal: false }, signal);
  session.stderr.resume();
  const text = Buffer.concat(await session.stdio.toArray()).toString();
  await session.exitCode;
  return text;
}

async function end(sandbox: Sandbox, ...containers: readonly ContainerSpec[]): Promise<void> {
  for (const { id } of containers) await machine.runtime.remove(id);
  await machine.sandboxes.remove(sandbox.podUid);
}

async function eventually(what: string, condition: () => Promise<boolean>): Promise<void> {
  const untilMs = systemClock.monotonicMs() + 20_000;
  while (!(await condition())) {
    assert.ok(systemClock.monotonicMs() < untilMs, `waited in vain for ${what}`);
    await sleep(systemClock, 10);
  }
}

async function holderOf(sandbox: Sandbox): Promise<number> {
  const [pid] = (await machine.cgroups.processes(`${sandbox.cgroup}/holder`)).values();
  assert.ok(pid !== undefined);
  return pid;
}

for (const ownUsers of [false, true]) {
  const kind = ownUsers ? "a pod with users of its own" : "a pod";

  test(`containers of ${kind} see and signal each other below a first process that gives them nothing`, async () => {
    const sandbox = await machine.sandboxes.create(sandboxSpec(undefined, { ownUsers }));
    const one = await start(sandbox, "one");
    const two = await start(sandbox, "two", { command: sh("sleep 2000") });
    const seen = await output(one, "ps");
    for (const command of [/^ +1 .* \/pause -P$/m, /sleep 1000$/m, /sleep 2000$/m]) assert.match(seen, command);
    const status = await readFile(`/proc/${await holderOf(sandbox)}/status`, "utf8");
    assert.match(status, /^CapEff:\t0+$/m);
    assert.match(status, /^CapBnd:\t0+$/m);
    assert.match(status, /^NoNewPrivs:\t1$/m);
    assert.match(status, /^Seccomp:\t2$/m);
    const first = sandbox.users?.first ?? 0;
    assert.match(status, new RegExp(`^Uid:\\t${first + 65_535}\\t`, "m"));
    assert.equal(
      await output(one, "ls /proc/1/root/ /proc/1/fd/0/ 2>/dev/null; cat /proc/1/maps"),
      "",
      "nobody looks into it",
    );
    await output(one, "kill -9 1");
    assert.ok(await identifyProcess(await holderOf(sandbox)), "nor kills it from inside");
    await output(one, "kill -9 $(ps | grep '[s]leep 2000' | { read pid rest; echo $pid; })");
    await exited(machine.runtime, two.id);
    assert.equal((await machine.runtime.inspect(one.id))?.state, "running");
    await end(sandbox, one, two);
  });

  test(`orphans of ${kind} are reaped, and what an ended container leaves is killed with it alone`, async () => {
    const sandbox = await machine.sandboxes.create(sandboxSpec(undefined, { ownUsers }));
    const one = await start(sandbox, "one");
    const two = await start(sandbox, "two", {
      command: sh("i=0; while [ $i -lt 20 ]; do (true &); i=$((i+1)); done; sleep 3000 & exit 3"),
    });
    await exited(machine.runtime, two.id);
    assert.equal((await machine.runtime.inspect(two.id))?.exitCode, 3);
    await eventually("no zombies", async () => !/^ +\d+ .* Z /m.test(await output(one, "ps")));
    await machine.runtime.remove(two.id);
    assert.doesNotMatch(await output(one, "ps"), /sleep 3000/);
    await end(sandbox, one);
  });
}

test("with the first process all others end; the next containers have a new one; an agent that comes later takes over", async () => {
  const sandbox = await machine.sandboxes.create(sandboxSpec());
  const [one, two] = [await start(sandbox, "one"), await start(sandbox, "two")];
  const later = await machine.reopen();
  const path = await later.runtime.holdProcesses(sandbox);
  const before = await holderOf(sandbox);
  assert.equal(path, await machine.runtime.holdProcesses(sandbox));
  assert.equal(await holderOf(sandbox), before, "it runs on");
  await later.runtime.close();
  process.kill(before, "SIGKILL");
  for (const { id } of [one, two]) {
    await exited(machine.runtime, id);
    assert.equal((await machine.runtime.inspect(id))?.exitCode, 137);
    await machine.runtime.remove(id);
  }
  const three = await start(sandbox, "three");
  assert.notEqual(await holderOf(sandbox), before);
  assert.match(await output(three, "ps"), /\/pause -P/);
  const last = await holderOf(sandbox);
  await end(sandbox, three);
  assert.equal(await identifyProcess(last), undefined);
  assert.deepEqual(await readdir(`${machine.directory}/run/sandboxes`), []);
  assert.equal((await machine.cgroups.processes(sandbox.cgroup)).size, 0);
});
