import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { cacheFolder, prepareCacheFolder } from "./compile-cache.ts";

const uid = process.getuid?.() ?? 0;

test("root never shares a user's folder, not even by variables", () => {
  const user = { home: "/home/ada", cacheHome: "/tmp/theirs" };
  assert.equal(cacheFolder({ uid: 0, ...user }), "/var/cache/orch/orchctl");
  assert.equal(cacheFolder({ uid: 1000, ...user }), "/tmp/theirs/orch/orchctl");
  assert.equal(cacheFolder({ uid: 1000, home: "/home/ada", cacheHome: undefined }), "/home/ada/.cache/orch/orchctl");
  assert.equal(cacheFolder({ uid: 1000, home: "/home/ada", cacheHome: "relative" }), "/home/ada/.cache/orch/orchctl");
  assert.equal(cacheFolder({ uid: 1000, home: undefined, cacheHome: undefined }), undefined);
});

test("a folder that others may write, that is another's, or that is a link is not used", (context) => {
  const base = mkdtempSync(join(tmpdir(), "orchctl-cache-"));
  context.after(() => rmSync(base, { recursive: true }));
  const folder = join(base, "a/b");
  assert.equal(prepareCacheFolder(folder, uid), folder);
  assert.equal(prepareCacheFolder(folder, uid + 1), undefined);
  symlinkSync(folder, join(base, "link"));
  assert.equal(prepareCacheFolder(join(base, "link"), uid), undefined);
  chmodSync(folder, 0o770);
  assert.equal(prepareCacheFolder(folder, uid), undefined);
  writeFileSync(join(base, "file"), "");
  assert.equal(prepareCacheFolder(join(base, "file"), uid), undefined);
});

test("what old builds left is removed when it is too much", (context) => {
  const base = mkdtempSync(join(tmpdir(), "orchctl-cache-"));
  context.after(() => rmSync(base, { recursive: true }));
  chmodSync(base, 0o700);
  mkdirSync(join(base, "v1"));
  for (let i = 0; i <= 1000; i++) writeFileSync(join(base, "v1", String(i)), "");
  assert.equal(prepareCacheFolder(base, uid), base);
  assert.equal(existsSync(join(base, "v1")), false);
});
