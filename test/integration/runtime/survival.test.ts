/** What outlives an agent, and what its successor finds. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, watch } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { FileLogs } from "#node-agent/logs/file-logs.ts";
import { textOf } from "#node-agent/logs/log-text.fixture.ts";
import { containerId } from "#node-agent/runtime/container-id.ts";
import { containerSpec, exited, sandboxSpec } from "#node-agent/runtime/container-runtime.contract.ts";
import type { ContainerSpec } from "#node-agent/runtime/container-runtime.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { type Machine, openMachine } from "./machine.ts";

const never = new AbortController().signal;
const agentFile = fileURLToPath(new URL("./agent.inside.ts", import.meta.url));

/** Resolves when the log holds the words, by event. */
async function logged(path: string, words: string): Promise<void> {
  const deadline = AbortSignal.timeout(10_000);
  await new Promise<void>((resolve, reject) => {
    const look = (): void => {
      if (!readFileSync(path, "utf8").includes(words)) return;
      watcher.close();
      resolve();
    };
    const watcher = watch(dirname(path), look);
    deadline.addEventListener("abort", () => reject(new Error(`the log never says ${words}`)));
    look();
  });
}

suite("containers and their agents", () => {
  let machine: Machine;
  before(async () => {
    machine = await openMachine("crun");
  });
  after(async () => {
    await machine.close();
  });
  const started = async (script: string): Promise<ContainerSpec> => {
    const sandbox = await machine.sandboxes.create(sandboxSpec());
    const spec = containerSpec(machine, sandbox, { command: ["/bin/sh", "-c", script] });
    await machine.runtime.create(spec, never);
    await machine.runtime.start(spec.id);
    return spec;
  };

  test("an agent that is killed leaves its container running, with log and exit code for the next", async () => {
    const { podUid } = sandboxSpec();
    const directory = join(machine.directory, "run", "sandboxes", podUid);
    const sandbox = { podUid, namespaces: { network: "", ipc: "", uts: "" }, cgroup: "", directory };
    const spec = containerSpec(machine, sandbox, {
      command: ["/bin/sh", "-c", "trap 'echo after; exit 9' TERM; echo before; while :; do sleep 0.1; done"],
    });
    const agent = spawn(
      process.execPath,
      [agentFile, join(machine.directory, "run"), machine.cgroupRoot, JSON.stringify(spec)],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    const [line] = (await once(agent.stdout, "data", { signal: AbortSignal.timeout(10_000) })) as [Buffer];
    agent.kill("SIGKILL");
    await once(agent, "exit");
    const found = await machine.runtime.inspect(spec.id);
    assert.equal(found?.state, "running");
    assert.equal(found?.pid, Number(line.toString()));
    await logged(spec.logPath, "before");
    await machine.runtime.kill(spec.id, 15);
    await exited(machine.runtime, spec.id);
    assert.equal((await machine.runtime.inspect(spec.id))?.exitCode, 9);
    assert.match(await readFile(spec.logPath, "utf8"), / before\n.* after\n$/s);
  });

  test("a supervisor lives in a cgroup of its own, apart from agent and container", async () => {
    const spec = await started("sleep 1000");
    const supervisors = await machine.cgroups.processes(`${machine.cgroupRoot}/conmon`);
    const pid = Number(await readFile(join(machine.directory, "run", "containers", spec.id, "conmon.pid"), "utf8"));
    assert.ok(supervisors.has(pid));
    assert.ok(!(await machine.cgroups.processes(`${machine.cgroupRoot}/pods`)).has(pid));
    await machine.runtime.remove(spec.id);
  });

  test("a container without the note of its creation is taken over all the same", async () => {
    const spec = await started("sleep 1000");
    const { pid } = (await machine.runtime.inspect(spec.id)) ?? {};
    await rm(join(machine.directory, "run", "containers", spec.id, "record.json"));
    const found = await machine.runtime.inspect(spec.id);
    assert.equal(found?.state, "running");
    assert.equal(found?.pid, pid);
    await machine.runtime.remove(spec.id);
  });

  test("a sandbox that an agent was killed over is no sandbox for the next, which makes it anew", async () => {
    const spec = sandboxSpec();
    const { directory } = await machine.sandboxes.create(spec);
    await rm(join(directory, "sandbox.json"));
    await rm(join(directory, "etc", "hosts"));
    const { sandboxes } = await machine.reopen();
    assert.ok(!(await sandboxes.list()).some(({ podUid }) => podUid === spec.podUid));
    await sandboxes.create(spec);
    await sandboxes.writeNames(spec.podUid, { addresses: ["10.0.0.9"], nameservers: [] });
    assert.match(await readFile(join(directory, "etc", "hosts"), "utf8"), /^10\.0\.0\.9\s/m);
    await sandboxes.remove(spec.podUid);
  });

  test("a bundle whose container was never made is listed, and can be removed", async () => {
    const spec = await started("sleep 1000");
    const id = containerId({ podUid: spec.podUid, name: "half", attempt: 0 });
    const bundle = join(machine.directory, "run", "containers", id);
    await mkdir(bundle);
    await writeFile(join(bundle, "config.json"), "{}");
    assert.equal((await machine.runtime.inspect(id))?.state, "created");
    await machine.runtime.remove(id);
    assert.equal(await machine.runtime.inspect(id), undefined);
    await machine.runtime.remove(spec.id);
  });

  test("a pid that belongs to another process now is neither seen nor killed", async () => {
    const spec = await started("sleep 1000");
    const bundle = join(machine.directory, "run", "containers", spec.id);
    const record = JSON.parse(await readFile(join(bundle, "record.json"), "utf8")) as Record<string, unknown>;
    const stranger = spawn("/bin/sleep", ["1000"]);
    await writeFile(join(bundle, "record.json"), JSON.stringify({ ...record, pid: stranger.pid, startTicks: 1 }));
    await machine.runtime.kill(spec.id, 9);
    await machine.runtime.remove(spec.id);
    assert.equal(stranger.exitCode, null);
    assert.equal(stranger.kill("SIGKILL"), true);
  });

  test("when the supervisor is killed with its container, the end is seen without a code of its own", async () => {
    const spec = await started("sleep 1000");
    const pid = Number(await readFile(join(machine.directory, "run", "containers", spec.id, "conmon.pid"), "utf8"));
    process.kill(pid, "SIGKILL");
    await machine.runtime.kill(spec.id, 9);
    await exited(machine.runtime, spec.id);
    assert.equal((await machine.runtime.inspect(spec.id))?.exitCode, 137);
    await machine.runtime.remove(spec.id);
  });

  test("a log is rotated under a container that goes on writing, and nothing is lost", async () => {
    const { podUid } = sandboxSpec();
    const logs = new FileLogs({
      directory: join(machine.directory, "pod-logs"),
      clock: systemClock,
      logger: silentLogger,
      rotation: { maxBytes: 20_000, maxFiles: 50 },
      reopen: ({ container, ...key }) => machine.runtime.reopenLog(containerId({ ...key, name: container })),
    });
    await logs.start();
    const sandbox = await machine.sandboxes.create(sandboxSpec(podUid));
    const spec = containerSpec(machine, sandbox, {
      command: [
        "/bin/sh",
        "-c",
        "i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); [ $((i % 200)) = 0 ] && sleep 0.02; done; true",
      ],
      logPath: logs.pathFor(podUid, "main", 0),
    });
    await machine.runtime.create(spec, never);
    const query = { podUid, container: "main", attempt: 0, follow: true, timestamps: false };
    const followed = textOf(logs.read(query, never));
    await machine.runtime.start(spec.id);
    const end = exited(machine.runtime, spec.id);
    for (let isOver = false; !isOver; ) {
      isOver = await Promise.race([end.then(() => true), logs.checkSizes().then(() => false)]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    logs.ended(podUid, "main", 0);
    const expected = Array.from({ length: 3000 }, (_, at) => `line ${at}\n`).join("");
    assert.equal(await followed, expected);
    assert.equal(await textOf(logs.read({ ...query, follow: false }, never)), expected);
    const files = await readdir(join(machine.directory, "pod-logs", podUid, "main"));
    assert.ok(files.length > 2, files.join());
    logs.stop();
  });
});
