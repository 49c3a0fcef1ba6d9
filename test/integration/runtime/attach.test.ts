/** The streams of a container's own process, on crun: several listeners, terminals, the end of input, another agent. */
import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { containerSpec, exited, sandboxSpec } from "#node-agent/runtime/container-runtime.contract.ts";
import type { AttachSession, ContainerSpec } from "#node-agent/runtime/container-runtime.ts";
import { Problem } from "#proto/kit/problem.ts";
import { type Machine, openMachine } from "./machine.ts";

const never = new AbortController().signal;

/** Collects what comes of a session. */
class Listener {
  readonly session: AttachSession;
  out = "";
  err = "";
  readonly ended: Promise<void>;
  #wake: (() => void)[] = [];

  constructor(session: AttachSession) {
    this.session = session;
    this.ended = this.#listen();
  }

  async #listen(): Promise<void> {
    for (let part = await this.session.read(); part; part = await this.session.read()) {
      if (part.stream === "err") this.err += part.bytes.toString();
      else this.out += part.bytes.toString();
      for (const wake of this.#wake.splice(0)) wake();
    }
  }

  async hears(pattern: RegExp): Promise<void> {
    const deadline = AbortSignal.timeout(20_000);
    while (!pattern.test(this.out)) {
      await new Promise<void>((resolve, reject) => {
        this.#wake.push(resolve);
        deadline.addEventListener("abort", () => reject(new Error(`${pattern} not in ${JSON.stringify(this.out)}`)));
      });
    }
  }

  type(text: string): Promise<void> {
    return this.session.write(Buffer.from(text));
  }
}

suite("attach", () => {
  let machine: Machine;
  before(async () => {
    machine = await openMachine("crun");
  });
  after(async () => {
    await machine.close();
  });

  async function created(script: string, changes: Partial<ContainerSpec> = {}): Promise<ContainerSpec> {
    const sandbox = await machine.sandboxes.create(sandboxSpec());
    const spec = containerSpec(machine, sandbox, { command: ["/bin/sh", "-c", script], ...changes });
    await machine.runtime.create(spec, never);
    return spec;
  }
  const attach = async ({ id, terminal, stdin }: ContainerSpec, runtime = machine.runtime): Promise<Listener> =>
    new Listener(await runtime.attach(id, { terminal, stdin }));

  test("attached before the start, nothing of the output is missed, and its end is the container's", async () => {
    const spec = await created("echo out; echo err >&2; exit 7");
    const listener = await attach(spec);
    await machine.runtime.start(spec.id);
    await listener.ended;
    assert.deepEqual([listener.out, listener.err], ["out\n", "err\n"]);
    await exited(machine.runtime, spec.id);
    assert.equal((await machine.runtime.inspect(spec.id))?.exitCode, 7);
    await assert.rejects(machine.runtime.attach(spec.id, spec), (thrown) => Problem.is(thrown, "conflict"));
  });

  test("input goes to the process whole, and its end ends it", async () => {
    const spec = await created("cat", { stdin: true, stdinOnce: true });
    const listener = await attach(spec);
    await machine.runtime.start(spec.id);
    const text = Array.from({ length: 100_000 }, (_, i) => `${String(i).padStart(9, "0")}\n`).join("");
    await listener.type(text);
    listener.session.endInput();
    await listener.ended;
    assert.ok(listener.out === text, `${listener.out.length} of ${text.length} bytes came back`);
  });

  test("several listen and write at a time; input stays open for those who come later", async () => {
    const spec = await created("while read line; do echo got $line; done", { stdin: true });
    await machine.runtime.start(spec.id);
    const [first, second] = [await attach(spec), await attach(spec)];
    await first.type("one\n");
    await Promise.all([first.hears(/got one\n/), second.hears(/got one\n/)]);
    first.session.close();
    await second.type("two\n");
    await second.hears(/got two\n/);
    second.session.endInput();
    const third = await attach(spec);
    await third.type("three\n");
    await third.hears(/^got three\n$/);
  });

  test("a terminal has the size it is told, and passes Ctrl-C on", async () => {
    const spec = await created("trap 'echo interrupted; exit 3' INT; while :; do stty size; sleep 0.1; done", {
      terminal: true,
      stdin: true,
    });
    const listener = await attach(spec);
    await listener.session.resize(33, 111);
    await machine.runtime.start(spec.id);
    await listener.hears(/33 111\r\n/);
    // conmon may read several at once: the last one counts.
    for (const rows of [41, 42, 43, 44]) await listener.session.resize(rows, 122);
    await listener.hears(/44 122\r\n/);
    await listener.type("\x03");
    await listener.ended;
    assert.match(listener.out, /interrupted\r\n$/);
  });

  test("another agent attaches to what its predecessor started", async () => {
    const spec = await created("while read line; do echo got $line; done", { stdin: true });
    await machine.runtime.start(spec.id);
    const other = await machine.reopen();
    const listener = await attach(spec, other.runtime as typeof machine.runtime);
    await listener.type("hello\n");
    await listener.hears(/got hello\n/);
    listener.session.close();
    await other.runtime.close();
  });

  test("who reads nothing holds the container, and lets it go by leaving", async () => {
    const spec = await created("yes | head -c 3000000; echo; echo done");
    const idle = await machine.runtime.attach(spec.id, spec);
    const listener = await attach(spec);
    await machine.runtime.start(spec.id);
    await listener.hears(/y/);
    idle.close();
    await listener.ended;
    assert.equal(listener.out.length, 3_000_000 + "\ndone\n".length);
  });
});
