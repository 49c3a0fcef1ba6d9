/** Escapes that became CVEs elsewhere: each is tried here, on crun and on runc, and fails. docs/isolation.md lists them. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { listMounts, unmountBelow } from "#node-agent/host/mounts.ts";
import { findProgram } from "#node-agent/host/programs.ts";
import { containerSpec, exited, sandboxSpec } from "#node-agent/runtime/container-runtime.contract.ts";
import type { ContainerSpec, Mount } from "#node-agent/runtime/container-runtime.ts";
import { knownHoles } from "#node-agent/status/known-holes.ts";
import { LocalVolumeStore } from "#node-agent/volumes/local-volume-store.ts";
import { Problem } from "#proto/kit/problem.ts";
import { seededRandom } from "#proto/kit/random.ts";
import { type Machine, makeBusyboxRootfs, openMachine } from "./machine.ts";
import { run, sh } from "./run-container.ts";

const signal = new AbortController().signal;
const corePattern = (): string => readFileSync("/proc/sys/kernel/core_pattern", "utf8");
const digest = async (path: string): Promise<string> =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");

/** Somebody who shares the folder and swaps the two names as fast as he can while `body` runs. */
async function whileExchanging(a: string, b: string, body: () => Promise<void>): Promise<void> {
  const script = join(import.meta.dirname, "exchange-forever.ts");
  const racer = spawn(process.execPath, [script, a, b], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => racer.once("close", resolve));
  try {
    await new Promise((resolve, reject) => {
      racer.stdout.once("data", resolve);
      racer.once("close", () => reject(new Error("nobody swaps")));
    });
    await body();
  } finally {
    racer.stdin.end();
    await ended;
  }
}

