/** The init process as it behaves in a container, on crun and runc: zombies, signals, exit codes, and what it leaves in the image. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { blockOf } from "#node-agent/logs/log-blocks.ts";
import { LogText } from "#node-agent/logs/log-text.ts";
import { containerSpec, exited, sandboxSpec } from "#node-agent/runtime/container-runtime.contract.ts";
import type { ContainerObservation, ContainerSpec } from "#node-agent/runtime/container-runtime.ts";
import { untilInitTakes } from "#node-agent/runtime/init-process.ts";
import { sleep, systemClock } from "#proto/kit/clock.ts";
import { type Machine, openMachine } from "./machine.ts";

const signal = new AbortController().signal;
const sh = (script: string): readonly string[] => ["/bin/sh", "-c", script];
const [sigterm, sighup] = [15, 1];

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const untilMs = systemClock.monotonicMs() + 60_000;
  while (!(await condition())) {
    if (systemClock.monotonicMs() > untilMs) throw new Error(`not within a minute: ${what}`);
    await sleep(systemClock, 20);
  }
}

for (const name of ["crun", "runc"] as const) {
  suite(`the init process with ${name}`, () => {
    let machine: Machine;
    before(async () => {
      machine = await openMachine(name);
      assert.ok(machine.runtime.initProgram, "install tini");
    });
    after(async () => {
      await machine.close();
    });

    const begin = async (changes: Partial<ContainerSpec>): Promise<ContainerSpec> => {
      const sandbox = await machine.sandboxes.create(sandboxSpec());
      const spec = containerSpec(machine, sandbox, { init: true, ...changes });
      await machine.runtime.create(spec, signal);
      await machine.runtime.start(spec.id);
      return spec;
    };
    const output = async ({ logPath }: ContainerSpec): Promise<string> =>
      new LogText({ sinceMs: undefined, timestamps: false, limitBytes: undefined })
        .push(blockOf(await readFile(logPath)))
        .toString()
        .trimEnd();
    const finish = async (spec: ContainerSpec): Promise<ContainerObservation> => {
      await exited(machine.runtime, spec.id);
      const observation = await machine.runtime.inspect(spec.id);
      assert.ok(observation);
      await machine.runtime.remove(spec.id);
      await machine.sandboxes.remove(spec.podUid);
      return observation;
    };
    const hasSaid = (spec: ContainerSpec, text: string): Promise<void> =>
      until(async () => (await output(spec)).includes(text), `the container says ${text}`);

    test("5,000 orphans that end are reaped, under the limit of processes", async () => {
      // sleep reaps nobody: without an init process all of them would stay
      const script = "( (i=0; while [ $i -lt 5000 ]; do ( : & ); i=$((i+1)); done; echo made $i) & ); exec sleep 1000";
      const spec = await begin({ command: sh(script) });
      await hasSaid(spec, "made 5000");
      const { cgroup } = spec.sandbox;
      await until(
        async () => (await machine.cgroups.processes(join(cgroup, spec.id))).size === 2,
        "only the init process and the command are left",
      );
      await machine.runtime.kill(spec.id, sigterm);
      assert.equal((await finish(spec)).exitCode, 143);
    });

    test("a signal reaches the command, and its exit code is the container's", async () => {
      const script = "trap 'echo again' HUP; trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done";
      const spec = await begin({ command: sh(script) });
      await hasSaid(spec, "ready");
      await machine.runtime.kill(spec.id, sighup);
      await hasSaid(spec, "again");
      await machine.runtime.kill(spec.id, sigterm);
      assert.equal((await finish(spec)).exitCode, 7);
    });

    test("a command without a handler ends at SIGTERM, as one that is no first process", async () => {
      const spec = await begin({ command: ["/bin/sleep", "1000"] });
      await machine.runtime.kill(spec.id, sigterm);
      const { exitCode, signal: by } = await finish(spec);
      assert.deepEqual([exitCode, by], [143, sigterm]);
    });

    test("an init that has started its command is not waited for: a hundred that stop would wait one after the other", async () => {
      const spec = await begin({ command: sh("echo ready; exec sleep 1000") });
      await hasSaid(spec, "ready");
      const pid = (await machine.runtime.inspect(spec.id))?.pid ?? 0;
      const impatient = { ...systemClock, after: () => assert.fail("it waits") };
      for (const number of [sigterm, sighup]) await untilInitTakes(pid, number, impatient);
      await machine.runtime.kill(spec.id, 9);
      await finish(spec);
    });

    test("SIGKILL ends all of it, whatever ignores what", async () => {
      const spec = await begin({ command: sh("trap '' TERM; echo ready; while :; do sleep 1000; done") });
      await hasSaid(spec, "ready");
      await machine.runtime.kill(spec.id, sigterm);
      assert.equal((await machine.runtime.inspect(spec.id))?.state, "running");
      await machine.runtime.kill(spec.id, 9);
      assert.equal((await finish(spec)).exitCode, 137);
    });

    test("inside, it is the first process, holds no files of the host and cannot be written", async () => {
      const script =
        "exec 2>&1; cat /proc/1/cmdline; echo; ls /proc/1/fd; (echo x >/proc/1/exe); (echo x >/dev/init); kill -9 1; echo on";
      const spec = await begin({ command: sh(script) });
      await exited(machine.runtime, spec.id);
      const text = await output(spec);
      assert.match(text, /^\/dev\/init/);
      assert.match(text, /\n0\n1\n2\n/);
      assert.equal(text.match(/exe: |init: /g)?.length, 2, text);
      assert.match(text, /on$/);
      assert.equal((await finish(spec)).exitCode, 0);
    });

    test("a command that does not exist is said so before anything is made", async () => {
      const sandbox = await machine.sandboxes.create(sandboxSpec());
      const spec = containerSpec(machine, sandbox, { init: true, command: ["no-such-program"] });
      await assert.rejects(machine.runtime.create(spec, signal), { code: "invalid", message: /no-such-program/ });
      assert.equal(await machine.runtime.inspect(spec.id), undefined);
      await machine.sandboxes.remove(spec.podUid);
    });
  });
}
