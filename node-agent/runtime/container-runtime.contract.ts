/** What every pair of SandboxRuntime and ContainerRuntime must do. Run on the fake in unit tests, on crun and runc as root. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, suite, test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import type { AgentFaultPoint } from "../fault-points.ts";
import { containerId } from "./container-id.ts";
import type { ContainerRuntime, ContainerSpec, Sandbox, SandboxRuntime, SandboxSpec } from "./container-runtime.ts";

export interface RuntimeUnderTest {
  readonly runtime: ContainerRuntime;
  readonly sandboxes: SandboxRuntime;
  /** Fault points passed so far. */
  readonly visited: readonly AgentFaultPoint[];
  /** A second agent on the same machine. */
  reopen(): Promise<{ readonly runtime: ContainerRuntime; readonly sandboxes: SandboxRuntime }>;
  readonly rootfs: string;
  logPath(id: string): string;
  close(): Promise<void>;
}

/** Commands of the test image. The fake reads the same words. */
export const commands = {
  forever: ["/bin/sleep", "1000"],
  exits: (code: number) => ["/bin/sh", "-c", `exit ${code}`],
  ignoresTerm: ["/bin/sh", "-c", "trap '' TERM; while :; do sleep 1000; done"],
} as const;

const eventTimeoutMs = 20_000;

export function sandboxSpec(podUid = randomUUID() as string, changes: Partial<SandboxSpec> = {}): SandboxSpec {
  return {
    podUid,
    podNamespace: "default",
    podName: "web",
    hostname: "web",
    hostNetwork: false,
    hostPid: false,
    hostIpc: false,
    sysctls: {},
    ...changes,
  };
}

export function containerSpec(
  target: Pick<RuntimeUnderTest, "rootfs" | "logPath">,
  sandbox: Sandbox,
  changes: Partial<ContainerSpec> = {},
): ContainerSpec {
  const { podUid } = sandbox;
  const { name = "main", attempt = 0 } = changes;
  const id = containerId({ podUid, name, attempt });
  return {
    id,
    podUid,
    podNamespace: "default",
    podName: "web",
    name,
    attempt,
    sandbox,
    rootfs: target.rootfs,
    image: {
      user: "",
      env: [],
      entrypoint: [],
      command: [],
      workingDirectory: "",
      stopSignal: undefined,
      volumes: [],
      labels: {},
    },
    command: commands.forever,
    args: undefined,
    workingDirectory: undefined,
    env: [],
    mounts: [],
    resources: undefined,
    podSecurity: undefined,
    security: undefined,
    hostPid: false,
    init: false,
    terminal: false,
    stdin: false,
    stdinOnce: false,
    logPath: target.logPath(id),
    ...changes,
  };
}

/** Resolves when the container is seen as exited, by event. */
export async function exited(runtime: ContainerRuntime, id: string): Promise<void> {
  const signal = AbortSignal.timeout(eventTimeoutMs);
  await new Promise<void>((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error(`container ${id} did not end`)));
    const look = async (): Promise<void> => {
      if ((await runtime.inspect(id))?.state !== "exited") return;
      stop();
      resolve();
    };
    const stop = runtime.onExit((ended) => {
      if (ended === id) look().catch(reject);
    });
    look().catch(reject);
  });
}

