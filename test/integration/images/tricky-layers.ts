/** Layers with everything that archives of images may hold and that honest tools unpack alike: one list, for comparing trees. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { padding, type TarEntry, tar, tarEntry, tarHeader, withChecksum } from "#test/support/tar-writer.ts";
import { D, F, L, S } from "./unpacking.ts";

const capability = Buffer.from("0100000200040000000000000000000000000000", "hex");

export const tarFormats = ["v7", "oldgnu", "gnu", "ustar", "posix"] as const;

/** Base first. Each is a whole tar. */
export function trickyLayers(): readonly Buffer[] {
  // Others read no sparse files but those of PAX.
  const formats = tarFormats.map((format) => byGnuTar(format, format === "posix"));
  return [tar(attributes), tar(names()), tar(sizes()), links(), ...formats, numbers(), tar(changes), tar(again)];
}

const attributes: readonly TarEntry[] = [
  { name: "./", type: "directory", mode: 0o751, uid: 3, gid: 4, mtime: 1_500_000_000 },
  { name: "at/", type: "directory", mode: 0o1777, mtime: 1000 },
  { name: "at/suid", mode: 0o4755, uid: 1000, gid: 1000, content: "x", pax: { mtime: "1600000000.123456789" } },
  { name: "at/sgid", mode: 0o2750, uid: 7, content: "y" },
  { name: "at/none", mode: 0, content: "z" },
  { name: "at/cap", mode: 0o755, uid: 5, content: "x", xattrs: { "security.capability": capability, "user.k": "v" } },
  { name: "at/bytes", content: "x", xattrs: { "user.bytes": Buffer.from([0, 255, 10, 0]) } },
  { name: "at/many", content: "x", xattrs: Object.fromEntries(range(40).map((n) => [`user.n${n}`, `v${n}`])) },
  { name: "at/dir", type: "directory", mode: 0o700, uid: 9, xattrs: { "user.d": "1", "trusted.t": "2" } },
  { name: "at/far", uid: 3_000_000_000, gid: 2_500_000, content: "" },
  { name: "at/late", content: "l", pax: { mtime: "4102444800.25" } },
  { name: "at/null", type: "char", major: 1, minor: 3, mode: 0o666 },
  { name: "at/disk", type: "block", major: 259, minor: 70_000, mode: 0o640 },
  { name: "at/pipe", type: "fifo", mode: 0o622, uid: 2 },
  { ...S("at/link", "../nowhere/at all"), uid: 7, gid: 8, mtime: 3000 },
];

function names(): readonly TarEntry[] {
  const bytes = Buffer.from([0x64, 0xff, 0xfe]);
  const long = (letter: string): string => letter.repeat(255);
  return [
    D("names"),
    ...["a\nb", "back\\slash", "sp ace", "tab\t", "'\"`$(x)", "-dash", "!first", "ünï", "...", "a;b", "*"].map((name) =>
      F(`names/${name}`, name),
    ),
    { name: Buffer.concat([Buffer.from("names/"), bytes, Buffer.from("/")]), type: "directory" },
    { name: Buffer.concat([Buffer.from("names/"), bytes, Buffer.from("/"), bytes]), content: "bytes" },
    F(`names/${long("n")}`, "255 bytes"),
    ...range(6).map((depth) =>
      D(
        `names/${range(depth + 1)
          .map(() => long("d").slice(0, 200))
          .join("/")}`,
      ),
    ),
    F(
      `names/${range(6)
        .map(() => long("d").slice(0, 200))
        .join("/")}/deep`,
      "deep",
    ),
    S("names/far", `/${"t".repeat(200)}/${"u".repeat(200)}`),
    S("names/farthest", `/${"t/".repeat(2040)}`),
    D(".wh"),
    F(".wh/.whx", "no whiteout"),
    F("names/./dot/../twice", "first"),
    F("names/twice", "second"),
  ];
}

/** Around the sizes that matter to blocks; a directory of many names. */
function sizes(): readonly TarEntry[] {
  const bytes = [0, 1, 511, 512, 513, 3900, 4031, 4032, 4033, 4095, 4096, 4097, 8191, 65_536, 70_001, 1_048_577];
  return [
    D("sizes"),
    ...bytes.map((size) => F(`sizes/${size}`, Buffer.alloc(size, `${size}-`).toString("latin1"))),
    D("crowd"),
    ...range(3000).map((n) => F(`crowd/file-${n}`, n % 7 === 0 ? `content of ${n}` : "")),
    D("crowd/empty"),
  ];
}

