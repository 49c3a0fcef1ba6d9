import assert from "node:assert/strict";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { lockInstance } from "./single-instance.ts";

test("a second agent of the same node is refused until the first is gone", async () => {
  const directory = await mkdtemp(join(tmpdir(), "orch-lock-"));
  const lock = await lockInstance(directory);
  await assert.rejects(lockInstance(directory), (thrown) => Problem.is(thrown, "conflict"));
  await lock.release();
  await (await lockInstance(directory)).release();
  await rm(directory, { recursive: true });
});

test("the socket a killed agent left is taken over", async () => {
  const directory = await mkdtemp(join(tmpdir(), "orch-lock-"));
  const path = join(directory, "agent.sock");
  const dead = createServer().listen(path);
  await new Promise<void>((resolve) => dead.once("listening", resolve));
  // Closing removes the socket file; a killed process leaves it. So it is put back, with nobody behind it.
  await rename(path, `${path}.kept`);
  await new Promise<void>((resolve) => dead.close(() => resolve()));
  await rename(`${path}.kept`, path);
  await (await lockInstance(directory)).release();
  await rm(directory, { recursive: true });
});