for (const name of ["crun", "runc"] as const) {
  suite(`escapes from ${name}`, () => {
    let machine: Machine;
    before(async () => {
      machine = await openMachine(name);
    });
    after(async () => {
      await machine.close();
    });

    const inside = async (script: string, changes: Partial<ContainerSpec> = {}): Promise<string> =>
      (await run(machine, { command: sh(`exec 2>&1; ${script}`), ...changes })).output;
    const folder = async (): Promise<string> => {
      const path = join(machine.directory, `folder-${randomUUID()}`);
      await mkdir(path);
      return path;
    };
    const volumeAt = (source: string, destination: string): Mount => ({ source, destination, readOnly: false });
    /** As `create`, for specs that may be refused. */
    const tryToRun = async (changes: Partial<ContainerSpec>): Promise<string> =>
      run(machine, changes).then(
        ({ output }) => output,
        (thrown: unknown) => {
          assert.ok(Problem.is(thrown), String(thrown));
          return `refused: ${thrown.message}`;
        },
      );

    test("CVE-2024-21626: no working directory is a descriptor of the runtime, not through links of the image either", async () => {
      const { image } = containerSpec(machine, await machine.sandboxes.create(sandboxSpec()));
      for (let fd = 3; fd < 20; fd++) {
        const workingDirectory = `/tmp/fd-${name}-${fd}`;
        await symlink(`/proc/self/fd/${fd}`, join(machine.rootfs, workingDirectory));
        const said = await tryToRun({
          command: sh("pwd; ls -d ../../../../../usr"),
          image: { ...image, workingDirectory },
        });
        assert.match(said, /^refused: .*below \/proc/, `fd ${fd}`);
      }
      await symlink("/proc/self", join(machine.rootfs, `tmp/self-${name}`));
      assert.match(await tryToRun({ workingDirectory: `/tmp/self-${name}/cwd` }), /^refused: .*below \/proc/);
    });

    test("CVE-2024-21626: a process of a container has three descriptors, one that is executed later too", async () => {
      const sandbox = await machine.sandboxes.create(sandboxSpec());
      const spec = containerSpec(machine, sandbox);
      await machine.runtime.create(spec, signal);
      await machine.runtime.start(spec.id);
      const command = ["/bin/ls", "/proc/self/fd"];
      const session = await machine.runtime.exec(spec.id, { command, stdin: false, terminal: false }, signal);
      const said = Buffer.concat(await session.stdio.toArray())
        .toString()
        .trim()
        .split("\n");
      assert.deepEqual(said, ["0", "1", "2", "3"], "the fourth is the listing itself");
      assert.equal(await session.exitCode, 0);
      await machine.sandboxes.remove(sandbox.podUid);
      await machine.runtime.remove(spec.id);
    });

    test("CVE-2019-5736: the runtime's program is not overwritten by what it executes", async () => {
      const program = realpathSync((await findProgram(name)) ?? "");
      const before = await digest(program);
      const { image } = containerSpec(machine, await machine.sandboxes.create(sandboxSpec()));
      // The entry point is the runtime itself, which a writer in the container then opens by its number.
      const entrypoint = ["/proc/self/exe"];
      await tryToRun({ command: undefined, image: { ...image, entrypoint, command: ["--version"] } });
      const attack = `for p in /proc/[0-9]*; do echo overwritten >$p/exe; done; sleep 0.2; cat /proc/1/exe | wc -c`;
      await inside(attack, { security: { privileged: true } });
      // Seen by a container that shares the node's processes, where the runtime starts others meanwhile.
      const sandbox = await machine.sandboxes.create(sandboxSpec(undefined, { hostPid: true }));
      const script = `for i in 1 2 3; do for p in /proc/[0-9]*; do case "$(readlink $p/exe)" in *${name}*) echo overwritten >$p/exe;; esac; done; done`;
      const watcher = containerSpec(machine, sandbox, {
        command: sh(`${script} 2>/dev/null`),
        hostPid: true,
        security: { privileged: true },
      });
      await machine.runtime.create(watcher, signal);
      await machine.runtime.start(watcher.id);
      for (let i = 0; i < 3; i++) await inside("true");
      await exited(machine.runtime, watcher.id);
      await machine.runtime.remove(watcher.id);
      await machine.sandboxes.remove(sandbox.podUid);
      assert.equal(await digest(program), before);
      assert.equal(await inside("echo fine"), "fine");
    });

    test("CVE-2025-31133, CVE-2025-52565: a volume at /dev leads no mask and no console astray", async () => {
      const [pattern, outside] = [corePattern(), await folder()];
      await writeFile(join(outside, "file"), "untouched");
      const device = await folder();
      await symlink("/proc/sys/kernel/core_pattern", join(device, "null"));
      await symlink(join(outside, "file"), join(device, "console"));
      const mounts = [volumeAt(device, "/dev")];
      const script = sh(
        "echo '|/evil' >/proc/keys; echo x >/proc/sys/kernel/core_pattern; head -c 1 /proc/keys | wc -c",
      );
      await tryToRun({ command: script, mounts });
      await tryToRun({ command: script, mounts, terminal: true, stdin: true });
      assert.equal(corePattern(), pattern);
      assert.equal(await readFile(join(outside, "file"), "utf8"), "untouched");
    });

    test("CVE-2025-52881: what is started is confined as asked, seen from the host", async () => {
      await run(machine, { command: sh("sleep 1000") }, {}, async (spec) => {
        const { pid } = (await machine.runtime.inspect(spec.id)) ?? {};
        const status = await statusOfProgram(pid ?? 0);
        assert.match(status, /^Seccomp:\s+2$/m);
        assert.match(status, /^NoNewPrivs:\s+1$/m);
        assert.match(status, /^CapBnd:\s+00000000a80405fb$/m);
        await machine.runtime.kill(spec.id, 9);
      });
    });

    test("CVE-2021-30465, CVE-2024-45310: names swapped in a shared volume lead no mount out of the container", async () => {
      const [shared, outside, mounted] = [await folder(), await folder(), await folder()];
      await mkdir(join(shared, "a"));
      await symlink(outside, join(shared, "b"));
      await whileExchanging(join(shared, "a"), join(shared, "b"), async () => {
        for (let i = 0; i < 8; i++) {
          const mounts = [volumeAt(shared, "/shared"), volumeAt(mounted, `/shared/a/target-${i}`)];
          await tryToRun({ command: sh("true"), mounts });
        }
      });
      // A runtime that makes files outside is one of those that agents warn of, and refuse with --refuse-vulnerable-runtime.
      const isKnown = /CVE-2024-45310/.test(knownHoles([{ name, version: machine.runtime.version }]).join());
      if (!isKnown) assert.deepEqual(await readdir(outside), []);
      assert.deepEqual(
        (await listMounts()).filter(({ mountPoint }) => mountPoint.startsWith(outside)),
        [],
      );
    });

    test("CVE-2022-24769, CVE-2022-29162: no process has inheritable capabilities, one that is executed later neither", async () => {
      const sandbox = await machine.sandboxes.create(sandboxSpec());
      const spec = containerSpec(machine, sandbox);
      await machine.runtime.create(spec, signal);
      await machine.runtime.start(spec.id);
      const command = ["/bin/cat", "/proc/self/status", "/proc/1/status"];
      const session = await machine.runtime.exec(spec.id, { command, stdin: false, terminal: false }, signal);
      const said = Buffer.concat(await session.stdio.toArray()).toString();
      assert.deepEqual(said.match(/^Cap(Inh|Amb):\s+0+$/gm)?.length, 4, said);
      assert.deepEqual(said.match(/^NoNewPrivs:\s+1$/gm)?.length, 2);
      assert.deepEqual(said.match(/^Seccomp:\s+2$/gm)?.length, 2);
      await session.exitCode;
      await machine.sandboxes.remove(sandbox.podUid);
      await machine.runtime.remove(spec.id);
    });

    test("CVE-2023-25809: the node's cgroups cannot be written, nor others' seen", async () => {
      const said = await inside(
        // With v1 the folder above the controllers is the container's own memory.
        `for d in /sys/fs/cgroup/${machine.cgroups.version === 1 ? "*" : "."}; do mkdir $d/evil 2>/dev/null && echo made $d/evil; done; cat /proc/self/cgroup`,
      );
      assert.deepEqual(said.match(/made .*/g) ?? [], []);
      assert.deepEqual([...new Set(said.match(/[^:]+$/gm))], ["/"]);
    });

    test("CVE-2019-11245: who may not be root is not at the next start either, nor in what is executed", async () => {
      const sandbox = await machine.sandboxes.create(sandboxSpec());
      const base = containerSpec(machine, sandbox);
      const careful = { image: { ...base.image, user: "web" }, security: { runAsNonRoot: true } };
      for (const attempt of [0, 1, 2]) {
        const spec = containerSpec(machine, sandbox, { ...careful, attempt });
        await machine.runtime.create(spec, signal);
        await machine.runtime.start(spec.id);
        const session = await machine.runtime.exec(
          spec.id,
          { command: ["/bin/id", "-u"], stdin: false, terminal: false },
          signal,
        );
        assert.equal(Buffer.concat(await session.stdio.toArray()).toString(), "1000\n");
        const { pid } = (await machine.runtime.inspect(spec.id)) ?? {};
        assert.match(await readFile(`/proc/${pid}/status`, "utf8"), /^Uid:\t1000\t1000\t1000\t1000$/m);
        await machine.runtime.remove(spec.id);
      }
      await machine.sandboxes.remove(sandbox.podUid);
    });

    test("CVE-2020-15257: no abstract socket of ours can be reached from the node's network", async () => {
      await run(machine, { command: sh("sleep 1000") }, {}, async (spec) => {
        const sockets = (await readFile("/proc/net/unix", "utf8")).split("\n").filter((line) => /\s@/.test(line));
        assert.deepEqual(
          sockets.filter((line) => /orch|conmon|crun|runc/.test(line)),
          [],
        );
        await machine.runtime.kill(spec.id, 9);
      });
    });

    test("processes outside cannot be traced, read or signalled", async () => {
      const said = await inside(
        `kill -0 ${process.pid} && echo signalled; cat /proc/${process.pid}/environ && echo read; ls /proc/1/root/ | head -3; cat /proc/sys/kernel/hostname`,
      );
      assert.doesNotMatch(said, /signalled|read$/m);
      assert.match(said, /web$/, "what it sees is its own");
    });

    test("a hostile configuration of an image is refused by what is wrong with it, or harmless", async () => {
      const rootfs = await folder();
      await makeBusyboxRootfs(rootfs);
      const { image } = containerSpec(machine, await machine.sandboxes.create(sandboxSpec()));
      const hostile: readonly (readonly [string, Partial<typeof image>, RegExp])[] = [
        ["a huge variable", { env: [`A=${"x".repeat(200_000)}`] }, /^refused: .*longer than/],
        [
          "a million variables",
          { env: Array.from({ length: 200_000 }, (_, i) => `V${i}=xxxxx`) },
          /^refused: .*exceed/,
        ],
        ["a NUL in the entry point", { entrypoint: ["/bin/sh\0x"] }, /^refused: .*NUL/],
        ["no entry point", { entrypoint: [], command: [] }, /^refused: .*no command/],
        ["an entry point that is no program", { entrypoint: ["/etc"] }, /^refused: /],
        ["a user out of range", { user: "4294967296" }, /^refused: .*neither a name nor a number/],
        ["a user with a path", { user: "../../etc/passwd" }, /^refused: /],
        ["a relative working directory", { workingDirectory: "../.." }, /^refused: .*absolute/],
        ["a working directory above the root", { workingDirectory: "/../../../../x" }, /^\/x$/],
        ["volumes of the host", { volumes: ["/proc", "/../../etc", "/dev"] }, /^\/$/],
        [
          "labels that runtimes obey",
          { labels: { "run.oci.systemd.subgroup": "x", "run.oci.handler": "wasm" } },
          /^\/$/,
        ],
        ["variables of the loader", { env: ["LD_PRELOAD=/evil.so", "_LIBCONTAINER_INITPIPE=3"] }, /^\/$/],
      ];
      for (const [what, config, expected] of hostile) {
        const evil = { ...image, entrypoint: ["/bin/sh", "-c", "pwd"], ...config };
        assert.match(await tryToRun({ rootfs, command: undefined, image: evil }), expected, what);
      }
    });

    test("CVE-2017-1002101, CVE-2021-25741: a subPath swapped for a link never shows what lies outside the volume", async () => {
      const [volume, outside, directory] = [await folder(), await folder(), await folder()];
      await writeFile(join(outside, "secret"), "of the host");
      await mkdir(join(volume, "a"));
      await symlink(outside, join(volume, "b"));
      const store = await LocalVolumeStore.open({
        ...{ directory, runDirectory: join(directory, "run"), random: seededRandom(1) },
        resourceValue: () => "",
      });
      const podUid = randomUUID();
      const prepared = { name: "v", path: volume, readOnly: false };
      let given = 0;
      await whileExchanging(join(volume, "a"), join(volume, "b"), async () => {
        // On a busy machine the names may be found swapped many times in a row.
        for (let i = 0; i < 100 || (given === 0 && i < 10_000); i++) {
          const path = await store.subPath(podUid, prepared, "a").catch((thrown: unknown) => {
            assert.ok(Problem.is(thrown, "invalid") || Problem.is(thrown, "conflict"), String(thrown));
          });
          if (path === undefined) continue;
          given++;
          assert.ok(!existsSync(join(path, "secret")));
          assert.notEqual((await stat(path)).ino, (await stat(outside)).ino);
        }
      });
      assert.ok(given > 0, "the honest path is given now and then");
      await store.remove(podUid);
      await unmountBelow(directory);
    });
  });
}

/** Of what the runtime has become: a moment after its start it may still be the runtime itself, on its way there. */
async function statusOfProgram(pid: number): Promise<string> {
  const late = AbortSignal.timeout(20_000);
  while (true) {
    const status = await readFile(`/proc/${pid}/status`, "utf8");
    if (!/^Name:\s+(crun|runc)/m.test(status)) return status;
    late.throwIfAborted();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
