import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { suite, test } from "node:test";
import { crc32, gzipSync, zstdCompressSync } from "node:zlib";
import { type IsaLibrary, isaLibrary } from "../../host/libisal.ts";
import { plainContent } from "./plain-content.ts";

/** Text that repeats, text that does not, and long runs: all kinds of blocks. */
const noise = Buffer.concat(Array.from({ length: 1_000 }, (_, at) => createHash("sha256").update(`${at}`).digest()));
const text = Buffer.concat([Buffer.from("hello ".repeat(5_000)), noise, Buffer.alloc(100_000), noise.subarray(7)]);
const small = Buffer.from("hello");

/** A header with all that it may have: extra field, name, comment, its own checksum. */
const longHeader = ((): Buffer => {
  const start = Buffer.from([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 4, 0, 1, 2, 3, 4]);
  const header = Buffer.concat([start, Buffer.from("name\0a comment\0")]);
  const sum = Buffer.alloc(2);
  sum.writeUInt16LE(crc32(header) & 0xffff);
  return Buffer.concat([header, sum, gzipSync(small).subarray(10)]);
})();

async function read(library: IsaLibrary | undefined, content: Buffer, step: number): Promise<Buffer> {
  // One buffer for all pieces, as when a file is read.
  const reused = Buffer.alloc(step);
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let at = 0; at < content.length; at += step) {
      const length = content.copy(reused, 0, at, at + step);
      yield reused.subarray(0, length);
    }
  }
  const found: Buffer[] = [];
  for await (const piece of plainContent(pieces(), library)) found.push(Buffer.from(piece));
  return Buffer.concat(found);
}

const whole: Readonly<Record<string, readonly [blob: Buffer, plain: Buffer]>> = {
  "plain bytes": [text, text],
  "two plain bytes": [Buffer.from("ab"), Buffer.from("ab")],
  nothing: [Buffer.alloc(0), Buffer.alloc(0)],
  gzip: [gzipSync(text), text],
  "gzip of nothing": [gzipSync(""), Buffer.alloc(0)],
  "gzip that is only stored": [gzipSync(text, { level: 0 }), text],
  "gzip with a long header": [longHeader, small],
  "gzip in several members": [
    Buffer.concat([gzipSync(text), gzipSync(""), longHeader, gzipSync(text)]),
    Buffer.concat([text, small, text]),
  ],
  "gzip and zeros behind it": [Buffer.concat([gzipSync(text), Buffer.alloc(700)]), text],
  zstd: [zstdCompressSync(text), text],
};

const bytes = gzipSync(small);
const broken: Readonly<Record<string, Buffer>> = {
  "a cut header": bytes.subarray(0, 7),
  "cut data": gzipSync(text).subarray(0, 300),
  "a cut checksum": bytes.subarray(0, bytes.length - 3),
  "a cut second member": Buffer.concat([bytes, bytes.subarray(0, 12)]),
  "another checksum": Buffer.concat([bytes.subarray(0, bytes.length - 8), Buffer.from("12345678")]),
  "another length": Buffer.concat([bytes.subarray(0, bytes.length - 4), Buffer.from("1234")]),
  "data that is none": Buffer.concat([bytes.subarray(0, 10), Buffer.alloc(100, 0xff)]),
  "something else behind it": Buffer.concat([bytes, Buffer.from("something else, and more of it")]),
  "an unknown method": Buffer.concat([Buffer.from([0x1f, 0x8b, 9]), bytes.subarray(3)]),
};

/** The same with the library and without it. */
for (const [name, library] of [
  ["ISA-L", isaLibrary],
  ["Node's zlib", undefined],
] as const) {
  suite(`${name}`, { skip: name === "ISA-L" && !isaLibrary ? "libisal is not installed" : false }, () => {
    for (const [what, [blob, plain]] of Object.entries(whole)) {
      test(`${what}: read whatever the size of the pieces`, async () => {
        for (const step of [blob.length > 10_000 ? 9_973 : 1, 1 << 20]) {
          assert.ok((await read(library, blob, step)).equals(plain), `in pieces of ${step}`);
        }
      });
    }
    for (const [what, blob] of Object.entries(broken)) {
      test(`${what} is an error, never a short result`, async () => {
        for (const step of [1, 1 << 20])
          await assert.rejects(read(library, blob, step), (thrown: unknown) => isRefusal(thrown));
      });
    }
  });
}

test("ISA-L's checksum is zlib's", { skip: !isaLibrary }, () => {
  for (const length of [0, 1, 31, 4096, 100_001]) {
    assert.equal(isaLibrary?.crc32(text.subarray(3, 3 + length)), crc32(text.subarray(3, 3 + length)));
  }
});

function isRefusal(thrown: unknown): boolean {
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  return code === "invalid" || code.startsWith("Z_");
}
