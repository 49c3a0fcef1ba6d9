/** Many lives of pods leave nothing: no open file of the agent, no process, mount, cgroup, file. */
import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { mountsBelow } from "#node-agent/host/mounts.ts";
import { commands, containerSpec, exited, sandboxSpec } from "#node-agent/runtime/container-runtime.contract.ts";
import { type Machine, openMachine } from "./machine.ts";

const never = new AbortController().signal;
const rounds = 8;

async function live(machine: Machine, round: number): Promise<void> {
  const sandbox = await machine.sandboxes.create(sandboxSpec());
  const spec = containerSpec(machine, sandbox, { command: round % 2 === 0 ? commands.forever : commands.exits(0) });
  await machine.runtime.create(spec, never);
  if (round % 4 !== 3) await machine.runtime.start(spec.id);
  if (round % 2 === 0) {
    const session = await machine.runtime.exec(
      spec.id,
      { command: ["/bin/true"], stdin: true, terminal: false },
      never,
    );
    session.stdio.end();
    await Promise.all([session.stdio.toArray(), session.stderr.toArray(), session.exitCode]);
    await machine.runtime.kill(spec.id, 9);
  }
  if (round % 4 !== 3) await exited(machine.runtime, spec.id);
  await machine.runtime.remove(spec.id);
  await machine.sandboxes.remove(sandbox.podUid);
  // and one that cannot be made
  const other = await machine.sandboxes.create(sandboxSpec());
  await assert.rejects(machine.runtime.create(containerSpec(machine, other, { command: ["/no"] }), never));
  await machine.sandboxes.remove(other.podUid);
}

/** Files, pipes and sockets; what is still being closed is given some turns of the loop. */
async function openFiles(expected: number): Promise<number> {
  const count = async (): Promise<number> => (await readdir("/proc/self/fd")).length;
  for (let turn = 0; turn < 1_000 && (await count()) > expected; turn++) await new Promise(setImmediate);
  return count();
}

for (const name of ["crun", "runc"] as const) {
  test(`pods come and go by ${name} without a trace`, async () => {
    const machine = await openMachine(name);
    try {
      await live(machine, 0);
      const before = await openFiles(0);
      for (let round = 1; round <= rounds; round++) await live(machine, round);
      assert.equal(await openFiles(before), before);
      const run = join(machine.directory, "run");
      for (const folder of ["containers", "sandboxes", "exits", "oci"])
        assert.deepEqual(await readdir(join(run, folder)), []);
      const mounts = (await mountsBelow(run)).map((mount) => mount.mountPoint);
      assert.deepEqual(mounts, [run, join(run, name)]);
      assert.deepEqual([...(await machine.cgroups.children(`${machine.cgroupRoot}/pods`))], []);
      assert.deepEqual([...(await machine.cgroups.processes(machine.cgroupRoot))], []);
      const mountTable = await readFile("/proc/self/mountinfo", "utf8");
      assert.ok(!mountTable.includes(`${run}/sandboxes`));
    } finally {
      await machine.close();
    }
  });
}

test("a creation that is called off at any moment leaves nothing", async () => {
  const machine = await openMachine("crun");
  try {
    const sandbox = await machine.sandboxes.create(sandboxSpec());
    for (let attempt = 0; attempt < 12; attempt++) {
      const caller = new AbortController();
      const spec = containerSpec(machine, sandbox, { attempt });
      const created = machine.runtime.create(spec, caller.signal);
      setTimeout(() => caller.abort(), attempt * 3);
      const isMade = await created.then(
        () => true,
        () => false,
      );
      if (isMade) await machine.runtime.remove(spec.id);
      assert.equal(await machine.runtime.inspect(spec.id), undefined);
    }
    assert.deepEqual([...(await machine.cgroups.processes(machine.cgroupRoot))], []);
    for (const folder of ["containers", "exits", "oci"])
      assert.deepEqual(await readdir(join(machine.directory, "run", folder)), []);
    await machine.sandboxes.remove(sandbox.podUid);
  } finally {
    await machine.close();
  }
});

test("a creation that fails at any point can be tried again under the same name, also while somebody looks", async () => {
  const machine = await openMachine("crun");
  try {
    const sandbox = await machine.sandboxes.create(sandboxSpec());
    const spec = containerSpec(machine, sandbox);
    await writeFile(join(machine.directory, "file"), "");
    const unloggable = { ...spec, logPath: join(machine.directory, "file", "x.log") };
    await assert.rejects(machine.runtime.create(unloggable, never), /ENOTDIR|EEXIST/);
    const made = machine.runtime.create(spec, never);
    let isMade = false;
    const over = made.finally(() => {
      isMade = true;
    });
    while (!isMade) {
      await machine.runtime.list();
      await new Promise(setImmediate);
    }
    await over;
    await machine.runtime.start(spec.id);
    assert.equal((await machine.runtime.inspect(spec.id))?.state, "running");
    await machine.runtime.remove(spec.id);
    await machine.sandboxes.remove(sandbox.podUid);
  } finally {
    await machine.close();
  }
});