function links(): Buffer {
  return tar([
    D("links"),
    D("links/d"),
    F("links/f", "linked"),
    ...range(20).map((n) => L(`links/d/hard${n}`, n % 2 === 0 ? "links/f" : "/links/f")),
    S("links/s", "f"),
    L("links/hard-to-link", "links/s"),
    S("links/into", "d"),
    F("links/into/through", "through a link"),
    S("links/up", "../../../../links/d"),
    F("links/up/beyond", "stays inside"),
    L("links/up/again", "links/into/through"),
    F("links/replaced", "1"),
    L("links/keeps", "links/replaced"),
    F("links/replaced", "2"),
    D("links/turned"),
    F("links/turned/f", "1"),
    F("links/turned", "now a file"),
    F("links/back", "now a directory"),
    D("links/back"),
    F("links/back/f", "1"),
  ]);
}

/** Written by the program that made these formats. */
export function byGnuTar(format: string, isSparse: boolean): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "orch-formats-"));
  try {
    const top = join(folder, `by-${format}`);
    mkdirSync(join(top, "sub"), { recursive: true, mode: 0o750 });
    writeFileSync(join(top, "sub/file"), format);
    utimesSync(join(top, "sub/file"), 1_234_567_890, 1_234_567_890);
    symlinkSync("file", join(top, "sub/link"));
    writeFileSync(join(top, "sparse"), "start");
    truncateSync(join(top, "sparse"), 3_000_000);
    writeFileSync(join(top, "sparse"), "end", { flag: "a" });
    const hasLongNames = format !== "v7" && format !== "ustar";
    if (hasLongNames) writeFileSync(join(top, "n".repeat(180)), "a long name");
    const flags = [
      `--format=${format}`,
      "--owner=12:34",
      "--group=56:78",
      "--numeric-owner",
      ...(isSparse ? ["-S"] : []),
    ];
    return execFileSync("tar", [...flags, "-C", folder, "-cf", "-", `by-${format}`], { maxBuffer: 1 << 26 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Numbers in base 256, GNU's long names, the ustar prefix. */
function numbers(): Buffer {
  const owner = tarHeader({ name: "num/base256" }, 0);
  owner.set([0x80, 0, 0, 0, 0xb2, 0xd0, 0x5e, 0], 108);
  const prefix = tarHeader({ name: "name" }, 0);
  prefix.write("num/some/prefix", 345);
  const long = Buffer.from(`num/${"l".repeat(120)}\0`);
  const header = tarHeader({ name: "././@LongLink", typeFlag: "L" }, long.length);
  return Buffer.concat([
    ...[tarEntry(D("num")), tarEntry(D("num/some")), tarEntry(D("num/some/prefix"))],
    ...[withChecksum(owner), withChecksum(prefix)],
    ...[header, long, padding(long), tarEntry({ name: "cut", content: "long" }), Buffer.alloc(1024)],
  ]);
}

/** Over what is below: whiteouts, opaque and replaced directories, parents left out. */
const changes: readonly TarEntry[] = [
  F("names/.wh.a\nb"),
  F("crowd/.wh.file-1"),
  F("crowd/new", "in a directory that this layer leaves out"),
  { name: "at/", type: "directory", mode: 0o711, uid: 1, mtime: 2000 },
  { name: "at/suid", mode: 0o755, content: "replaced" },
  F("at/.wh.pipe"),
  { name: "sizes/", type: "directory", mode: 0o755, mtime: 3000 },
  F("sizes/.wh..wh..opq"),
  F("sizes/only", "what is left"),
  F(".wh.num"),
  { name: "links/f", type: "directory", mode: 0o755, mtime: 5000 },
  F("links/f/inside", "a directory where a file was"),
  F("links/d", "a file where a directory was"),
  F(".wh.by-v7"),
];

const again: readonly TarEntry[] = [
  { name: "by-v7/", type: "directory", mode: 0o755, mtime: 6000 },
  F("by-v7/back", "came back"),
  F("by-posix/.wh.sparse"),
  F("by-gnu/sub/.wh.link"),
  { name: "names/farthest", content: "no link any more", mtime: 7000 },
];

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}
