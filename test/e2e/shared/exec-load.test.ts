/** Many commands in containers at once, and one that prints a lot: bounded memory everywhere, and nobody waits for a slow reader. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { inNamespace } from "../support/in-namespace.ts";
import { pod } from "../support/manifests.ts";
import { rssOf } from "../support/process-memory.ts";
import { eventually, programs } from "../support/programs.ts";

const concurrent = 100;
const atATime = 20;

inNamespace(
  "100 commands run at once on one node, each with its own output and exit code",
  async (scene) => {
    const { cluster, namespace } = scene;
    await cluster.apply(pod("busy", "exec sleep 3600"), "-n", namespace, "--wait");
    // All hold on until the last is there: every one of them runs at the same time.
    const script = (i: number) =>
      `touch /tmp/here-${i}; while [ $(ls /tmp | grep -c here-) -lt ${concurrent} ]; do sleep 1; done; echo said ${i}; exit ${i % 50}`;
    const exec = (i: number) => cluster.start(["exec", "busy", "-n", namespace, "--", "sh", "-c", script(i)]);
    const running: ReturnType<typeof exec>[] = [];
    for (let from = 0; from < concurrent; from += atATime) {
      for (let i = from; i < from + atATime; i++) running.push(exec(i));
      await eventually(
        `${from + atATime} run`,
        async () => {
          const { out } = await cluster.run([
            "exec",
            "busy",
            "-n",
            namespace,
            "--",
            "sh",
            "-c",
            "ls /tmp | grep -c here-",
          ]);
          return Number(out) === from + atATime ? true : undefined;
        },
        60_000,
      );
    }
    for (const [i, one] of running.entries()) {
      assert.equal(await one.exitCode, i % 50, one.text());
      assert.equal(one.text(), `said ${i}\n`);
    }
    const left = await cluster.orchctl([
      "exec",
      "busy",
      "-n",
      namespace,
      "--",
      "sh",
      "-c",
      "ps -o comm | grep -c '^sh'",
    ]);
    assert.ok(Number(left) <= 2, "none of them is left");
  },
  240_000,
);

const gigabyte = 1_000_000_000;
/** A few windows of bytes, and what a garbage collector has not looked at yet. */
const mostGrowthBytes = 200 * 2 ** 20;

inNamespace(
  "a command that prints 1 GB costs no memory, and a reader that stands still holds up nobody",
  async (scene) => {
    const { cluster, namespace } = scene;
    await cluster.apply(pod("loud", "exec sleep 3600"), "-n", namespace, "--wait");
    const node = (await cluster.pods("-n", namespace))[0]?.spec.nodeName ?? "";
    const pids = [cluster.agentPid(node), cluster.controlPlanePid()];
    const before = pids.map(rssOf);
    const orchctl = (script: string) =>
      spawn(join(programs, "bin/orchctl"), ["exec", "loud", "-n", namespace, "--", "sh", "-c", script], {
        env: { ...process.env, ...cluster.variables },
        stdio: ["ignore", "pipe", "inherit"],
      });
    const idle = orchctl("yes standing still");
    const loud = orchctl(`yes 0123456789012345678901234567890 | head -c ${gigabyte}`);
    let bytes = 0;
    let most = 0;
    loud.stdout.on("data", (chunk: Buffer) => {
      if (Math.floor(bytes / 50e6) !== Math.floor((bytes + chunk.length) / 50e6))
        most = Math.max(most, rssOf(loud.pid ?? 0));
      bytes += chunk.length;
    });
    const code = await new Promise((resolve) => loud.once("close", resolve));
    assert.deepEqual([code, bytes], [0, gigabyte]);
    for (const [at, pid] of pids.entries())
      assert.ok(rssOf(pid) - (before[at] ?? 0) < mostGrowthBytes, `${rssOf(pid)} bytes, ${before[at]} before`);
    assert.ok(most < 2 * mostGrowthBytes, `orchctl took ${most} bytes`);
    idle.kill("SIGKILL");
    await eventually("the command of the reader that left has ended", async () => {
      const { out } = await cluster.run([
        "exec",
        "loud",
        "-n",
        namespace,
        "--",
        "sh",
        "-c",
        "ps | grep -c '[s]tanding'",
      ]);
      return Number(out) === 0 ? true : undefined;
    });
  },
  240_000,
);
