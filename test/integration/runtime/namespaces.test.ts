/** The agent's thread is back in its own namespaces after every moment in another, whatever happened there. */
import assert from "node:assert/strict";
import { mkdtempSync, readlinkSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { insideNetwork, pinNewNamespaces } from "#node-agent/host/namespaces.ts";
import { unmount } from "#node-agent/host/syscalls.ts";

const kinds = ["net", "ipc", "uts"] as const;
const own = (): readonly string[] => kinds.map((kind) => readlinkSync(`/proc/thread-self/ns/${kind}`));
const numberOf = (link: string | undefined): number => Number(/\d+/.exec(link ?? "")?.[0]);

test("new namespaces are pinned, entered and left", { skip: process.getuid?.() !== 0 && "needs root" }, () => {
  const folder = mkdtempSync(join(tmpdir(), "orch-namespaces-"));
  const files = new Map(kinds.map((kind) => [kind, join(folder, kind)]));
  const network = join(folder, "net");
  for (const file of files.values()) writeFileSync(file, "");
  const before = own();
  try {
    pinNewNamespaces(files);
    assert.deepEqual(own(), before);
    for (const [kind, file] of files) assert.notEqual(statSync(file).ino, numberOf(before[kinds.indexOf(kind)]));

    let inside = 0;
    insideNetwork(network, () => {
      inside = numberOf(own()[0]);
    });
    assert.equal(inside, statSync(network).ino);
    assert.deepEqual(own(), before);

    const failure = new Error("halfway");
    assert.throws(() => insideNetwork(network, () => raise(failure)), failure);
    assert.throws(() => pinNewNamespaces(new Map([["net", join(folder, "missing")]])), /ENOENT/);
    assert.deepEqual(own(), before);
  } finally {
    for (const file of files.values()) unmount(file, { lazy: true });
    rmSync(folder, { recursive: true });
  }
});

function raise(thrown: Error): never {
  throw thrown;
}
