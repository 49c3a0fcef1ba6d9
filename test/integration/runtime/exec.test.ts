/** Further processes in a container, on crun and runc. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { statSync } from "node:fs";
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

type Exec = (script: string, options?: Partial<ExecOptions>, signal?: AbortSignal) => Promise<ExecSession>;

/** Collects what a terminal shows, and waits for it. */
class Screen {
  readonly #session: ExecSession;
  #shown = "";

  constructor(session: ExecSession) {
    this.#session = session;
    session.stdio.on("data", (chunk) => {
      this.#shown += String(chunk);
    });
  }

  async shows(pattern: RegExp): Promise<void> {
    const deadline = AbortSignal.timeout(20_000);
    while (!pattern.test(this.#shown)) {
      await once(this.#session.stdio, "data", { signal: deadline }).catch(() => {
        assert.fail(`${pattern} did not show; this did: ${JSON.stringify(this.#shown)}`);
      });
    }
  }
}

function terminalTests(exec: Exec): void {
  const terminal = (script: string, size = { rows: 33, columns: 111 }): Promise<ExecSession> =>
    exec(script, { terminal: true, stdin: true, size });

  test("a terminal is one in the container, of the client's size, and tells of changes", async () => {
    const session = await terminal(
      "tty; stty size; trap 'stty size; exit 7' WINCH; echo ready; while :; do sleep 0.1; done",
    );
    const screen = new Screen(session);
    await screen.shows(/^\/dev\/pts\/\d+\r\n33 111\r\nready\r\n/);
    session.resize(44, 122);
    await screen.shows(/44 122\r\n$/);
    assert.equal(await session.exitCode, 7);
  });

  test("Ctrl-C interrupts, and TERM is set", async () => {
    const session = await terminal("trap 'echo interrupted; exit 3' INT; echo $TERM; while :; do sleep 0.1; done");
    const screen = new Screen(session);
    await screen.shows(/xterm\r\n/);
    session.stdio.write("\x03");
    await screen.shows(/interrupted\r\n/);
    assert.equal(await session.exitCode, 3);
  });

  test("what is typed arrives, and the end of input is Ctrl-D", async () => {
    const session = await terminal("cat; echo over");
    const screen = new Screen(session);
    session.stdio.write("hello\r");
    await screen.shows(/hello\r\nhello\r\n/);
    session.stdio.end();
    await screen.shows(/over\r\n/);
    assert.equal(await session.exitCode, 0);
  });

  test("a caller who goes away hangs up", async () => {
    const caller = new AbortController();
    const session = await exec("echo up; exec sleep 1000", { terminal: true }, caller.signal);
    await new Screen(session).shows(/up/);
    caller.abort();
    assert.equal(await session.exitCode, 137);
  });

  test("a command that is not there says so on the terminal", async () => {
    const session = await exec("", { command: ["/no/such/program"], terminal: true });
    const [out, err, code] = await Promise.all([text(session.stdio), text(session.stderr), session.exitCode]);
    assert.equal(code, 127);
    assert.match(out + err, /no such file|not found/i);
  });

  test("a megabyte through a terminal arrives whole", async () => {
    const session = await terminal("head -c 1000000 /dev/zero | tr '\\0' x; echo; echo end");
    const shown = await text(session.stdio);
    assert.equal(await session.exitCode, 0);
    assert.equal(shown, `${"x".repeat(1_000_000)}\r\nend\r\n`);
  });
}

for (const name of ["crun", "runc"] as const) {
  suite(`exec by ${name}`, () => {
    let machine: Machine;
    let spec: ContainerSpec;
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

    test("the node's /dev/null stays the node's, though the container's user is given its streams", async () => {
      const closing = await exec("chmod 0 /proc/self/fd/0 /proc/1/fd/0 2>/dev/null; head -c 1 | wc -c");
      assert.equal((await text(closing.stdio)).trim(), "0");
      const { uid, gid, mode } = statSync("/dev/null");
      assert.deepEqual([uid, gid, (mode & 0o777).toString(8)], [0, 0, "666"]);
    });

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

    test("what an agent ran when it was killed is ended by the next one", async () => {
      const session = await exec("echo up; exec sleep 1000");
      await new Promise((resolve) => session.stdio.once("data", resolve));
      const next = await machine.reopen();
      assert.equal(await session.exitCode, 137);
      const left = await readdir(join(machine.directory, "run", "containers", spec.id));
      assert.deepEqual(
        left.filter((file) => file.startsWith("exec-")),
        [],
      );
      await next.runtime.close();
    });

    test("a command that is not there fails without harm", async () => {
      const session = await exec("", { command: ["/no/such/program"] });
      const [, words, code] = await Promise.all([text(session.stdio), text(session.stderr), session.exitCode]);
      assert.equal(code, 127);
      assert.match(words, /no such file|not found/i);
      assert.equal(await (await exec("exit 255")).exitCode, 255);
    });

    if (name === "crun") terminalTests(exec);
    else {
      test("a terminal is refused with what is missing", async () => {
        await assert.rejects(exec("true", { terminal: true }), (thrown) => {
          return Problem.is(thrown, "unsupported") && /needs crun/.test(thrown.message);
        });
      });
    }

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
