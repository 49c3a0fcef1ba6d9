import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chdir, cwd } from "node:process";
import { afterEach, beforeEach, test } from "node:test";
import { childPath, removeTree, writeFileAtomic } from "./files.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "orch-files-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test("an atomic write replaces the file, sets its mode and leaves no temporary file", async () => {
  const path = join(directory, "record.json");
  writeFileSync(path, "old");
  await writeFileAtomic(path, "new", 0o640);
  assert.equal(readFileSync(path, "utf8"), "new");
  assert.equal(statSync(path).mode & 0o777, 0o640);
  assert.deepEqual(readdirSync(directory), ["record.json"]);
});

test("a failed atomic write leaves nothing behind", async () => {
  await assert.rejects(writeFileAtomic(join(directory, "missing", "record.json"), "new"), { code: "ENOENT" });
  assert.deepEqual(readdirSync(directory), []);
});

test("removing a tree does not follow links out of it", async () => {
  const tree = join(directory, "tree");
  mkdirSync(join(tree, "a", "b"), { recursive: true });
  mkdirSync(join(directory, "outside"));
  writeFileSync(join(directory, "outside", "keep"), "");
  symlinkSync(join(directory, "outside"), join(tree, "a", "link"));
  await removeTree(tree);
  assert.equal(existsSync(tree), false);
  assert.ok(existsSync(join(directory, "outside", "keep")));
});

test("removing a link removes the link only", async () => {
  mkdirSync(join(directory, "target"));
  symlinkSync(join(directory, "target"), join(directory, "link"));
  await removeTree(join(directory, "link"));
  assert.deepEqual(readdirSync(directory), ["target"]);
});

test("names that are not UTF-8 are removed", async () => {
  const tree = join(directory, "tree");
  mkdirSync(tree);
  writeFileSync(Buffer.concat([Buffer.from(`${tree}/`), Buffer.from([0xff, 0xfe, 0x80])]), "");
  await removeTree(tree);
  assert.equal(existsSync(tree), false);
});

test("a tree deeper than PATH_MAX is removed", async () => {
  const tree = join(directory, "tree");
  mkdirSync(tree);
  const before = cwd();
  try {
    chdir(tree);
    for (let depth = 0; depth < 30; depth++) {
      mkdirSync("d".repeat(250));
      chdir("d".repeat(250));
    }
  } finally {
    chdir(before);
  }
  await removeTree(tree);
  assert.equal(existsSync(tree), false);
});

test("removing nothing is fine", async () => {
  await removeTree(join(directory, "nothing"));
});

test("a child path cannot leave its directory", () => {
  assert.equal(childPath("/a", "b"), "/a/b");
  for (const name of ["", ".", "..", "b/c", "b\0"]) assert.throws(() => childPath("/a", name), { code: "bad-request" });
});
