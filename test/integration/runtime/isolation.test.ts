/** What a container sees of its confinement, on crun and runc: read from inside, and from the host's cgroup files. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, suite, test } from "node:test";
import { containerSpec, exited, sandboxSpec } from "#node-agent/runtime/container-runtime.contract.ts";
import type { ContainerSpec } from "#node-agent/runtime/container-runtime.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { PodSpec } from "#proto/resources/pod.ts";
import { type Machine, makeBusyboxRootfs, openMachine } from "./machine.ts";
import { run, sh } from "./run-container.ts";

const signal = new AbortController().signal;
const invalid = (thrown: unknown): boolean => Problem.is(thrown, "invalid");
for (const name of ["crun", "runc"] as const) {
  suite(`isolation by ${name}`, () => {
    let machine: Machine;
    before(async () => {
      machine = await openMachine(name);
    });
    after(async () => {
      await machine.close();
    });
    const inside = async (script: string, changes: Partial<ContainerSpec> = {}): Promise<string> =>
      // one pipe for both, as conmon reads two in any order
      (await run(machine, { command: sh(`exec 2>&1; ${script}`), ...changes })).output;
    const status = async (field: string, changes: Partial<ContainerSpec> = {}): Promise<string | undefined> =>
      new RegExp(`^${field}:\\s*(\\S+)`, "m").exec(await inside("cat /proc/self/status", changes))?.[1];

    test("a process has three open files and none of the host's", async () => {
      assert.equal(await inside("ls /proc/1/fd; true"), "0\n1\n2");
    });

    test("capabilities, seccomp and privileges are as asked, inheritable ones never", async () => {
      assert.equal(await status("CapEff"), "00000000a80405fb");
      assert.equal(await status("NoNewPrivs"), "1");
      assert.equal(await status("NoNewPrivs", { security: { allowPrivilegeEscalation: true } }), "0");
      assert.equal(await status("CapInh"), "0000000000000000");
      assert.equal(await status("Seccomp"), "2");
      const dropped = { capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] }, allowPrivilegeEscalation: false };
      const text = await inside("cat /proc/self/status", { security: dropped });
      assert.match(text, /^CapBnd:\s*0000000000000400$/m);
      assert.match(text, /^NoNewPrivs:\s*1$/m);
      assert.equal(await status("Seccomp", { security: { seccompProfile: { type: "Unconfined" } } }), "0");
    });

    test("the filter refuses what it should and lets the rest through", async () => {
      const script = "unshare -n true; unshare -U true; mount -t tmpfs x /tmp; chroot / true && echo fine";
      const output = await inside(script);
      assert.equal(output.match(/not permitted|permission denied/g)?.length, 3, output);
      assert.match(output, /fine$/);
    });

    test("the user of the image and of the pod is the one inside, with its groups", async () => {
      const { image } = containerSpec(machine, await machine.sandboxes.create(sandboxSpec()), {});
      assert.equal(
        await inside("id", { image: { ...image, user: "web" } }),
        "uid=1000(web) gid=1001(web) groups=1001(web),2000(extra)",
      );
      const podSecurity = { runAsUser: 4242, runAsGroup: 4243, supplementalGroups: [5000], fsGroup: 6000 };
      assert.equal(await inside("id; echo $HOME", { podSecurity }), "uid=4242 gid=4243 groups=4243,5000,6000\n/");
    });

    test("a read-only root cannot be written, its volumes can", async () => {
      const volume = join(machine.directory, "volume");
      await mkdir(volume, { recursive: true });
      const output = await inside("echo x >/file; echo y >/data/file; cat /data/file; echo z >/dev/shm/z && echo shm", {
        security: { readOnlyRootFilesystem: true },
        mounts: [{ source: volume, destination: "/data", readOnly: false }],
      });
      assert.match(output, /Read-only file system\ny\nshm$/);
    });

    test("what shows or changes the host is masked or read-only", async () => {
      const output = await inside(
        "echo x >/proc/sys/kernel/core_pattern; echo x >/proc/irq/default_smp_affinity; mkdir /sys/fs/cgroup/memory/x; cat /proc/keys /proc/timer_list | wc -c",
      );
      assert.equal(output.match(/Read-only file system/g)?.length, 3, output);
      assert.match(output, /\n0$/);
    });

    test("devices of the host cannot be opened, even when made", async () => {
      const output = await inside(
        "mknod /tmp/fuse c 10 229 && cat /tmp/fuse; rm /tmp/fuse; echo >/dev/null && echo null",
      );
      assert.match(output, /Operation not permitted/);
      assert.match(output, /null$/);
    });

    test("a device that is mounted as one can be opened, to read only where the mount is; as a file it cannot", async () => {
      const fuse = (changes: object) =>
        inside("exec 2>&1; exec 3</d && echo read; (exec 4>/d) && echo written", {
          mounts: [{ source: "/dev/fuse", destination: "/d", readOnly: false, ...changes }],
        });
      assert.equal(await fuse({ isDevice: true }), "read\nwritten");
      assert.match(
        await fuse({ isDevice: true, readOnly: true }),
        /^read\n.*(Permission denied|Operation not permitted)/,
      );
      assert.match(await fuse({}), /Operation not permitted/);
      await assert.rejects(fuse({ isDevice: true, source: "/etc/passwd" }), /is no device of this node/);
    });

    test("a container may have a terminal", async () => {
      const { output, exitCode } = await run(machine, {
        command: sh("ls -l /proc/1/fd; echo $TERM; exit 3"),
        terminal: true,
        stdin: true,
      });
      assert.match(output, / 0 -> \/dev\/pts\/0/);
      assert.match(output, /xterm/);
      assert.equal(exitCode, 3);
    });

    test("a privileged container sees the host's devices and may mount", async () => {
      const output = await inside("mount -t tmpfs x /tmp && echo mounted; ls /dev/fuse; cat /proc/self/status", {
        security: { privileged: true },
      });
      assert.match(output, /^mounted$/m);
      assert.match(output, /^Seccomp:\s*0$/m);
    });

    test("pods on the host's network and processes see the host's", async () => {
      const { output } = await run(
        machine,
        { command: sh("ls -l /proc/self/ns; cat /proc/1/comm; hostname"), hostPid: true },
        { hostNetwork: true, hostPid: true, hostIpc: true },
      );
      const net = readlinkSync("/proc/self/ns/net");
      assert.ok(output.includes(net), output);
      assert.ok(output.includes(hostname()));
      assert.ok(output.includes(readFileSync("/proc/1/comm", "utf8").trim()));
    });

    test("host name, hosts and pid are the pod's own", async () => {
      const { output } = await run(
        machine,
        { command: sh("hostname; cat /etc/hostname; echo $$; echo $HOSTNAME") },
        { hostname: "web-7" },
      );
      assert.equal(output, "web-7\nweb-7\n1\nweb-7");
    });

    test("limits stand in the cgroup's files, and the pod's cgroup goes with the sandbox", async () => {
      const resources = { requests: { cpu: "250m" }, limits: { cpu: "500m", memory: "32Mi" } };
      let cgroup = "";
      const pod: PodSpec = { containers: ["a", "b"].map((name) => ({ name, image: "i", resources })) };
      await run(machine, { command: sh("sleep 1000"), resources }, { pod }, async (spec) => {
        cgroup = `${spec.sandbox.cgroup}/${spec.id}`;
        const file = (controller: string, v1: string, v2: string, of = cgroup): string => {
          const directory = machine.cgroups.directory(controller, of) ?? "";
          return readFileSync(join(directory, machine.cgroups.version === 1 ? v1 : v2), "utf8").trim();
        };
        assert.equal(file("memory", "memory.limit_in_bytes", "memory.max"), String(32 * 2 ** 20));
        assert.equal(file("pids", "pids.max", "pids.max"), "64");
        const ofPod = spec.sandbox.cgroup;
        const ofAll = join(ofPod, "..");
        assert.equal(file("memory", "memory.limit_in_bytes", "memory.max", ofAll), String(2 ** 31));
        assert.equal(file("memory", "memory.swappiness", "memory.swap.max", ofAll), "0");
        if (machine.cgroups.version === 1) assert.equal(file("memory", "memory.swappiness", ""), "0", "inherited");
        assert.equal(file("memory", "memory.limit_in_bytes", "memory.max", ofPod), String(64 * 2 ** 20));
        assert.equal(file("pids", "pids.max", "pids.max", ofPod), "64");
        if (machine.cgroups.version === 1) {
          assert.equal(file("memory", "memory.memsw.limit_in_bytes", "", ofPod), String(64 * 2 ** 20));
          assert.equal(file("cpu", "cpu.shares", "", ofPod), "512");
          assert.equal(file("cpu", "cpu.cfs_quota_us", "", ofPod), "100000");
        } else assert.equal(file("cpu", "", "cpu.max", ofPod), "100000 100000");
        if (machine.cgroups.version === 1) {
          assert.equal(file("cpu", "cpu.shares", ""), "256");
          assert.equal(file("cpu", "cpu.cfs_quota_us", ""), "50000");
        } else assert.equal(file("cpu", "", "cpu.max"), "50000 100000");
        await machine.runtime.kill(spec.id, 9);
      });
      for (const { directory } of machine.cgroups.hierarchies) assert.ok(!existsSync(join(directory, cgroup, "..")));
    });

    test("a container that takes too much memory is reported as killed for it, another that is killed is not", async () => {
      const resources = { limits: { memory: "16Mi" } };
      const greedy = await run(machine, { command: sh("dd if=/dev/zero of=/dev/null bs=64M count=1"), resources });
      assert.equal(greedy.exitCode, 137);
      assert.equal(greedy.oomKilled, true);
      const killed = await run(machine, { command: sh("kill -9 $$; sleep 1000"), resources }, {}, (spec) =>
        machine.runtime.kill(spec.id, 9),
      );
      assert.equal(killed.exitCode, 137);
      assert.equal(killed.oomKilled, false);
    });

    test("a child that is killed for memory is told, and did not end its container", async () => {
      const resources = { limits: { memory: "16Mi" } };
      const told = Promise.withResolvers<number>();
      const stop = machine.runtime.onMemoryKill(({ processes }) => told.resolve(processes));
      const hungry = "dd if=/dev/zero of=/dev/null bs=64M count=1; echo $?; sleep 1000";
      const { output, oomKilled } = await run(machine, { command: sh(hungry), resources }, {}, async (spec) => {
        assert.equal(await told.promise, 1);
        assert.equal((await machine.runtime.inspect(spec.id))?.state, "running");
        await machine.runtime.kill(spec.id, 9);
      });
      stop();
      assert.match(output, /^137$/m);
      assert.equal(oomKilled, false);
    });

    test("a fork bomb is held at its limit and can be killed", async () => {
      const bomb = "b() { b | b & }; b; sleep 1000";
      await run(machine, { command: sh(bomb) }, { pod: { containers: [] } }, async (spec) => {
        const pids = machine.cgroups.directory("pids", spec.sandbox.cgroup) ?? "";
        const count = (): number => Number(readFileSync(join(pids, "pids.current"), "utf8"));
        const late = AbortSignal.timeout(10_000);
        while (count() < 64 && !late.aborted) await new Promise((resolve) => setImmediate(resolve));
        assert.ok(count() <= 64, "no more than the limit");
        await machine.runtime.kill(spec.id, 9);
        await machine.cgroups.killAll(spec.sandbox.cgroup);
      });
    });

    test("ulimits are set, unlimited ones too, also for a process that joins", async () => {
      const ulimits = [
        { name: "cpu", soft: 77, hard: 99 },
        { name: "stack", soft: Number.POSITIVE_INFINITY, hard: Number.POSITIVE_INFINITY },
      ] as const;
      const limits = "ulimit -t; ulimit -Ht; ulimit -s";
      const { output } = await run(machine, { command: sh(`${limits}; sleep 1000`), ulimits }, {}, async (spec) => {
        const { stdio, exitCode } = await machine.runtime.exec(
          spec.id,
          { command: ["/bin/sh", "-c", limits], stdin: false, terminal: false },
          signal,
        );
        assert.equal((await text(stdio)).trim(), "77\n99\nunlimited");
        assert.equal(await exitCode, 0);
        await machine.runtime.kill(spec.id, 9);
      });
      assert.equal(output, "77\n99\nunlimited");
    });

    test("hostile images and wishes are refused with a reason, and leave nothing", async () => {
      const sandbox = await machine.sandboxes.create(sandboxSpec());
      const rootfs = join(machine.directory, "hostile");
      const spec = containerSpec(machine, sandbox, { rootfs });
      for (const link of ["dev", "proc", "sys"]) {
        await mkdir(rootfs, { recursive: true });
        await symlink("/etc", join(rootfs, link));
        await assert.rejects(machine.runtime.create(spec, signal), invalid, link);
        await rm(rootfs, { recursive: true });
      }
      const wishes: Partial<ContainerSpec>[] = [
        { workingDirectory: "/proc/self/fd/7" },
        { image: { ...spec.image, user: "4294967296" } },
        { image: { ...spec.image, user: "nobody-here" } },
        { security: { runAsNonRoot: true } },
        { security: { seccompProfile: { type: "Localhost", localhostProfile: "../x" } } },
        { command: ["/no/such/program"] },
        { command: undefined },
        { mounts: [{ source: "/nowhere", destination: "/data", readOnly: false }] },
      ];
      for (const wish of wishes) {
        const wished = containerSpec(machine, sandbox, wish);
        await assert.rejects(
          machine.runtime.create(wished, signal),
          (thrown) => Problem.is(thrown),
          JSON.stringify(wish),
        );
        assert.equal(await machine.runtime.inspect(wished.id), undefined, JSON.stringify(wish));
      }
      await machine.sandboxes.remove(sandbox.podUid);
    });

    test("links in an image lead no mount out of it", async () => {
      const outside = join(machine.directory, "outside");
      const rootfs = join(machine.directory, "linked");
      await mkdir(outside, { recursive: true });
      await makeBusyboxRootfs(rootfs);
      await rm(join(rootfs, "etc"), { recursive: true });
      await symlink(outside, join(rootfs, "etc"));
      await symlink("../../../../../../../../../../tmp", join(rootfs, "up"));
      const mounts = [{ source: join(machine.directory, "rootfs"), destination: "/up/orch-mounted", readOnly: true }];
      const sandbox = await machine.sandboxes.create(sandboxSpec());
      const spec = containerSpec(machine, sandbox, {
        rootfs,
        mounts,
        command: sh("ls /up/orch-mounted; cat /etc/hostname"),
      });
      // Whether the runtime refuses such an image or keeps everything inside: nothing appears on the host.
      const isMade = await machine.runtime.create(spec, signal).then(
        () => true,
        () => false,
      );
      if (isMade) await machine.runtime.start(spec.id);
      if (isMade) await exited(machine.runtime, spec.id);
      assert.deepEqual(await readdir(outside), []);
      assert.ok(!existsSync("/tmp/orch-mounted"));
      await machine.runtime.remove(spec.id);
      await machine.sandboxes.remove(sandbox.podUid);
      await rm(rootfs, { recursive: true });
    });

    test("a masked path is not led astray by an image's /dev/null", async () => {
      const before = await readFile("/proc/sys/kernel/core_pattern", "utf8");
      await writeFile(join(machine.rootfs, "dev", "null"), "").catch(() => undefined);
      const output = await inside("ls -l /dev/null; cat /proc/keys | wc -c");
      await rm(join(machine.rootfs, "dev", "null"), { force: true });
      assert.match(output, /^crw/);
      assert.match(output, /\n0$/);
      assert.equal(await readFile("/proc/sys/kernel/core_pattern", "utf8"), before);
    });

    test("containers of a pod share shared memory and host name, not processes", async () => {
      const sandbox = await machine.sandboxes.create(sandboxSpec());
      const first = containerSpec(machine, sandbox, { name: "one", command: sh("echo hi >/dev/shm/x; sleep 1000") });
      await machine.runtime.create(first, signal);
      await machine.runtime.start(first.id);
      const second = containerSpec(machine, sandbox, {
        name: "two",
        command: sh("until cat /dev/shm/x 2>/dev/null; do :; done; ps | wc -l"),
      });
      await machine.runtime.create(second, signal);
      await machine.runtime.start(second.id);
      await exited(machine.runtime, second.id);
      assert.match(await readFile(second.logPath, "utf8"), /hi\n.* [1-5]\n$/s);
      await machine.sandboxes.remove(sandbox.podUid); // kills what still runs
      await exited(machine.runtime, first.id);
      await machine.runtime.remove(first.id);
      await machine.runtime.remove(second.id);
    });
  });
}
