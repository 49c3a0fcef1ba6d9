import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { claimFolder } from "./folder-claim.ts";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "orch-claim-"));
});
after(() => rm(folder, { recursive: true }));

test("a folder is one process's at a time, and free again when that gives it back", async () => {
  const release = await claimFolder(folder, process.pid);
  await assert.rejects(claimFolder(folder, process.pid), (thrown) => {
    assert.ok(Problem.is(thrown, "conflict"));
    assert.match(thrown.message, new RegExp(`process ${process.pid}.*${folder}`));
    assert.match(thrown.hint ?? "", /cluster down.*--data-dir/);
    return true;
  });
  await release();
  assert.deepEqual(await readdir(folder), []);
  await (await claimFolder(folder, process.pid))();
});

test("what a process that was killed, a reboot or a power cut left counts no more", async () => {
  const child = spawn("sleep", ["100"]);
  await once(child, "spawn");
  await claimFolder(folder, child.pid ?? 0);
  await assert.rejects(claimFolder(folder, process.pid), { code: "conflict" });
  child.kill("SIGKILL");
  await once(child, "close");
  await (await claimFolder(folder, process.pid))();
  for (const left of ["", JSON.stringify({ pid: process.pid, startedAtTicks: "1" })]) {
    await writeFile(join(folder, "running.json"), left);
    await (await claimFolder(folder, process.pid))();
  }
});
