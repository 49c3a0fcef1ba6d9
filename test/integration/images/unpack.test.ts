/** Layers that are tricky or hostile. The lists follow containerd's TestBreakouts and containers/storage. Needs root. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { getXattr, listXattrs } from "#node-agent/host/syscalls.ts";
import { assertSameTree, describeTree } from "#test/support/file-tree.ts";
import type { TarEntry } from "#test/support/tar-writer.ts";
import { byGnuTar, tarFormats } from "./tricky-layers.ts";
import { D, F, L, layerFormats, S, Unpacking } from "./unpacking.ts";

for (const format of layerFormats) {
  describe(format, () => {
    let unpacking: Unpacking;
    beforeEach(() => {
      unpacking = new Unpacking(format);
    });
    afterEach(() => unpacking.close());

    const passwd = F("/etc/passwd", "root");

    /** The entries after which `path` holds `content`. */
    const contained: readonly (readonly [string, readonly TarEntry[], string, string])[] = [
      [
        "an absolute link as parent",
        [D("etc"), S("localetc", "/etc"), F("/localetc/unbroken", "x")],
        "etc/unbroken",
        "x",
      ],
      [
        "a link up and out as parent",
        [D("etc"), D("dummy"), S("localetc", "/dummy/../etc"), F("/localetc/unbroken", "x")],
        "etc/unbroken",
        "x",
      ],
      [
        "links through absolute links",
        [D("etc"), S("/dummy/etc", "/etc"), S("localetc", "/dummy/etc"), F("/localetc/etc", "x")],
        "etc/etc",
        "x",
      ],
      [
        "links through relative links",
        [D("etc"), S("/dummy/etc", "/etc"), S("localetc", "./dummy/etc"), F("/localetc/etc", "x")],
        "etc/etc",
        "x",
      ],
      [
        "a file emptied through a link",
        [D("etc"), F("etc/emptied", "notempty"), S("localetc", "/etc"), F("/localetc/emptied")],
        "etc/emptied",
        "",
      ],
      ["dot dot in a name", [F("../../victim/hello", "x")], "victim/hello", "x"],
      ["an absolute dot dot name", [F("/../victim/hello", "x")], "victim/hello", "x"],
      ["a link to the neighbour, then a file below it", [S("l", "../victim"), F("l/hello", "x")], "victim/hello", "x"],
      ["a long way up", [S("l", "../../../../../../../../../victim"), F("l/hello", "x")], "victim/hello", "x"],
      ["a link replaced by a file", [S("hello", "../victim/hello"), F("hello", "x")], "hello", "x"],
      ["an entry below a file", [F("nondir", "1"), F("nondir/foo", "x")], "nondir/foo", "x"],
      ["a directory over a link", [D("etc"), S("l", "/etc"), D("l/"), F("l/x", "x")], "l/x", "x"],
      ["a directory named as a whiteout", [F(".wh.etc/somefile", "x")], ".wh.etc/somefile", "x"],
      ["the last of two entries", [F("f", "1"), F("f", "x")], "f", "x"],
      ["a name with newline and backslash", [F("a\nb\\c", "x")], "a\nb\\c", "x"],
      ["a link loop replaced", [S("loop", "loop"), F("loop", "x")], "loop", "x"],
    ];
    for (const [name, entries, path, content] of contained) {
      test(`stays inside: ${name}`, async () => {
        const { root } = await unpacking.unpack(entries);
        assert.equal(readFileSync(join(root, path), "utf8"), content);
      });
    }

    const hardLinks: readonly (readonly [string, readonly TarEntry[], string])[] = [
      [
        "relative",
        [passwd, D("breakouts"), S("breakouts/d1", "../../etc"), L("breakouts/mypasswd", "/breakouts/d1/passwd")],
        "breakouts/mypasswd",
      ],
      [
        "down and out",
        [passwd, S("breakouts/d1", "../downandout/../../etc"), L("breakouts/mypasswd", "/breakouts/d1/passwd")],
        "breakouts/mypasswd",
      ],
      ["absolute", [passwd, S("localetc", "/etc"), L("localpasswd", "/localetc/passwd")], "localpasswd"],
      [
        "relative and long",
        [passwd, S("localetc", "../../../../../../../etc"), L("localpasswd", "/localetc/passwd")],
        "localpasswd",
      ],
      [
        "up and out",
        [passwd, S("localetc", "upandout/../../../etc"), L("localpasswd", "/localetc/passwd")],
        "localpasswd",
      ],
      ["directly relative", [passwd, L("localpasswd", "../../../../../etc/passwd")], "localpasswd"],
      ["directly absolute", [passwd, L("localpasswd", "/etc/passwd")], "localpasswd"],
      ["beside a link named dot dot", [passwd, S("..", "/etc/"), L("localpasswd", "/etc/passwd")], "localpasswd"],
      ["beside a link without name", [passwd, S("", "/etc/"), L("localpasswd", "/etc/passwd")], "localpasswd"],
      [
        "through a cleaned name",
        [passwd, S("localetc/sub/..", "/etc/"), L("/localetc/localpasswd", "/etc/passwd")],
        "etc/localpasswd",
      ],
      [
        "below a directory with a slash",
        [passwd, D("localetc/"), L("/localetc/localpasswd", "/etc/passwd")],
        "localetc/localpasswd",
      ],
      [
        "over a directory",
        [passwd, D("localetc"), S("localetc", "/etc"), L("/localetc/localpasswd", "/etc/passwd")],
        "etc/localpasswd",
      ],
      ["to itself", [passwd, L("etc/passwd", "/etc/passwd")], "etc/passwd"],
    ];
    for (const [name, entries, path] of hardLinks) {
      test(`a hard link, ${name}, is the same file inside the root`, async () => {
        const { root } = await unpacking.unpack(entries);
        assert.equal(lstatSync(join(root, path)).ino, lstatSync(join(root, "etc/passwd")).ino);
      });
    }

    test("a hard link to a link links the link, and changes neither it nor its target", async () => {
      const entries = [S("l", join(unpacking.directory, "victim/hello")), { ...L("copy", "l"), mode: 0o777, uid: 5 }];
      const { root } = await unpacking.unpack(entries);
      assert.equal(lstatSync(join(root, "copy")).ino, lstatSync(join(root, "l")).ino);
      assert.equal(lstatSync(join(root, "l")).uid, 0);
    });

    test("a hard link to a link whose target comes later", async () => {
      const { root } = await unpacking.unpack([S("localpasswd", "/etc/passwd"), L("dup", "localpasswd"), passwd]);
      assert.equal(readlinkSync(join(root, "dup")), "/etc/passwd");
    });

    test("a directory over a link: what comes below is not what the link pointed to", async () => {
      const entries = [passwd, S("localetc", "/etc"), D("/localetc/"), F("/localetc/localpasswd", "different")];
      const { root } = await unpacking.unpack(entries);
      assert.equal(existsSync(join(root, "etc/localpasswd")), false);
    });

    test("a link over a directory and back: nothing is written through it", async () => {
      const files = (...numbers: number[]): readonly TarEntry[] => numbers.map((number) => F(`foo/tmp/x${number}`));
      const { root } = await unpacking.unpack([
        ...[D("foo"), D("foo/tmp"), ...files(0, 1, 2)],
        ...[S("foo", "/"), ...files(3, 4, 5)],
        ...[D("foo"), D("foo/tmp"), ...files(6, 7, 8)],
      ]);
      assert.deepEqual(readdirSync(join(root, "foo/tmp")), ["x6", "x7", "x8"]);
    });

    const refused: readonly (readonly [string, readonly TarEntry[] | Buffer])[] = [
      ["a whiteout of the root's parent", [F(".wh...")]],
      ["a whiteout of a parent", [F("etc/.wh...")]],
      ["a whiteout of the root", [F(".wh..")]],
      ["a whiteout of its own directory", [F("etc/.wh..")]],
      ["a whiteout of nothing", [F("some/path/.wh.")]],
      ["a hard link to a file that is not there", [L("l", "none")]],
      ["a hard link to a host file", [L("l", "/../../../../../../victim/hello")]],
      ["a hard link to a directory", [D("d"), L("l", "d")]],
      ["an owner that chown reads as unchanged", [{ ...F("f"), pax: { uid: "4294967295" } }]],
      ["an endless loop of links as parent", [S("a", "b"), S("b", "a"), F("a/f", "x")]],
      ["a name too long for the system", [F(`${"n".repeat(300)}`)]],
      ["a path too long for the system", [F("d/".repeat(3000))]],
      ["no tar", Buffer.from("x".repeat(2000))],
    ];
    for (const [name, entries] of refused) {
      test(`is refused: ${name}`, async () => {
        await assert.rejects(unpacking.unpack(entries), { name: "Problem", code: "invalid" });
      });
    }

    test("more content than there is room for is refused", async () => {
      await assert.rejects(unpacking.unpack([F("f", "x".repeat(5000))], 4000), { code: "too-large" });
    });

    test("attributes: setuid after chown, times to the nanosecond, capabilities, devices, far ids", async () => {
      const capability = Buffer.from("0100000200040000000000000000000000000000", "hex");
      const acl = Buffer.from(
        "0200000001000600ffffffff02000600e803000004000400ffffffff10000600ffffffff20000400ffffffff",
        "hex",
      );
      const { root } = await unpacking.unpack([
        { name: "suid", mode: 0o4755, uid: 1000, gid: 1000, content: "x", pax: { mtime: "1600000000.123456789" } },
        {
          name: "cap",
          mode: 0o755,
          uid: 5,
          content: "x",
          xattrs: { "security.capability": capability, "user.k": "v" },
        },
        { name: "acl", mode: 0o664, content: "", xattrs: { "system.posix_acl_access": acl, "user.empty": "" } },
        { name: "forged", type: "directory", xattrs: { "trusted.overlay.opaque": "y", "user.overlay.opaque": "y" } },
        { name: "far", uid: 3_000_000_000, gid: 2_500_000, content: "" },
        { name: "null", type: "char", major: 1, minor: 3, mode: 0o666 },
        { name: "disk", type: "block", major: 8, minor: 1 },
        { name: "pipe", type: "fifo", mode: 0o622 },
        { name: "sticky/", type: "directory", mode: 0o1777, mtime: 1000 },
        { name: "sticky/later", mtime: 2000 },
        { ...S("link", "nowhere"), uid: 7, mtime: 3000 },
        { name: "old", pax: { mtime: "-99999999999" } },
        { name: "future", pax: { mtime: "99999999999999" } },
      ]);
      const at = (name: string): Stats => lstatSync(join(root, name));
      assert.deepEqual([at("suid").mode & 0o7777, at("suid").uid], [0o4755, 1000]);
      assert.equal(lstatSync(join(root, "suid"), { bigint: true }).mtimeNs, 1_600_000_000_123_456_789n);
      assert.deepEqual(getXattr(join(root, "cap"), "security.capability"), capability);
      assert.deepEqual(getXattr(join(root, "acl"), "system.posix_acl_access"), acl);
      assert.equal(getXattr(join(root, "acl"), "user.empty")?.length, 0);
      assert.deepEqual(listXattrs(join(root, "forged")), []);
      assert.deepEqual([at("far").uid, at("far").gid], [3_000_000_000, 2_500_000]);
      assert.deepEqual(
        [at("null").isCharacterDevice(), at("null").rdev, at("null").mode & 0o777],
        [true, 0x103, 0o666],
      );
      assert.deepEqual([at("disk").isBlockDevice(), at("disk").rdev], [true, 0x801]);
      assert.deepEqual([at("pipe").isFIFO(), at("pipe").mode & 0o777], [true, 0o622]);
      assert.deepEqual([at("sticky").mode & 0o7777, at("sticky").mtimeMs], [0o1777, 1_000_000]);
      assert.deepEqual([at("link").uid, at("link").mtimeMs], [7, 3_000_000]);
    });

    test("names that are not UTF-8 are kept byte for byte", async () => {
      const name = Buffer.from([0x64, 0xff, 0xfe]);
      const { root } = await unpacking.unpack([
        { name: Buffer.concat([name, Buffer.from("/")]), type: "directory", mode: 0o700 },
        { name: Buffer.concat([name, Buffer.from("/f")]), content: "x" },
      ]);
      assert.deepEqual(readdirSync(root, { encoding: "buffer" }), [name]);
      assert.equal(readFileSync(Buffer.concat([Buffer.from(`${root}/`), name, Buffer.from("/f")]), "utf8"), "x");
    });

    test("sparse files and empty ones have their size", async () => {
      const { root } = await unpacking.unpack([
        { name: "s", content: "ab", pax: { "GNU.sparse.size": "1000000000", "GNU.sparse.map": "999999998,2" } },
        F("empty"),
      ]);
      assert.equal(statSync(join(root, "s")).size, 1_000_000_000);
      const stored = format === "erofs" ? root.replace(/-mount$/, "") : join(root, "s");
      assert.ok(statSync(stored).blocks * 512 < 2_000_000);
      assert.equal(statSync(join(root, "empty")).size, 0);
    });

    test("parents that the archive leaves out are recorded", async () => {
      const { record } = await unpacking.unpack([F("a/b/f", "1"), D("a/"), F("c/.wh.x")]);
      assert.deepEqual([...record.implicitDirectories].sort(), ["", "a/b", "c"]);
    });

    test("sparse files, long names and owners of all of GNU tar's formats come out as it extracts them", async () => {
      for (const type of tarFormats) {
        const archive = byGnuTar(type, type !== "v7" && type !== "ustar");
        const { root } = await unpacking.unpack(archive);
        const theirs = join(unpacking.directory, type);
        mkdirSync(theirs);
        execFileSync("tar", ["--numeric-owner", "-xpf", "-", "-C", theirs], { input: archive });
        const options = { timeless: (name: string) => name === "" };
        assertSameTree(describeTree(root, options), describeTree(theirs, options), type);
      }
    });

    test("a real tree comes out as GNU tar writes it", async () => {
      const tree = join(unpacking.directory, "tree");
      execFileSync("cp", ["-a", "/usr/share/perl5", tree]);
      writeFileSync(join(tree, "one"), "linked");
      linkSync(join(tree, "one"), join(tree, "two"));
      const archive = join(unpacking.directory, "tree.tar");
      execFileSync("tar", ["--format=posix", "--xattrs", "-C", tree, "-cf", archive, "."]);
      const { root } = await unpacking.unpack(readFileSync(archive));
      const describe = (at: string): string =>
        execFileSync("find", [".", "-printf", "%p %y %m %U %G %s %T@ %l\n"], {
          cwd: at,
          encoding: "utf8",
          maxBuffer: 1 << 26,
        })
          .split("\n")
          .map((line) => (/ d \d+ /.test(line) ? line.replace(/ (\d+ \d+) \d+ (\S+) $/, " $1 $2") : line)) // sizes of directories differ
          .sort()
          .join("\n");
      assert.equal(describe(root), describe(tree));
      execFileSync("diff", ["-r", "--no-dereference", root, tree]);
    });
  });
}
