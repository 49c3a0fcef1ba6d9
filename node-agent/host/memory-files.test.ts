import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { readInMemory, statInMemory, unlinkInMemory, writeInMemory } from "./memory-files.ts";

suite("small files in memory", () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "orch-memory-files-"));
  });
  after(() => rmSync(directory, { recursive: true }));

  test("what is not there is undefined, below a file too, and nothing to remove", () => {
    const missing = join(directory, "missing");
    writeInMemory(join(directory, "file"), "");
    for (const path of [missing, join(missing, "below")]) {
      assert.equal(readInMemory(path), undefined);
      assert.equal(statInMemory(path), undefined);
      unlinkInMemory(path);
    }
  });

  test("a file is written in place, and keeps its mode", () => {
    const path = join(directory, "hosts");
    writeInMemory(path, "a longer text", 0o600);
    const { ino } = statSync(path);
    writeInMemory(path, "text", 0o644);
    assert.equal(readInMemory(path), "text");
    const after = statSync(path);
    assert.deepEqual([after.ino, after.mode & 0o777], [ino, 0o600]);
  });

  test("a link is looked at and removed itself, wherever it leads", () => {
    const [target, link, astray] = ["target", "link", "astray"].map((name) => join(directory, name));
    assert.ok(target && link && astray);
    writeInMemory(target, "kept");
    symlinkSync(target, link);
    symlinkSync(join(directory, "nowhere"), astray);
    assert.equal(statInMemory(astray)?.isSymbolicLink(), true);
    for (const path of [link, astray]) unlinkInMemory(path);
    assert.equal(statInMemory(astray), undefined);
    assert.equal(readFileSync(target, "utf8"), "kept");
  });
});
