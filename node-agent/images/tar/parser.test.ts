import assert from "node:assert/strict";
import { test } from "node:test";
import {
  padding,
  paxRecords,
  tar,
  tarEntry,
  tarHeader,
  type TarEntry as Written,
  withChecksum,
} from "#test/support/tar-writer.ts";
import { type TarEntry, TarParser } from "./parser.ts";

interface Read extends TarEntry {
  readonly content: Buffer;
}

/** Reads in chunks of `step` bytes; content is what a file would hold. */
function read(archive: Buffer, step = 1 << 20): readonly Read[] {
  const entries: { entry: TarEntry; content: Buffer; ended: boolean }[] = [];
  const parser = new TarParser({
    onEntry: (entry) => entries.push({ entry, content: Buffer.alloc(Math.min(entry.size, 1 << 20)), ended: false }),
    onData: (data, offset) => data.copy(entries.at(-1)?.content ?? Buffer.alloc(0), offset),
    onEntryEnd: () => {
      const last = entries.at(-1);
      if (last) last.ended = true;
    },
  });
  for (let at = 0; at < archive.length; at += step) parser.push(archive.subarray(at, at + step));
  parser.finish();
  assert.ok(entries.every(({ ended }) => ended));
  return entries.map(({ entry, content }) => ({ ...entry, content }));
}

const one = (entry: Written): Read => {
  const [first, ...rest] = read(tar([entry]));
  assert.ok(first && rest.length === 0);
  return first;
};
const end = Buffer.alloc(1024);

test("every type of entry is read, whatever the size of the chunks", () => {
  const archive = tar([
    { name: "d/", type: "directory", mode: 0o1777, uid: 1, gid: 2, mtime: 3 },
    { name: "d/f", content: "x".repeat(700) },
    { name: "d/empty" },
    { name: "h", type: "hardlink", linkName: "d/f" },
    { name: "s", type: "symlink", linkName: "../x" },
    { name: "c", type: "char", major: 1, minor: 3 },
    { name: "b", type: "block", major: 8, minor: 1 },
    { name: "p", type: "fifo" },
  ]);
  const expected = ["directory", "file", "file", "hardlink", "symlink", "char", "block", "fifo"];
  for (const step of [1, 7, 512, 513, 1 << 20]) {
    const entries = read(archive, step);
    assert.deepEqual(
      entries.map((entry) => entry.type),
      expected,
    );
    assert.equal(entries[1]?.content.toString(), "x".repeat(700));
    assert.deepEqual(
      [entries[0]?.mode, entries[0]?.uid, entries[0]?.gid, entries[0]?.mtime.seconds],
      [0o1777, 1, 2, 3],
    );
    assert.deepEqual([entries[5]?.major, entries[5]?.minor], [1, 3]);
    assert.equal(entries[4]?.linkName, "../x");
  }
});

test("PAX overrides names, owners, times and sizes", () => {
  const name = `${"long/".repeat(60)}ü`;
  const entry = one({ name, uid: 3_000_000_000, gid: 5, pax: { mtime: "1.5", linkpath: "l" } });
  assert.equal(entry.name, Buffer.from(name).toString("latin1"));
  assert.equal(entry.uid, 3_000_000_000);
  assert.deepEqual(entry.mtime, { seconds: 1, nanoseconds: 500_000_000 });
});

test("times before the epoch keep their fraction", () => {
  assert.deepEqual(one({ name: "f", pax: { mtime: "-1.25" } }).mtime, { seconds: -2, nanoseconds: 750_000_000 });
  assert.deepEqual(one({ name: "f", pax: { mtime: "-3" } }).mtime, { seconds: -3, nanoseconds: 0 });
});

test("extended attributes are bytes", () => {
  const value = Buffer.from([1, 0, 0, 2, 0xff, 0x3d, 0x0a]);
  assert.deepEqual(
    one({ name: "f", xattrs: { "security.capability": value } }).xattrs.get("security.capability"),
    value,
  );
});

