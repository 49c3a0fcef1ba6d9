import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { decompressed, detectCompression } from "./compression.ts";

async function read(content: Buffer, step = 1000): Promise<string> {
  const pieces: Buffer[] = [];
  for (let at = 0; at < content.length; at += step) pieces.push(content.subarray(at, at + step));
  const chunks: Buffer[] = [];
  for await (const chunk of await decompressed(Readable.from(pieces), new AbortController().signal)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const text = "hello ".repeat(3_000);
const half = Buffer.from(text.slice(0, 9_000));
const rest = Buffer.from(text.slice(9_000));
const skippable = Buffer.concat([Buffer.from("502a4d18", "hex"), Buffer.from([4, 0, 0, 0]), Buffer.from("skip")]);

const streams: readonly (readonly [string, Buffer])[] = [
  ["plain", Buffer.from(text)],
  ["gzip", gzipSync(text)],
  ["gzip in several members", Buffer.concat([gzipSync(half), gzipSync(""), gzipSync(rest)])],
  ["gzip followed by zeros", Buffer.concat([gzipSync(text), Buffer.alloc(512)])],
  ["zstd", zstdCompressSync(text)],
  ["zstd in several frames", Buffer.concat([zstdCompressSync(half), zstdCompressSync(rest)])],
  ["zstd after a skippable frame", Buffer.concat([skippable, zstdCompressSync(text)])],
  ["zstd with a skippable frame at its end", Buffer.concat([zstdCompressSync(text), skippable])],
];
for (const [name, content] of streams) {
  test(`${name} is read, whatever the size of the pieces`, async () => {
    for (const step of [101, 1 << 20]) assert.equal(await read(content, step), text);
  });
}

test("an empty stream and a very short one are plain", async () => {
  assert.equal(await read(Buffer.alloc(0)), "");
  assert.equal(await read(Buffer.from("ab")), "ab");
});

test("a cut stream is an error, not a short result", async () => {
  await assert.rejects(read(gzipSync(text).subarray(0, 40)));
  await assert.rejects(read(zstdCompressSync(text).subarray(0, 15)));
});

test("bzip2 and xz are named as unsupported", () => {
  assert.throws(() => detectCompression(Buffer.from("BZh91AY")), { code: "unsupported", message: /bzip2/ });
  assert.throws(() => detectCompression(Buffer.from("fd377a585a00", "hex")), { code: "unsupported", message: /xz/ });
});

test("a source that never answers ends with the signal", async () => {
  const controller = new AbortController();
  const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };
  const pending = decompressed(silent, controller.signal);
  setImmediate(() => controller.abort());
  await assert.rejects(pending, { code: "canceled" });
  const stalling = async function* (): AsyncGenerator<Buffer> {
    yield Buffer.from("0123456789");
    await new Promise(() => undefined);
  };
  const second = new AbortController();
  const content = await decompressed(stalling(), second.signal);
  setImmediate(() => second.abort());
  await assert.rejects(async () => {
    for await (const chunk of content) assert.equal(chunk.toString(), "0123456789");
  });
});
