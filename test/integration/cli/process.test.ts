/** orchctl as a process: what only a process has. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { OrchctlUnderTest } from "../../support/orchctl.ts";

const main = join(import.meta.dirname, "../../../cli/main.ts");
let cli: OrchctlUnderTest;
before(async () => {
  cli = await OrchctlUnderTest.start();
  for (let i = 0; i < 20; i++)
    await cli.calls.create("configmaps", {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: `c${i}`, namespace: "default" },
    });
});
after(() => cli.stop());

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(
  words: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [main, ...words], {
    env: { PATH: process.env.PATH, HOME: cli.folder, ORCH_CONFIG: cli.config, TMPDIR: cli.folder, ...variables },
    stdio: ["pipe", "pipe", "pipe"],
    timeout: 30_000,
  });
  let [out, err] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  return { child, ended: once(child, "close").then(([code]) => ({ code: code as number | null, out, err })) };
}

test("a command ends by itself though standard input stays open", async () => {
  const { ended } = start(["get", "cm", "-o", "name"]);
  const { code, out, err } = await ended;
  assert.deepEqual([code, err], [0, ""]);
  assert.equal(out.trimEnd().split("\n").length, 20);
});

test("a reader that leaves early is no error", async () => {
  const { child, ended } = start(["get", "cm", "-w", "-o", "json"]);
  await once(child.stdout ?? child, "data");
  child.stdout?.destroy();
  await cli.calls.create("configmaps", {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "late", namespace: "default" },
  });
  const { code, err } = await ended;
  assert.deepEqual([code, err], [0, ""]);
});

test("Ctrl-C ends a watch with 130 and not a word", async () => {
  const { child, ended } = start(["get", "cm", "-w"]);
  await once(child.stdout ?? child, "data");
  child.kill("SIGINT");
  const { code, err } = await ended;
  assert.deepEqual([code, err], [130, ""]);
});

test("a context file that cannot be understood, and a control plane that is not there, are sentences", async () => {
  const file = join(cli.folder, cli.file("broken", "{"));
  const broken = await start(["get", "pods", "--config", file]).ended;
  assert.equal(broken.code, 5);
  const dead = await start(["get", "pods", "--config", join(cli.folder, "none")]).ended;
  assert.deepEqual([dead.code, /there is no cluster to talk to/.test(dead.err)], [3, true]);
  for (const { err } of [broken, dead]) assert.doesNotMatch(err, /\n\s+at |node:internal/);
});
