/** An agent that is killed while it works on images. Needs root. */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { readTrailer } from "#node-agent/images/layers/erofs/trailer.ts";
import { UnpackPool } from "#node-agent/images/layers/unpack-pool.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { busyboxArchive } from "#test/support/busybox-image.ts";
import { digestOf } from "#test/support/image-builder.ts";
import { tar } from "#test/support/tar-writer.ts";
import { inPieces, never, openImageNode, unpackWorkerPath } from "./image-node.ts";

const loadForever = fileURLToPath(import.meta.resolve("./load-forever.ts"));

test("killed at any moment: afterwards an image is whole or not there, and nothing is left over", async () => {
  const directory = mkdtempSync(join(tmpdir(), "orch-crash-"));
  const archive = join(directory, "archive.tar");
  writeFileSync(archive, busyboxArchive(["bb:1"], { layers: [[{ name: "top", content: "x".repeat(3_000_000) }]] }));
  for (const afterMs of [30, 90, 170, 290, 430]) {
    const child = spawn(process.execPath, [loadForever, directory, archive], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    await delay(afterMs); // the moment is the point
    const workers = childrenOf(child.pid ?? 0);
    child.kill("SIGKILL");
    await once(child, "exit");
    // Its workers see that it is gone and end too; what one of them still makes meanwhile goes at the start after next.
    await until(() => workers.every((pid) => !existsSync(`/proc/${pid}`)));
    const node = await openImageNode([], directory);
    const found = await node.images.find("bb:1");
    for (const id of await node.rootfs.list()) await node.rootfs.remove(id);
    for (const name of ["ingest", "layers/tmp"]) assert.deepEqual(readdirSync(join(directory, "images", name)), []);
    const image = found ?? (await node.images.load(inPieces(readFileSync(archive)), never))[0];
    assert.ok(image);
    const root = await node.rootfs.prepare("check", image);
    assert.equal(execFileSync("chroot", [root, "/bin/wc", "-c", "/top"], { encoding: "utf8" }).trim(), "3000000 /top");
    await node.rootfs.remove("check");
    await node.images.close();
  }
  await (await openImageNode([], directory)).close();
});

/** A job whose blob is a pipe that nobody writes: its worker waits until it is killed. */
function endlessJob(directory: string) {
  const blobPath = join(directory, "pipe");
  execFileSync("mkfifo", [blobPath]);
  return {
    blobPath,
    diffId: digestOf(Buffer.alloc(0)),
    format: "erofs" as const,
    path: join(directory, "out"),
    maxBytes: 1000,
  };
}

const childrenOf = (pid: number): readonly string[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean);
const children = (): readonly string[] => childrenOf(process.pid);

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 400; turn++) {
    if (condition()) return;
    await delay(10);
  }
  assert.fail("it did not come to be");
}

test("a worker that dies is a Problem, and the next job gets a new one that ends when idle", async () => {
  const directory = mkdtempSync(join(tmpdir(), "orch-pool-"));
  const pool = new UnpackPool({ workerPath: unpackWorkerPath, clock: systemClock, size: 1, idleMs: 20 });
  const before = children();
  const doomed = pool.run(endlessJob(directory), never);
  await until(() => children().length > before.length);
  const worker = children().find((pid) => !before.includes(pid));
  process.kill(Number(worker), "SIGKILL");
  await assert.rejects(doomed, { code: "unavailable", message: /ended with SIGKILL/ });
  const archive = tar([{ name: "f", content: "1" }]);
  writeFileSync(join(directory, "blob"), archive);
  const job = {
    blobPath: join(directory, "blob"),
    diffId: digestOf(archive),
    format: "erofs" as const,
    path: join(directory, "tree"),
    maxBytes: 1_000_000,
  };
  await pool.run(job, never);
  assert.equal(readTrailer(job.path).record.entries, 1);
  await until(() => children().length === before.length);
  await pool.close();
  execFileSync("rm", ["-rf", directory]);
});

test("workers start before there is a job, no more than may be, and end when none comes", async () => {
  const pool = new UnpackPool({ workerPath: unpackWorkerPath, clock: systemClock, size: 2, idleMs: 20 });
  const before = children();
  pool.prepare(5);
  pool.prepare(1);
  assert.equal(pool.processIds().length, 2);
  await until(() => children().length === before.length);
  assert.deepEqual(pool.processIds(), []);
  await pool.close();
});

test("a worker that cannot be started is a Problem of each job that wanted it, and leaves nothing waiting", async () => {
  const directory = mkdtempSync(join(tmpdir(), "orch-pool-"));
  const execPath = join(directory, "no-such-node");
  const pool = new UnpackPool({ workerPath: unpackWorkerPath, clock: systemClock, size: 1, execPath });
  pool.prepare(1);
  const job = endlessJob(directory);
  const problem = { code: "unavailable", message: /could not be started: .*ENOENT/ };
  await Promise.all([job, job].map((each) => assert.rejects(pool.run(each, never), problem)));
  assert.deepEqual(pool.processIds(), []);
  await pool.close();
  execFileSync("rm", ["-rf", directory]);
});

test("an aborted job's worker is gone before the answer, one that waits leaves the queue", async () => {
  const directory = mkdtempSync(join(tmpdir(), "orch-pool-"));
  const pool = new UnpackPool({ workerPath: unpackWorkerPath, clock: systemClock, size: 1 });
  const before = children();
  const [one, two] = [new AbortController(), new AbortController()];
  const running = pool.run(endlessJob(directory), one.signal);
  const waiting = pool.run({ ...endlessJob(mkdtempSync(join(directory, "x"))) }, two.signal);
  two.abort();
  await assert.rejects(waiting, { code: "canceled" });
  await until(() => children().length > before.length);
  one.abort();
  await assert.rejects(running, { code: "canceled" });
  assert.equal(children().length, before.length);
  await pool.close();
  execFileSync("rm", ["-rf", directory]);
});
