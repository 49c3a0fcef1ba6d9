import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { BlobStore } from "./blob-store.ts";
import { sha256 } from "./digest.ts";

const never: AbortSignal = new AbortController().signal;
const content = Buffer.from("0123456789".repeat(100));
const blob = { digest: sha256(content), size: content.length };

let directory = "";
let store: BlobStore;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "orch-blobs-"));
  store = await BlobStore.open(directory);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const partials = (): readonly string[] => readdirSync(join(directory, "partial"));
const keepPartial = (bytes: Buffer): void =>
  writeFileSync(join(directory, "partial", blob.digest.replace(":", "-")), bytes);

async function* pieces(bytes: Buffer, thrown?: unknown): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 300) yield bytes.subarray(at, at + 300);
  if (thrown !== undefined) throw thrown;
}

/** Serves the content; remembers the offsets asked for. */
function source(options: { readonly resumes?: boolean; readonly content?: Buffer } = {}) {
  const offsets: number[] = [];
  const fetch = async (offset: number): Promise<{ offset: number; chunks: AsyncIterable<Buffer> }> => {
    offsets.push(offset);
    const start = options.resumes === false ? 0 : offset;
    return { offset: start, chunks: pieces((options.content ?? content).subarray(start)) };
  };
  return { offsets, fetch };
}

test("a blob is fetched once, then it is there", async () => {
  const { offsets, fetch } = source();
  let bytes = 0;
  const onBytes = (size: number): number => (bytes = size);
  await Promise.all([1, 2].map(() => store.ensure(blob, "layer", fetch, never, onBytes)));
  await store.ensure(blob, "layer", fetch, never);
  assert.deepEqual(offsets, [0]);
  assert.equal(bytes, content.length);
  assert.deepEqual(readFileSync(store.path(blob.digest)), content);
  assert.deepEqual([await store.list(), partials()], [[blob.digest], []]);
});

test("a connection that is cut leaves what arrived, and the next attempt goes on there", async () => {
  const cut = async () => ({ offset: 0, chunks: pieces(content.subarray(0, 600), new Error("reset")) });
  await assert.rejects(store.ensure(blob, "layer", cut, never), { message: "reset" });
  const ended = async (offset: number) => ({ offset, chunks: pieces(content.subarray(offset, 900)) });
  await assert.rejects(store.ensure(blob, "layer", ended, never), {
    code: "unavailable",
    message: /ended after 900 of 1000/,
  });
  const { offsets, fetch } = source();
  await store.ensure(blob, "layer", fetch, never);
  assert.deepEqual(offsets, [900]);
  assert.deepEqual(await store.read(blob.digest, 10_000), content);
});

test("a source that cannot resume is read from the start", async () => {
  keepPartial(content.subarray(0, 500));
  await store.ensure(blob, "layer", source({ resumes: false }).fetch, never);
  assert.deepEqual(await store.read(blob.digest, 10_000), content);
});

test("a partial that is whole already needs no source, one that is too long is dropped", async () => {
  keepPartial(content);
  await store.ensure(blob, "layer", () => assert.fail("not needed"), never);
  await store.remove(blob.digest);
  keepPartial(Buffer.concat([content, content]));
  const { offsets, fetch } = source();
  await store.ensure(blob, "layer", fetch, never);
  assert.deepEqual(offsets, [0]);
});

test("wrong content is thrown away, with the digest it has", async () => {
  const wrong = Buffer.alloc(content.length, "x");
  await assert.rejects(store.ensure(blob, "layer", source({ content: wrong }).fetch, never), {
    code: "invalid",
    message: new RegExp(sha256(wrong)),
  });
  assert.deepEqual([partials(), await store.sizeBytes(blob.digest)], [[], undefined]);
});

test("a wrong partial is found out at the end and does not come back", async () => {
  keepPartial(Buffer.alloc(500, "x"));
  await assert.rejects(store.ensure(blob, "layer", source().fetch, never), { code: "invalid" });
  await store.ensure(blob, "layer", source().fetch, never);
});

test("more than was announced is refused before it is stored", async () => {
  const endless = Buffer.concat([content, content]);
  await assert.rejects(store.ensure(blob, "layer", source({ content: endless }).fetch, never), { code: "invalid" });
});

test("what a download left long ago is removed, what is recent stays", async () => {
  keepPartial(content.subarray(0, 500));
  await store.prunePartials(1e9, ({ mtimeMs }) => mtimeMs < Date.UTC(2020, 0, 1));
  assert.equal(partials().length, 1);
  await store.prunePartials(1e9, ({ mtimeMs }) => mtimeMs < Date.UTC(2100, 0, 1));
  assert.deepEqual(partials(), []);
});

test("digests that are paths, or cannot be verified, are refused", async () => {
  for (const digest of ["sha256:../../etc/passwd", "../x", "sha256:", "blake9:abc", `md5:${"a".repeat(32)}`]) {
    assert.throws(() => store.path(digest), { code: "unsupported" });
  }
});

test("content in memory is verified and kept", async () => {
  await store.put(content, blob, "config");
  await store.put(content, blob, "config");
  await assert.rejects(store.put(Buffer.from("x"), blob, "config"), { code: "invalid" });
  assert.equal(await store.read(blob.digest, 10), undefined);
  await store.remove(blob.digest);
  await store.remove(blob.digest);
  assert.equal(await store.read(blob.digest, 10_000), undefined);
});

test("a finished file is taken over", async () => {
  writeFileSync(join(directory, "spooled"), content);
  await store.adopt(join(directory, "spooled"), blob.digest);
  assert.deepEqual(await store.read(blob.digest, 10_000), content);
});

test("who joined a download that failed tries its own source", async () => {
  const stuck = Promise.withResolvers<never>();
  const begun = Promise.withResolvers<void>();
  const first = store.ensure(
    blob,
    "layer",
    () => {
      begun.resolve();
      return stuck.promise;
    },
    never,
  );
  await begun.promise;
  const second = store.ensure(blob, "layer", async () => ({ offset: 0, chunks: pieces(content) }), never);
  for (let turn = 0; turn < 3; turn++) await store.sizeBytes(blob.digest); // it looks, too, and then joins
  stuck.reject(new Problem("unavailable", "cut"));
  await assert.rejects(first, { message: "cut" });
  await second;
  assert.equal(await store.sizeBytes(blob.digest), content.length);
});

test("whoever wants a blob that is being removed fetches it anew, and has it", async () => {
  for (let round = 0; round < 20; round++) {
    keepPartial(content.subarray(0, 300));
    const { offsets, fetch } = source();
    const removing = store.remove(blob.digest);
    await store.ensure(blob, "layer", fetch, never);
    await removing;
    assert.deepEqual(offsets, [0]);
    assert.deepEqual(readFileSync(store.path(blob.digest)), content);
  }
});
