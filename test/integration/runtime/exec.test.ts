/** Further processes in a container, on crun and runc. */
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { after, before, suite, test } from "node:test";
import { containerSpec, exited, sandboxSpec } from "#node-agent/runtime/container-runtime.contract.ts";
import type { ContainerSpec, ExecOptions, ExecSession } from "#node-agent/runtime/container-runtime.ts";
import { Problem } from "#proto/kit/problem.ts";
import { type Machine, openMachine } from "./machine.ts";

const never = new AbortController().signal;

async function text(stream: Readable): Promise<string> {
  return (await stream.toArray()).join("");
}

for (const name of ["crun", "runc"] as const) {
  suite(`exec by ${name}`, () => {
    let machine: Machine;
    let spec: ContainerSpec;
    const keepAlive = setInterval(() => undefined, 1_000);
    before(async () => {
      machine = await openMachine(name);
      const sandbox = await machine.sandboxes.create(sandboxSpec());
      spec = containerSpec(machine, sandbox, {
        podSecurity: { runAsUser: 1000, runAsGroup: 1001 },
        env: [{ name: "GREETING", value: "hi" }],
        command: ["/bin/sh", "-c", "trap 'exit 0' TERM; while :; do sleep 1; done"],
      });
      await machine.runtime.create(spec, never);
      await machine.runtime.start(spec.id);
    });
    after(async () => {
      clearInterval(keepAlive);
      await machine.runtime.remove(spec.id);
      await machine.sandboxes.remove(spec.podUid);
      await machine.close();
    });
    const exec = (script: string, options: Partial<ExecOptions> = {}, signal = never): Promise<ExecSession> =>
      machine.runtime.exec(
        spec.id,
        { command: ["/bin/sh", "-c", script], stdin: false, terminal: false, ...options },
        signal,
      );

    test("both outputs are kept apart and the exit code comes back", async () => {
      const session = await exec("echo out; echo err >&2; echo again >/dev/stdout; exit 5");
      const [out, err, code] = await Promise.all([text(session.stdio), text(session.stderr), session.exitCode]);
      assert.deepEqual({ out, err, code }, { out: "out\nagain\n", err: "err\n", code: 5 });
    });

    test("it has the container's user, environment and confinement", async () => {
      const session = await exec(
        "id -u; echo $GREETING; grep -E '^(Seccomp|CapInh|CapEff):' /proc/self/status; ls /proc/$$/fd; true",
      );
      const output = await text(session.stdio);
      assert.match(output, /^1000\nhi\n/);
      assert.match(output, /CapInh:\s*0{16}\nCapEff:\s*0{16}\nSeccomp:\s*2\n/);
      assert.match(output, /\n0\n1\n2\n$/);
      assert.equal(await session.exitCode, 0);
    });

    test("what is written is its input, and ending it is its end", async () => {
      const session = await exec("cat", { stdin: true });
      const bytes = Buffer.alloc(300_000, "0123456789");
      session.stdio.end(bytes);
      assert.equal((await text(session.stdio)).length, bytes.length);
      assert.equal(await session.exitCode, 0);
    });

    test("killing reaches the process itself", async () => {
      const session = await exec("echo up; exec sleep 1000");
      await new Promise((resolve) => session.stdio.once("data", resolve));
      session.kill();
      assert.equal(await session.exitCode, 137);
    });

    test("a caller who goes away takes the process along", async () => {
      const caller = new AbortController();
      const session = await exec("echo up; exec sleep 1000", {}, caller.signal);
      await new Promise((resolve) => session.stdio.once("data", resolve));
      caller.abort();
      assert.equal(await session.exitCode, 137);
      await assert.rejects(exec("true", {}, caller.signal), (thrown) => Problem.is(thrown, "canceled"));
    });

    test("a command that is not there fails without harm", async () => {
      const session = await exec("", { command: ["/no/such/program"] });
      const [, words, code] = await Promise.all([text(session.stdio), text(session.stderr), session.exitCode]);
      assert.notEqual(code, 0);
      assert.match(words, /no such file|not found/i);
    });

    test("nothing stays behind", async () => {
      const left = await readdir(join(machine.directory, "run", "containers", spec.id));
      assert.deepEqual(
        left.filter((file) => file.startsWith("exec-")),
        [],
      );
    });

    test("no process enters a container that has ended", async () => {
      await machine.runtime.kill(spec.id, 15);
      await exited(machine.runtime, spec.id);
      await assert.rejects(exec("true"), (thrown) => Problem.is(thrown, "conflict"));
    });
  });
}