test("PAX records hold for one entry only, global headers are ignored", () => {
  const global = Buffer.concat([
    tarHeader({ name: "g", typeFlag: "g" }, 20),
    Buffer.from("20 path=everything\n\0"),
    padding(Buffer.alloc(20)),
  ]);
  const entries = read(
    Buffer.concat([global, tarEntry({ name: "a", pax: { path: "renamed" } }), tarEntry({ name: "b" }), end]),
  );
  assert.deepEqual(
    entries.map((entry) => entry.name),
    ["renamed", "b"],
  );
});

test("GNU long names and links are read", () => {
  const long = `${"n".repeat(200)}\0`;
  const gnu = (flag: string): Buffer =>
    Buffer.concat([
      tarHeader({ name: "././@LongLink", typeFlag: flag }, long.length),
      Buffer.from(long),
      padding(Buffer.from(long)),
    ]);
  const [entry] = read(
    Buffer.concat([gnu("L"), gnu("K"), tarEntry({ name: "cut", type: "symlink", linkName: "cut" }), end]),
  );
  assert.equal(entry?.name, "n".repeat(200));
  assert.equal(entry?.linkName, "n".repeat(200));
});

test("the ustar prefix goes before the name, GNU's magic has none", () => {
  const header = tarHeader({ name: "name" }, 0);
  header.write("some/prefix", 345);
  assert.equal(read(Buffer.concat([withChecksum(header), end]))[0]?.name, "some/prefix/name");
  header.write("ustar  \0", 257, "latin1");
  assert.equal(read(Buffer.concat([withChecksum(header), end]))[0]?.name, "name");
});

test("base-256 numbers, positive and negative", () => {
  const header = tarHeader({ name: "f" }, 0);
  header.set([0x80, 0, 0, 0, 0xb2, 0xd0, 0x5e, 0], 108);
  header.set([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe], 136);
  const [entry] = read(Buffer.concat([withChecksum(header), end]));
  assert.equal(entry?.uid, 3_000_000_000);
  assert.equal(entry?.mtime.seconds, -2);
});

test("names that are not UTF-8 come through unchanged", () => {
  const name = Buffer.from([0x66, 0xff, 0xfe]);
  assert.equal(one({ name }).name, name.toString("latin1"));
});

test("a v7 directory is known by its slash", () => assert.equal(one({ name: "d/", type: "file" }).type, "directory"));

test("the size field of a link or device announces no data", () => {
  const link = tarHeader({ name: "l", type: "symlink", linkName: "x" }, 5000);
  assert.deepEqual(
    read(Buffer.concat([link, tarEntry({ name: "f" }), end])).map((entry) => entry.type),
    ["symlink", "file"],
  );
});

test("sparse files of GNU's old format, with extension blocks", () => {
  const header = tarHeader({ name: "s", typeFlag: "S" }, 10);
  const number = (value: number): string => `${value.toString(8).padStart(11, "0")}\0`;
  for (let index = 0; index < 4; index++) header.write(number(index * 100) + number(2), 386 + index * 24, "latin1");
  header[482] = 1;
  header.write(number(1000), 483, "latin1");
  const extension = Buffer.alloc(512);
  extension.write(number(998) + number(2), 0, "latin1");
  const data = Buffer.from("aabbccddee");
  const [entry] = read(
    Buffer.concat([withChecksum(header), extension, data, padding(data), tarEntry({ name: "next" }), end]),
  );
  const expected = Buffer.alloc(1000);
  for (const [index, text] of ["aa", "bb", "cc", "dd"].entries()) expected.write(text, index * 100);
  expected.write("ee", 998);
  assert.deepEqual(entry?.content, expected);
});

