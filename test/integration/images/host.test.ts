/** Needs root: mounts and device nodes. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { removeTree } from "#node-agent/host/files.ts";
import { isMountPoint, mountsBelow, unmountBelow } from "#node-agent/host/mounts.ts";
import { run, spawnDetached } from "#node-agent/host/spawn.ts";
import {
  getXattr,
  isMountRoot,
  listXattrs,
  makeNode,
  mount,
  setModificationTime,
  setXattr,
  syncFilesystem,
  unmount,
} from "#node-agent/host/syscalls.ts";
import { systemClock } from "#proto/kit/clock.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "orch-host-"));
});
afterEach(async () => {
  await unmountBelow(directory);
  rmSync(directory, { recursive: true, force: true });
});

test("a mount appears in the mount table and is unmounted again", async () => {
  const target = join(directory, "mount point");
  mkdirSync(target);
  mount({ source: "tmpfs", target, type: "tmpfs", flags: ["nosuid", "nodev"], data: "size=64k,mode=0700" });
  assert.ok(await isMountPoint(target));
  assert.deepEqual(
    (await mountsBelow(directory)).map((entry) => [entry.mountPoint, entry.type]),
    [[target, "tmpfs"]],
  );
  unmount(target);
  assert.equal(await isMountPoint(target), false);
});

test("mounts stacked and nested below a prefix are all detached", async () => {
  for (const _ of [1, 2]) mount({ source: "tmpfs", target: directory, type: "tmpfs" });
  mkdirSync(join(directory, "inner"));
  mount({ source: "tmpfs", target: join(directory, "inner"), type: "tmpfs" });
  await unmountBelow(directory);
  assert.deepEqual(await mountsBelow(directory), []);
});

test("a failed call says what failed, with the code of the system", () => {
  const target = join(directory, "missing");
  assert.throws(() => mount({ source: "tmpfs", target, type: "tmpfs" }), { code: "ENOENT", syscall: "mount" });
  assert.throws(() => unmount("a\0b"), { code: "EINVAL" });
});

test("device nodes, extended attributes and times are set on the link itself, never its target", () => {
  makeNode(join(directory, "null"), 0o020666, 1, 3);
  const device = statSync(join(directory, "null"));
  assert.ok(device.isCharacterDevice());
  assert.equal(device.rdev, 0x103);
  makeNode(join(directory, "big"), 0o060600, 4095, 1048575);
  assert.equal(statSync(join(directory, "big"), { bigint: true }).rdev, 0xffff_ffffn);
  const file = join(directory, "file");
  writeFileSync(file, "");
  setXattr(file, "trusted.overlay.opaque", Buffer.from("y"));
  assert.equal(getXattr(file, "trusted.overlay.opaque")?.toString(), "y");
  assert.deepEqual(listXattrs(file), ["trusted.overlay.opaque"]);
  assert.equal(getXattr(file, "user.none"), undefined);
  symlinkSync(file, join(directory, "link"));
  setModificationTime(join(directory, "link"), 12n, 345);
  setModificationTime(file, -5n, 6);
  assert.equal(statSync(file, { bigint: true }).mtimeNs, -5_000_000_000n + 6n);
  syncFilesystem(directory);
});

test("a tree with a mount inside is not removed", async () => {
  const tree = join(directory, "tree");
  mkdirSync(join(tree, "mounted"), { recursive: true });
  mkdirSync(join(directory, "source"));
  writeFileSync(join(directory, "source", "keep"), "");
  mount({ source: join(directory, "source"), target: join(tree, "mounted"), flags: ["bind"] });
  assert.equal(isMountRoot(join(tree, "mounted")), true);
  assert.equal(isMountRoot(tree), false);
  assert.equal(isMountRoot(join(tree, "nothing")), false);
  await assert.rejects(removeTree(tree), { code: "conflict" });
  await assert.rejects(removeTree(join(tree, "mounted")), { code: "conflict" });
  assert.ok(existsSync(join(directory, "source", "keep")));
});

test("a program's output, input and exit code come back, output bounded", async () => {
  const options = { clock: systemClock, timeoutMs: 10_000 };
  assert.deepEqual(await run("cat", [], { ...options, stdin: "hello" }), { code: 0, stdout: "hello", stderr: "" });
  assert.equal((await run("sh", ["-c", "echo no >&2; exit 3"], options)).code, 3);
  assert.equal(
    (await run("head", ["-c", "100000", "/dev/zero"], { ...options, maxOutputBytes: 10 })).stdout.length,
    10,
  );
  assert.equal((await run("sh", ["-c", "kill -9 $$"], options)).code, 137);
});

test("a program that hangs is killed, also when a grandchild holds its output", async () => {
  const options = { clock: systemClock, timeoutMs: 200 };
  await assert.rejects(run("sh", ["-c", "sleep 1 & exit 0"], options), { code: "timeout" });
  const controller = new AbortController();
  const running = run("sleep", ["3"], { clock: systemClock, timeoutMs: 10_000, signal: controller.signal });
  controller.abort();
  await assert.rejects(running, { code: "canceled" });
});

test("a missing program is named, with a hint", async () => {
  const running = run("orch-no-such-program", [], { clock: systemClock, timeoutMs: 1000 });
  await assert.rejects(running, { code: "unavailable", hint: /install orch-no-such-program/ });
  await assert.rejects(spawnDetached("orch-no-such-program", []), { code: "unavailable" });
});

test("a detached program talks over extra pipes and its own session", async () => {
  const script = "read line <&4; echo got $line >&3; exec 3>&- ; exit 5";
  const child = await spawnDetached("bash", ["-c", script], { extraPipes: 2 });
  const [out, input] = child.pipes;
  assert.ok(out && input);
  input.write("word\n");
  let text = "";
  for await (const chunk of out) text += String(chunk);
  assert.equal(text, "got word\n");
  assert.equal(await child.exitCode, 5);
  assert.ok(child.pid > 0);
});
