/** Whiteouts and opaque directories as a container sees them through overlayfs, after containers/storage and umoci. Needs root. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { getXattr } from "#node-agent/host/syscalls.ts";
import type { TarEntry } from "#test/support/tar-writer.ts";
import { D, F, layerFormats, S, Unpacking } from "./unpacking.ts";

for (const format of layerFormats) {
  describe(format, () => {
    let unpacking: Unpacking;
    beforeEach(() => {
      unpacking = new Unpacking(format);
    });
    afterEach(() => unpacking.close());

    function list(root: string, below = ""): readonly string[] {
      return readdirSync(join(root, below), { withFileTypes: true })
        .flatMap((entry) => {
          const name = join(below, entry.name);
          return entry.isDirectory() ? [`${name}/`, ...list(root, name)] : [name];
        })
        .sort();
    }

    const base: readonly TarEntry[] = [
      ...[F(".baz", "1"), D("bar"), F("bar/bax", "1"), D("bar/bay"), F("baz", "1")],
      ...[
        D("foo"),
        F("foo/.abc", "1"),
        D("foo/.bcd"),
        F("foo/.bcd/a", "1"),
        D("foo/cde"),
        F("foo/cde/def", "1"),
        F("foo/cde/efg", "1"),
      ],
      ...[F("foo/fgh", "1"), F("foobar", "1")],
    ];
    const first = [
      F(".bay"),
      F(".wh.baz"),
      D("foo"),
      F("foo/.bce"),
      F("foo/.wh..wh..opq"),
      D("foo/cde"),
      F("foo/cde/efg"),
    ];
    const second = [F(".bay"), F(".wh..baz"), F(".wh.foobar"), D("foo"), F("foo/.abc"), F("foo/.wh.cde"), D("bar")];
    const third = [F(".abc"), F(".wh..wh..opq"), F("foobar")];

    test("whiteouts and opaque directories, layer by layer", async () => {
      const afterFirst = [
        ".bay",
        ".baz",
        "bar/",
        "bar/bax",
        "bar/bay/",
        "foo/",
        "foo/.bce",
        "foo/cde/",
        "foo/cde/efg",
        "foobar",
      ];
      assert.deepEqual(await unpacking.merged([base, first], (root) => list(root)), afterFirst);
      const afterSecond = [".bay", "bar/", "bar/bax", "bar/bay/", "foo/", "foo/.abc", "foo/.bce"];
      assert.deepEqual(await unpacking.merged([base, first, second], (root) => list(root)), afterSecond);
    });

    test("an opaque root hides everything below", async () => {
      const { root } = await unpacking.unpack(third);
      assert.equal(getXattr(root, "trusted.overlay.opaque")?.toString(), "y");
    });

    const lower: readonly TarEntry[] = [
      D("dir"),
      F("dir/old", "1"),
      D("dir/sub"),
      F("dir/sub/old", "1"),
      F("file", "1"),
      D("keep"),
      F("keep/old", "1"),
    ];
    const whiteouts: readonly (readonly [string, readonly TarEntry[], readonly string[]])[] = [
      ["of a file", [F(".wh.file")], ["dir/", "dir/old", "dir/sub/", "dir/sub/old"]],
      ["of a directory", [F(".wh.dir")], ["file"]],
      [
        "before its file comes back",
        [F(".wh.file"), F("file", "2")],
        ["dir/", "dir/old", "dir/sub/", "dir/sub/old", "file"],
      ],
      [
        "after its file came: whiteouts are about lower layers",
        [F("file", "2"), F(".wh.file")],
        ["dir/", "dir/old", "dir/sub/", "dir/sub/old", "file"],
      ],
      [
        "of a directory that comes back with new content",
        [F(".wh.dir"), D("dir"), F("dir/new")],
        ["dir/", "dir/new", "file"],
      ],
      ["of a directory, new content first", [D("dir"), F("dir/new"), F(".wh.dir")], ["dir/", "dir/new", "file"]],
      ["of a directory, new content without its directory", [F(".wh.dir"), F("dir/new")], ["dir/", "dir/new", "file"]],
      ["nested, outer first", [F(".wh.dir"), F("dir/.wh.sub")], ["file"]],
      ["nested, inner first", [F("dir/.wh.sub"), F(".wh.dir")], ["file"]],
      ["in a directory the layer leaves out", [F("dir/sub/.wh.old")], ["dir/", "dir/old", "dir/sub/", "file"]],
      ["opaque, marker first", [D("dir"), F("dir/.wh..wh..opq"), F("dir/new")], ["dir/", "dir/new", "file"]],
      ["opaque, marker last", [D("dir"), F("dir/new"), F("dir/.wh..wh..opq")], ["dir/", "dir/new", "file"]],
      [
        "opaque with whiteouts inside, before and after",
        [F("dir/.wh.old"), F("dir/.wh..wh..opq"), F("dir/.wh.sub")],
        ["dir/", "file"],
      ],
      [
        "opaque below opaque",
        [F("dir/.wh..wh..opq"), F("dir/sub/.wh..wh..opq"), F("dir/sub/new")],
        ["dir/", "dir/sub/", "dir/sub/new", "file"],
      ],
      [
        "opaque where a file is",
        [F("opaque-nondir"), F("opaque-nondir/.wh..wh..opq"), F(".wh.opaque-nondir2")],
        ["dir/", "dir/old", "dir/sub/", "dir/sub/old", "file", "opaque-nondir/"],
      ],
      [
        "of a link, not its target",
        [S("l", "dir"), F(".wh.file")],
        ["dir/", "dir/old", "dir/sub/", "dir/sub/old", "l"],
      ],
      [
        "through a link of the same layer",
        [S("l", "dir"), F("l/.wh.old")],
        ["dir/", "dir/sub/", "dir/sub/old", "file", "l"],
      ],
      [
        "behind a dead link, which makes the directory appear",
        [S("l", "/dne"), F("l/.wh.etc")],
        ["dir/", "dir/old", "dir/sub/", "dir/sub/old", "dne/", "dne/etc", "file", "l"],
      ],
      ["with dot dot in its name", [F("dne/../.wh.dir")], ["file"]],
      [
        "as a device: overlayfs' own form",
        [{ name: "file", type: "char", major: 0, minor: 0 }],
        ["dir/", "dir/old", "dir/sub/", "dir/sub/old"],
      ],
      ["of something that never was", [F(".wh.never")], ["dir/", "dir/old", "dir/sub/", "dir/sub/old", "file"]],
      [
        "of aufs' own files",
        [F(".wh..wh.aufs"), D(".wh..wh.plnk"), F(".wh.file")],
        ["dir/", "dir/old", "dir/sub/", "dir/sub/old"],
      ],
    ];
    for (const [name, upper, expected] of whiteouts) {
      test(`a whiteout ${name}`, async () => {
        assert.deepEqual(
          await unpacking.merged([lower, upper], (root) => list(root)),
          [...expected, "keep/", "keep/old"].sort(),
        );
      });
    }

    test("a directory that a file replaced in the same layer hides the lower one", async () => {
      assert.deepEqual(
        await unpacking.merged([lower, [F("dir"), D("dir"), F("dir/new")]], (root) => readdirSync(join(root, "dir"))),
        ["new"],
      );
    });
  });
}