test("sparse files of the PAX formats 0.0, 0.1 and 1.0", () => {
  const expected = Buffer.alloc(100);
  expected.write("ab", 10).toString();
  expected.write("c", 99);
  const repeated = Buffer.concat([
    paxRecords({ "GNU.sparse.size": "100", "GNU.sparse.numblocks": "2", "GNU.sparse.offset": "10" }),
    paxRecords({ "GNU.sparse.numbytes": "2" }),
    paxRecords({ "GNU.sparse.offset": "99" }),
    paxRecords({ "GNU.sparse.numbytes": "1" }),
  ]);
  const zero = Buffer.concat([
    tarHeader({ name: "x", typeFlag: "x" }, repeated.length),
    repeated,
    padding(repeated),
    tarEntry({ name: "s", content: "abc" }),
  ]);
  const first = tarEntry({
    name: "s",
    content: "abc",
    pax: { "GNU.sparse.size": "100", "GNU.sparse.map": "10,2,99,1" },
  });
  const map = Buffer.alloc(512);
  map.write("2\n10\n2\n99\n1\n");
  const pax = {
    "GNU.sparse.major": "1",
    "GNU.sparse.minor": "0",
    "GNU.sparse.realsize": "100",
    "GNU.sparse.name": "real",
  };
  const second = tarEntry({ name: "GNUSparseFile.0/s", content: Buffer.concat([map, Buffer.from("abc")]), pax });
  for (const archive of [zero, first, second])
    assert.deepEqual(read(Buffer.concat([archive, end]))[0]?.content, expected);
  assert.equal(read(Buffer.concat([second, end]))[0]?.name, "real");
});

test("an archive may end with one zero block, none, or much padding", () => {
  const entry = tarEntry({ name: "f", content: "1" });
  for (const tail of [
    Buffer.alloc(0),
    Buffer.alloc(512),
    Buffer.alloc(10240),
    Buffer.concat([end, Buffer.from("junk")]),
  ]) {
    assert.equal(read(Buffer.concat([entry, tail])).length, 1);
  }
});

const hostile: readonly (readonly [string, Buffer])[] = [
  ["cut in a header", tarEntry({ name: "f" }).subarray(0, 100)],
  ["cut in its data", tarEntry({ name: "f", content: "x".repeat(600) }).subarray(0, 700)],
  ["ending after a PAX header", Buffer.concat([tarEntry({ name: "f", pax: { a: "b" } }).subarray(0, 1024), end])],
  ["with a wrong checksum", Buffer.concat([tarHeader({ name: "f" }, 0).fill("9", 0, 1), end])],
  [
    "with a negative size",
    Buffer.concat([withNumber(124, 12, [0xff, ...Array.from({ length: 11 }, () => 0xff)]), end]),
  ],
  [
    "with a size beyond reason",
    Buffer.concat([withNumber(124, 12, [0x80, ...Array.from({ length: 11 }, () => 0xff)]), end]),
  ],
  ["with text as a number", Buffer.concat([withNumber(108, 8, [...Buffer.from("0x12")]), end])],
  ["with a PAX header of 1 GB", tarHeader({ name: "x", typeFlag: "x" }, 1 << 30)],
  ["with a long name of 1 GB", tarHeader({ name: "x", typeFlag: "L" }, 1 << 30)],
  ["with a NUL in a PAX path", Buffer.concat([tarEntry({ name: "f", pax: { path: "a\0b" } }), end])],
  ["with a PAX size that is no number", Buffer.concat([tarEntry({ name: "f", pax: { size: "-5" } }), end])],
  ["with a cut PAX record", paxBody("30 path=a\n")],
  ["with a PAX length of zero", paxBody("0 path=a\n")],
  ["with overlapping sparse segments", sparse("10,5,12,5", "0123456789")],
  ["with a sparse segment beyond the file", sparse("95,10", "0123456789")],
  ["with a sparse map that does not fit its data", sparse("0,4", "0123456789")],
];

function withNumber(offset: number, length: number, bytes: readonly number[]): Buffer {
  const header = tarHeader({ name: "f" }, 0).fill(0, offset, offset + length);
  header.set(bytes, offset);
  return withChecksum(header);
}

function paxBody(text: string): Buffer {
  const body = Buffer.from(text);
  return Buffer.concat([
    tarHeader({ name: "x", typeFlag: "x" }, body.length),
    body,
    padding(body),
    tarEntry({ name: "f" }),
    end,
  ]);
}

function sparse(map: string, content: string): Buffer {
  return Buffer.concat([
    tarEntry({ name: "s", content, pax: { "GNU.sparse.size": "100", "GNU.sparse.map": map } }),
    end,
  ]);
}

for (const [name, archive] of hostile) {
  test(`an archive ${name} is refused`, () => {
    for (const step of [1 << 20, 100]) assert.throws(() => read(archive, step), { code: "invalid" });
  });
}
