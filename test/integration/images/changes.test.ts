/** `orchctl changes` on a real overlay: every way a program may change a tree, and links that lead out of it. */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { unmountBelow } from "#node-agent/host/mounts.ts";
import { mount } from "#node-agent/host/syscalls.ts";
import { changesOf } from "#node-agent/images/rootfs-changes.ts";

interface Tree {
  readonly upper: string;
  readonly layers: readonly string[];
  /** What the container sees. */
  at(path: string): string;
}

/** Two layers: the second hides a file of the first and makes a directory anew. */
function overlay(t: TestContext): Tree {
  const root = mkdtempSync(join(tmpdir(), "orch-changes-"));
  t.after(async () => {
    await unmountBelow(root);
    rmSync(root, { recursive: true });
  });
  const folder = (name: string): string => {
    mkdirSync(join(root, name), { recursive: true });
    return join(root, name);
  };
  const mountAt = (merged: string, lower: readonly string[], upper: string, work: string): void =>
    mount({
      source: "overlay",
      target: merged,
      type: "overlay",
      data: `lowerdir=${lower.join(":")},upperdir=${upper},workdir=${work}`,
    });
  const base = folder("base");
  for (const name of ["etc/app", "srv/old", "usr/bin"]) mkdirSync(join(base, name), { recursive: true });
  for (const name of ["etc/app/one", "etc/app/two", "etc/hidden", "srv/old/a", "usr/bin/tool"])
    writeFileSync(join(base, name), name);
  const second = folder("second");
  mountAt(folder("build"), [base], second, folder("build-work"));
  rmSync(join(root, "build/etc/hidden"));
  rmSync(join(root, "build/srv/old"), { recursive: true });
  mkdirSync(join(root, "build/srv/old"));
  writeFileSync(join(root, "build/srv/old/b"), "b");
  const upper = folder("upper");
  const merged = folder("merged");
  mountAt(merged, [second, base], upper, folder("work"));
  return { upper, layers: [base, second], at: (path) => join(merged, path) };
}

async function changes(tree: Tree, mountPoints: readonly string[] = []): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { kind, path } of changesOf({ ...tree, mountPoints: new Set(mountPoints) }))
    found.push(`${kind} ${path}`);
  return found;
}

test("nothing written, nothing told; then what was added, changed and deleted, with the directories it is in", async (t) => {
  const tree = overlay(t);
  assert.deepEqual(await changes(tree), []);
  writeFileSync(tree.at("etc/app/one"), "changed");
  rmSync(tree.at("etc/app/two"));
  mkdirSync(tree.at("var/log"), { recursive: true });
  writeFileSync(tree.at("var/log/app"), "new");
  writeFileSync(tree.at("etc/hidden"), "the image deleted it: it is new");
  assert.deepEqual(await changes(tree), [
    ...["C /etc", "C /etc/app", "C /etc/app/one", "D /etc/app/two", "A /etc/hidden"],
    ...["A /var", "A /var/log", "A /var/log/app"],
  ]);
});

test("a directory made anew, one that is another thing now, and attributes alone", async (t) => {
  const tree = overlay(t);
  rmSync(tree.at("etc/app"), { recursive: true });
  mkdirSync(tree.at("etc/app"));
  writeFileSync(tree.at("etc/app/two"), "again");
  rmSync(tree.at("srv/old"), { recursive: true });
  writeFileSync(tree.at("srv/old"), "a file");
  chmodSync(tree.at("usr/bin"), 0o700);
  const told = await changes(tree);
  assert.deepEqual(told, [
    ...["C /etc", "C /etc/app", "D /etc/app/one", "C /etc/app/two"],
    ...["C /srv", "C /srv/old", "C /usr", "C /usr/bin"],
  ]);
});

test("what the runtime made to mount on is not told, what a program wrote beside it is", async (t) => {
  const tree = overlay(t);
  mkdirSync(tree.at("mnt/deep"), { recursive: true });
  writeFileSync(tree.at("etc/hosts"), "");
  assert.deepEqual(await changes(tree, ["/mnt/deep", "/etc/hosts"]), []);
  writeFileSync(tree.at("mnt/own"), "");
  assert.deepEqual(await changes(tree, ["/mnt/deep", "/etc/hosts"]), ["A /mnt", "A /mnt/own"]);
});

test("no link leads out of the layer, also one that takes a directory's place while it is read", async (t) => {
  const tree = overlay(t);
  symlinkSync("/etc", tree.at("outside"));
  symlinkSync("../../../../../../etc", tree.at("srv/up"));
  mkdirSync(tree.at("a"));
  mkdirSync(tree.at("b/inner"), { recursive: true });
  writeFileSync(tree.at("b/inner/file"), "");
  const found: string[] = [];
  for await (const { kind, path } of changesOf({ ...tree, mountPoints: new Set() })) {
    found.push(`${kind} ${path}`);
    if (path !== "/a") continue;
    renameSync(join(tree.upper, "b"), join(tree.upper, "moved"));
    symlinkSync("/etc", join(tree.upper, "b"));
  }
  assert.deepEqual(found, ["A /a", "A /b", "A /outside", "C /srv", "A /srv/up"]);
});
