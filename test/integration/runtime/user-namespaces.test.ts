/** Pods with users of their own: what they are inside, what they are on the node, and that nothing of the node becomes theirs. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { chmod, chown, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { mountsBelow } from "#node-agent/host/mounts.ts";
import { containerSpec, sandboxSpec } from "#node-agent/runtime/container-runtime.contract.ts";
import type { ContainerSpec } from "#node-agent/runtime/container-runtime.ts";
import { sleep, systemClock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { type Machine, openMachine } from "./machine.ts";
import { run, sh } from "./run-container.ts";

const signal = new AbortController().signal;
let machine: Machine;

before(async () => {
  machine = await openMachine("crun");
  // The root file system here is the node's own: nobody of the pod can make what mounts need.
  for (const name of ["hosts", "hostname", "resolv.conf"]) await writeFile(join(machine.rootfs, "etc", name), "");
});
after(async () => {
  await machine.close();
});

const ownUsers = { ownUsers: true };
const inside = async (script: string, changes: Partial<ContainerSpec> = {}): Promise<string> =>
  (await run(machine, { command: sh(`exec 2>&1; ${script}`), ...changes }, ownUsers)).output;

async function folder(): Promise<string> {
  const path = join(machine.directory, randomUUID());
  await mkdir(path, { mode: 0o777 });
  await chmod(path, 0o777);
  return path;
}

test("root inside is nobody on the node, in namespaces that its own user namespace owns", async () => {
  let onNode = "";
  const { output } = await run(
    machine,
    {
      command: sh(
        "id -u; cat /proc/self/uid_map; hostname other && hostname; mount -t tmpfs x /tmp; echo done; sleep 1000",
      ),
    },
    ownUsers,
    async (spec) => {
      const { pid } = (await machine.runtime.inspect(spec.id)) ?? {};
      onNode = await readFile(`/proc/${pid}/status`, "utf8");
      while (!(await readFile(spec.logPath, "utf8")).includes("done")) await sleep(systemClock, 20);
      await machine.runtime.exec(spec.id, { command: ["/bin/true"], stdin: false, terminal: false }, signal);
      await machine.runtime.kill(spec.id, 9);
    },
  );
  const first = Number(/^Uid:\t(\d+)/m.exec(onNode)?.[1]);
  assert.ok(first >= 0x7000_0000, onNode);
  assert.match(onNode, new RegExp(`^Gid:\\t${first}\\t`, "m"));
  assert.match(output, new RegExp(`^0\n +0 +${first} +65536\n`));
});

test("volumes have the owners inside that they have on the node, and what is written is the pod's there", async () => {
  const volume = await folder();
  await writeFile(join(volume, "of-1000"), "");
  await chown(join(volume, "of-1000"), 1000, 2000);
  const output = await inside("stat -c %u:%g /data/of-1000; echo x >/data/new; stat -c %u:%g /data/new", {
    mounts: [{ source: volume, destination: "/data", readOnly: false }],
  });
  assert.equal(output, "1000:2000\n0:0");
  const { uid, gid } = await stat(join(volume, "new"));
  assert.deepEqual([uid, gid], [0, 0]);
});

test("no device of the node becomes the pod's, whoever runs and however it is started", async () => {
  const before = await stat("/dev/null");
  for (const podSecurity of [{}, { runAsUser: 1000, runAsGroup: 1000 }]) {
    const looked = await inside(
      "stat -c %u /dev/null /dev/zero; stat -L -c %t:%T /proc/1/fd/0; echo x >/dev/null && echo fine; cat",
      {
        podSecurity,
      },
    );
    assert.match(looked, /1:3\nfine$/, "its input is a null device, and at its end");
    await run(machine, { command: sh("sleep 1000"), podSecurity }, ownUsers, async (spec) => {
      const options = { command: ["/bin/chmod", "0", "/dev/null", "/proc/self/fd/0"], stdin: false, terminal: false };
      const session = await machine.runtime.exec(spec.id, options, signal);
      await session.exitCode;
      await machine.runtime.kill(spec.id, 9);
    });
  }
  const after = await stat("/dev/null");
  assert.deepEqual([after.uid, after.gid, after.mode], [before.uid, before.gid, before.mode]);
});

test("a pod has a terminal, init and everyday files as any other", async () => {
  const { output, exitCode } = await run(
    machine,
    {
      command: sh(
        "tty=$(ls -l /proc/1/fd/0); cat /etc/hostname; echo new >/etc/hosts; echo shm >/dev/shm/x; cat /dev/shm/x; exit 3",
      ),
      terminal: true,
      stdin: true,
    },
    { ...ownUsers, hostname: "own" },
  );
  assert.equal(output.replaceAll("\r", ""), "own\nshm");
  assert.equal(exitCode, 3);
});

test("/proc is unmasked for who asks and is nobody outside; others have it masked", async () => {
  const script =
    "head -c 1 /proc/keys | wc -c; ls -d /proc/sys/kernel >/dev/null; cat /proc/self/mountinfo | grep -c ' /proc/'";
  assert.match(await inside(script, { security: { procMount: "Unmasked" } }), /\n0$/);
  assert.doesNotMatch(await inside(script), /\n0$/);
});

test("ids that a pod does not have are refused", async () => {
  const sandbox = await machine.sandboxes.create(sandboxSpec(undefined, ownUsers));
  const spec = containerSpec(machine, sandbox, { podSecurity: { runAsUser: 70_000 } });
  await assert.rejects(machine.runtime.create(spec, signal), (thrown) => Problem.is(thrown, "invalid"));
  await machine.sandboxes.remove(sandbox.podUid);
});

test("each pod has a range of its own, known to another agent, and free again with the pod; nothing is left of what containers were made from", async () => {
  const [one, two] = [
    await machine.sandboxes.create(sandboxSpec(undefined, ownUsers)),
    await machine.sandboxes.create(sandboxSpec(undefined, ownUsers)),
  ];
  assert.ok(one.users && two.users);
  assert.equal(two.users.first - one.users.first, 65_536);
  const spec = containerSpec(machine, one);
  await machine.runtime.create(spec, signal);
  assert.deepEqual(
    (await readdir(one.directory)).filter((name) => name.startsWith("stage")),
    [],
  );
  const other = await machine.reopen();
  assert.deepEqual((await other.sandboxes.find(one.podUid))?.users, one.users);
  await other.runtime.close();
  await machine.runtime.remove(spec.id);
  await machine.sandboxes.remove(one.podUid);
  assert.deepEqual(await mountsBelow(one.directory), []);
  const three = await machine.sandboxes.create(sandboxSpec(undefined, ownUsers));
  assert.equal(three.users?.first, one.users.first);
  for (const { podUid } of [two, three]) await machine.sandboxes.remove(podUid);
});
