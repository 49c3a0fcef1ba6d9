/**
 * Random layers of few names, links up and out, whiteouts and hard links: whatever comes, nothing outside the root changes. Needs root. A
 * failing seed is in the message.
 */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { afterEach, beforeEach, test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { type Random, seededRandom } from "#proto/kit/random.ts";
import { assertSameTree, describeTree } from "#test/support/file-tree.ts";
import type { TarEntry } from "#test/support/tar-writer.ts";
import { Unpacking } from "./unpacking.ts";

const seeds = 250;

let unpacking: Unpacking;
let images: Unpacking;
beforeEach(() => {
  unpacking = new Unpacking("directory");
  images = new Unpacking("erofs");
});
afterEach(() => {
  unpacking.close();
  images.close();
});

function randomLayer(random: Random): readonly TarEntry[] {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random.next() * from.length)] as T;
  const ordinary = ["a", "b", "c", "..", ".", "victim", "hello", "a", "b"];
  const components = random.next() < 0.5 ? ordinary : [...ordinary, ".wh.a", ".wh.b", ".wh..wh..opq"];
  const name = (): string =>
    Array.from({ length: 1 + Math.floor(random.next() * 4) }, () => pick(components)).join("/");
  const target = (): string => pick(["", "/", "../", "../../", "../../../victim/", "/../victim/"]) + name();
  // Few hard links: most have no target, which ends the layer.
  const types = [
    "file",
    "file",
    "file",
    "directory",
    "symlink",
    "symlink",
    random.next() < 0.3 ? "hardlink" : "fifo",
  ] as const;
  return Array.from({ length: 4 + Math.floor(random.next() * 16) }, (): TarEntry => {
    const type = pick(types);
    return {
      name: pick(["", "/", "./", "../"]) + name(),
      type,
      mode: pick([0o644, 0o777, 0o000, 0o4755]),
      uid: pick([0, 1000]),
      content: type === "file" ? "overwritten" : "",
      ...(type === "symlink" || type === "hardlink" ? { linkName: target() } : {}),
    };
  });
}

const tree = (root: string): readonly string[] => describeTree(root, { hasXattr: () => true });

test(`${seeds} random layers stay inside their root, and are the same as directory and as image`, async () => {
  let unpacked = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const layer = randomLayer(seededRandom(seed));
    const results = await Promise.allSettled([unpacking.unpack(layer), images.unpack(layer)]);
    const [one, other] = results.map((result) => (result.status === "fulfilled" ? result.value : undefined));
    for (const result of results) {
      if (result.status === "fulfilled") continue;
      assert.ok(Problem.is(result.reason, "invalid"), `seed ${seed}: ${String(result.reason)}`);
    }
    if (one && other) {
      assertSameTree(tree(other.root), tree(one.root), `seed ${seed}`);
      unpacked += 1;
    } else assert.ok(!one && !other, `seed ${seed}: only one of them took it`);
    const beside = readdirSync(unpacking.directory).filter((name) => !/^layer-\d+(\.tar)?$/.test(name));
    assert.deepEqual(beside, ["victim"], `seed ${seed}`);
    unpacking.checkVictim(`seed ${seed}`);
  }
  assert.ok(unpacked > seeds / 20, `only ${unpacked} were unpacked`);
});
