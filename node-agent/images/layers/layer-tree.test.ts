import assert from "node:assert/strict";
import { test } from "node:test";
import { LayerTree, LeafNode } from "./layer-tree.ts";

const mtime = { seconds: 1, nanoseconds: 0 };

/** Where `name` leads in a layer with these links: their paths, and what they say. */
function resolve(name: string, links: Readonly<Record<string, string>>): string {
  const attributes = { mode: 0o755, uid: 0, gid: 0, mtime, xattrs: new Map<string, Buffer>() };
  const tree = new LayerTree({ onDirectory: () => undefined, onRemove: () => undefined }, attributes);
  for (const [path, link] of Object.entries(links)) {
    const slash = path.lastIndexOf("/");
    const parent = slash < 0 ? tree.root : tree.makeParents(path.slice(0, slash), mtime);
    tree.place(parent, path.slice(slash + 1), new LeafNode("symlink", link));
  }
  return tree.makeParents(name, mtime).path();
}

test("links are followed inside the root only", () => {
  assert.equal(resolve("a/b", { a: "/etc" }), "etc/b");
  assert.equal(resolve("a/b", { a: "../../../../etc" }), "etc/b");
  assert.equal(resolve("x/a/b", { "x/a": "../y" }), "y/b");
  assert.equal(resolve("a", { a: "b", b: "/c/d", "c/d": "../e" }), "e");
  assert.equal(resolve("a/missing/../b", {}), "a/b");
});

test("a loop of links ends", () => {
  assert.throws(() => resolve("a", { a: "b", b: "a" }), { code: "invalid", message: /too many links/ });
});