export function containerRuntimeContract(name: string, open: () => Promise<RuntimeUnderTest>): void {
  suite(`${name} as sandbox and container runtime`, () => {
    let target: RuntimeUnderTest;
    const signal = new AbortController().signal;
    const keepAlive = setInterval(() => undefined, 1_000);
    before(async () => {
      target = await open();
    });
    after(async () => {
      clearInterval(keepAlive);
      for (const { id } of await target.runtime.list()) await target.runtime.remove(id);
      for (const { podUid } of await target.sandboxes.list()) await target.sandboxes.remove(podUid);
      await target.close();
    });
    const make = async (changes: Partial<ContainerSpec> = {}): Promise<ContainerSpec> =>
      containerSpec(target, await target.sandboxes.create(sandboxSpec()), changes);

    test("a sandbox is made once per pod, found again and listed", async () => {
      const spec = sandboxSpec();
      assert.equal(await target.sandboxes.find(spec.podUid), undefined);
      const sandbox = await target.sandboxes.create(spec);
      assert.deepEqual(await target.sandboxes.create(spec), sandbox);
      assert.deepEqual(await target.sandboxes.find(spec.podUid), sandbox);
      assert.ok((await target.sandboxes.list()).some(({ podUid }) => podUid === spec.podUid));
    });

    test("every step of a container's life is a fault point, in the order of the steps", async () => {
      const from = target.visited.length;
      const spec = await make();
      await target.runtime.create(spec, signal);
      await target.runtime.start(spec.id);
      await target.runtime.remove(spec.id);
      await target.sandboxes.remove(spec.podUid);
      assert.deepEqual(target.visited.slice(from), [
        ...["sandbox:directory", "sandbox:namespaces", "sandbox:cgroup", "sandbox:record"],
        ...["container:bundle", "container:config", "container:supervisor", "container:created", "container:record"],
        ...["container:released", "container:start-record"],
        ...["container:killed", "container:supervisor-ended", "container:cgroup-removed", "container:bundle-removed"],
        ...["sandbox:cgroup-removed", "sandbox:unpinned"],
      ]);
    });

    test("what shared processes hang on is made once, by steps that are fault points", async () => {
      const sandbox = await target.sandboxes.create(sandboxSpec());
      const from = target.visited.length;
      const path = await target.runtime.holdProcesses(sandbox);
      assert.equal(await target.runtime.holdProcesses(sandbox), path);
      assert.deepEqual(target.visited.slice(from), ["holder:started", "holder:record"]);
      const spec = containerSpec(target, sandbox, { pidNamespace: path });
      await target.runtime.create(spec, signal);
      assert.equal((await target.runtime.start(spec.id)).state, "running");
      await target.runtime.remove(spec.id);
    });

    test("a removed sandbox is gone, and removing it again is fine", async () => {
      const spec = sandboxSpec();
      await target.sandboxes.create(spec);
      await target.sandboxes.remove(spec.podUid);
      await target.sandboxes.remove(spec.podUid);
      assert.equal(await target.sandboxes.find(spec.podUid), undefined);
      assert.ok(!(await target.sandboxes.list()).some(({ podUid }) => podUid === spec.podUid));
    });

    test("a pod on the host's network shares its namespaces", async () => {
      const sandbox = await target.sandboxes.create(sandboxSpec(undefined, { hostNetwork: true }));
      assert.equal(sandbox.namespaces.network, "/proc/self/ns/net");
      assert.equal(sandbox.namespaces.uts, "/proc/self/ns/uts");
      assert.notEqual(sandbox.namespaces.ipc, "/proc/self/ns/ipc");
    });

    test("a container is created, then started, then runs with one pid", async () => {
      const spec = await make();
      const created = await target.runtime.create(spec, signal);
      assert.equal(created.state, "created");
      const started = await target.runtime.start(spec.id);
      assert.equal(started.state, "running");
      assert.ok(started.pid !== undefined && started.pid === created.pid);
      assert.ok(started.startedAtMs !== undefined);
      assert.deepEqual(await target.runtime.inspect(spec.id), started);
    });

    test("the longest names Kubernetes allows are fine", async () => {
      const spec = await make({ name: "n".repeat(63), attempt: 123_456 });
      await target.runtime.create(spec, signal);
      assert.equal((await target.runtime.start(spec.id)).state, "running");
      await target.runtime.remove(spec.id);
    });

    test("a container id is taken once", async () => {
      const spec = await make();
      await target.runtime.create(spec, signal);
      await assert.rejects(target.runtime.create(spec, signal), (thrown) => Problem.is(thrown, "already-exists"));
    });

    test("an exit is told, with its code and time", async () => {
      const spec = await make({ command: commands.exits(7) });
      await target.runtime.create(spec, signal);
      await target.runtime.start(spec.id);
      await exited(target.runtime, spec.id);
      const observation = await target.runtime.inspect(spec.id);
      assert.equal(observation?.exitCode, 7);
      assert.equal(observation?.signal, undefined);
      assert.equal(observation?.oomKilled, false);
      assert.ok(observation?.finishedAtMs !== undefined);
    });

    test("SIGKILL ends what ignores SIGTERM", async () => {
      const spec = await make({ command: commands.ignoresTerm });
      await target.runtime.create(spec, signal);
      await target.runtime.start(spec.id);
      await target.runtime.kill(spec.id, 15);
      assert.equal((await target.runtime.inspect(spec.id))?.state, "running");
      await target.runtime.kill(spec.id, 9);
      await exited(target.runtime, spec.id);
      const observation = await target.runtime.inspect(spec.id);
      assert.equal(observation?.exitCode, 137);
      assert.equal(observation?.signal, 9);
      await target.runtime.kill(spec.id, 15); // gone: fine
    });

    test("what is paused stays so for another agent, goes on when told, and dies of SIGKILL all the same", async () => {
      const spec = await make({ command: commands.ignoresTerm });
      await target.runtime.create(spec, signal);
      await assert.rejects(target.runtime.pause(spec.id), (thrown) => Problem.is(thrown, "conflict"));
      const started = await target.runtime.start(spec.id);
      assert.equal(started.paused, undefined);
      assert.equal((await target.runtime.pause(spec.id)).paused, true);
      assert.equal((await target.runtime.pause(spec.id)).paused, true);
      const other = await target.reopen();
      assert.equal((await other.runtime.inspect(spec.id))?.paused, true);
      assert.deepEqual(await other.runtime.resume(spec.id), started);
      assert.deepEqual(await other.runtime.resume(spec.id), started);
      await other.runtime.pause(spec.id);
      await other.runtime.kill(spec.id, 9);
      await exited(other.runtime, spec.id);
      assert.equal((await other.runtime.inspect(spec.id))?.paused, undefined);
      await other.runtime.close();
    });

    test("a paused container is removed like any other", async () => {
      const spec = await make();
      await target.runtime.create(spec, signal);
      await target.runtime.start(spec.id);
      await target.runtime.pause(spec.id);
      await target.runtime.remove(spec.id);
      assert.equal(await target.runtime.inspect(spec.id), undefined);
    });

    test("a running container is removed with all it had, twice is fine", async () => {
      const spec = await make();
      await target.runtime.create(spec, signal);
      await target.runtime.start(spec.id);
      await target.runtime.remove(spec.id);
      await target.runtime.remove(spec.id);
      assert.equal(await target.runtime.inspect(spec.id), undefined);
      assert.ok(!(await target.runtime.list()).some(({ id }) => id === spec.id));
    });

    test("a container that was never started can be removed", async () => {
      const spec = await make();
      await target.runtime.create(spec, signal);
      await target.runtime.remove(spec.id);
      assert.equal(await target.runtime.inspect(spec.id), undefined);
    });

    test("another agent finds what runs and what has ended, and hears of exits", async () => {
      const running = await make();
      const ended = await make({ command: commands.exits(3) });
      for (const spec of [running, ended]) {
        await target.runtime.create(spec, signal);
        await target.runtime.start(spec.id);
      }
      await exited(target.runtime, ended.id);
      const before = await target.runtime.inspect(running.id);
      const other = await target.reopen();
      const found = new Map((await other.runtime.list()).map((observation) => [observation.id, observation]));
      assert.deepEqual(found.get(running.id), before);
      assert.equal(found.get(ended.id)?.exitCode, 3);
      assert.deepEqual(await other.sandboxes.find(running.podUid), running.sandbox);
      await other.runtime.kill(running.id, 9);
      await exited(other.runtime, running.id);
      await other.runtime.close();
    });

    test("what is unknown is not there", async () => {
      const id = containerId({ podUid: randomUUID(), name: "main", attempt: 0 });
      assert.equal(await target.runtime.inspect(id), undefined);
      await target.runtime.kill(id, 9);
      await target.runtime.remove(id);
      await assert.rejects(target.runtime.start(id), (thrown) => Problem.is(thrown, "not-found"));
      await assert.rejects(target.runtime.inspect("../../etc"), (thrown) => Problem.is(thrown, "bad-request"));
    });
  });
}
