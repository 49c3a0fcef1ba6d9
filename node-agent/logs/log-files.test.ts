import assert from "node:assert/strict";
import { appendFile, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import type { LogQuery } from "./container-logs.ts";
import { FileLogs, type FileLogsOptions } from "./file-logs.ts";
import { parseRecord } from "./log-record.ts";
import { bytesOf, textOf } from "./log-text.fixture.ts";

const podUid = "0f0e0d0c-0b0a-4908-8706-050403020100";
const never = new AbortController().signal;

/** One record, `at` seconds after a fixed minute. */
function record(text: string, at = 0, tag = "F", stream = "stdout"): string {
  return `2026-11-21T11:54:${String(at).padStart(2, "0")}.123456789+00:00 ${stream} ${tag} ${text}\n`;
}

function lines(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, at) => record(`line ${from + at}`)).join("");
}

async function opened(t: TestContext, options: Partial<FileLogsOptions> = {}) {
  const directory = await mkdtemp(join(tmpdir(), "orch-logs-"));
  const clock = new ManualClock();
  const logs = new FileLogs({ directory, clock, logger: silentLogger, reopen: async () => false, ...options });
  await logs.start();
  t.after(async () => {
    logs.stop();
    await rm(directory, { recursive: true });
  });
  const path = logs.pathFor(podUid, "web", 0);
  await mkdir(dirname(path), { recursive: true });
  const query = (changes: Partial<LogQuery> = {}): LogQuery => ({
    podUid,
    container: "web",
    attempt: 0,
    follow: false,
    timestamps: false,
    ...changes,
  });
  const text = (changes: Partial<LogQuery> = {}): Promise<string> => textOf(logs.read(query(changes), never));
  return { logs, clock, directory, path, query, text };
}

test("a record's parts are told apart; what is none is left out", () => {
  const full = parseRecord(Buffer.from(record("a b  c", 7, "P", "stderr").trimEnd()));
  assert.equal(full?.text.toString(), "a b  c");
  assert.equal(full?.stream, "stderr");
  assert.equal(full?.isPartial, true);
  assert.equal(parseRecord(Buffer.from("2026-11-21T11:54:58Z stdout F"))?.text.length, 0);
  for (const odd of ["", "hello", "2026-11-21T11:54:58Z stdin F x", "2026-11-21T11:54:58Z stdout X x"]) {
    assert.equal(parseRecord(Buffer.from(odd)), undefined, odd);
  }
});

test("lines come back as they were written, split ones in one piece", async (t) => {
  const { path, text } = await opened(t);
  await writeFile(path, record("one") + record("tw", 0, "P") + record("o") + record("three", 0, "F", "stderr"));
  assert.equal(await text(), "one\ntwo\nthree\n");
  assert.equal(
    await text({ timestamps: true }),
    ["one", "two", "three"].map((line) => `2026-11-21T11:54:00.123456789+00:00 ${line}\n`).join(""),
  );
});

test("bytes that are not UTF-8 pass unchanged", async (t) => {
  const { logs, path, query } = await opened(t);
  const bytes = Buffer.from([0xff, 0x00, 0xfe]);
  await writeFile(path, Buffer.concat([Buffer.from(record("")).subarray(0, -1), bytes, Buffer.from("\n")]));
  const read = await bytesOf(logs.read(query(), never));
  assert.deepEqual(read, Buffer.concat([bytes, Buffer.from("\n")]));
});

test("the tail is counted in whole lines, across segments and chunks", async (t) => {
  const { path, text } = await opened(t);
  await writeFile(`${path}.2.gz`, gzipSync(lines(0, 3000)));
  await writeFile(`${path}.1`, lines(3000, 6000));
  await writeFile(path, lines(6000, 6002) + record("par", 0, "P") + record("tial"));
  assert.equal(await text({ tailLines: 0 }), "");
  assert.equal(await text({ tailLines: 1 }), "partial\n");
  assert.equal(await text({ tailLines: 3 }), "line 6000\nline 6001\npartial\n");
  for (const tailLines of [4, 2000, 3003, 3004, 5000, 6003, 9999]) {
    const read = (await text({ tailLines })).split("\n");
    assert.equal(read.length - 1, Math.min(tailLines, 6003));
    assert.equal(read[0], `line ${Math.max(0, 6003 - tailLines)}`);
  }
});

test("an unfinished last line counts as a line", async (t) => {
  const { path, text } = await opened(t);
  await writeFile(path, record("one") + record("two") + record("begun", 0, "P"));
  assert.equal(await text({ tailLines: 1 }), "begun");
  assert.equal(await text({ tailLines: 2 }), "two\nbegun");
});

test("since and limit cut what is older and what is too much", async (t) => {
  const { path, text } = await opened(t);
  await writeFile(path, record("old", 1) + record("new", 5) + record("newest", 6));
  const sinceMs = Date.parse("2026-11-21T11:54:05Z");
  assert.equal(await text({ sinceMs }), "new\nnewest\n");
  assert.equal(await text({ limitBytes: 6 }), "old\nne");
  assert.equal(await text({ sinceMs, tailLines: 1 }), "newest\n");
});

test("a log that is not there is empty", async (t) => {
  const { text } = await opened(t);
  assert.equal(await text(), "");
  assert.equal(await text({ attempt: 3, follow: true }), "");
});

test("a follower sees lines as they come, across two rotations, and ends with the container", async (t) => {
  const { logs, path, query } = await opened(t);
  await writeFile(path, lines(0, 2));
  const log = logs.read(query({ follow: true }), never)[Symbol.asyncIterator]();
  let read = "";
  const next = async (): Promise<boolean> => {
    const { done = false, value } = await log.next();
    if (!done) read += value.toString();
    return !done;
  };
  const seen = async (count: number): Promise<void> => {
    while (read.split("\n").length - 1 < count) assert.ok(await next(), "the log has ended");
  };
  await seen(2);
  await appendFile(path, lines(2, 3));
  await seen(3);
  for (const from of [3, 4]) {
    await rename(`${path}.1`, `${path}.2`).catch(() => undefined);
    await rename(path, `${path}.1`);
    await appendFile(`${path}.1`, lines(from, from + 1)); // the writer has not opened anew yet
    await writeFile(path, "");
  }
  await appendFile(path, lines(5, 6));
  await seen(6);
  await appendFile(path, lines(6, 7));
  logs.ended(podUid, "web", 0);
  while (await next());
  assert.equal(read, Array.from({ length: 7 }, (_, at) => `line ${at}\n`).join(""));
});

test("a follower who goes away ends at once", async (t) => {
  const { logs, path, query } = await opened(t);
  await writeFile(path, lines(0, 1));
  const controller = new AbortController();
  const log = logs.read(query({ follow: true }), controller.signal)[Symbol.asyncIterator]();
  assert.equal((await log.next()).value?.toString(), "line 0\n");
  const more = log.next();
  controller.abort();
  assert.equal((await more).done, true);
});

test("a log that grew too large is rotated, reopened, compressed and bounded", async (t) => {
  const reopened: string[] = [];
  const { logs, path, directory, text } = await opened(t, {
    rotation: { maxBytes: 200, maxFiles: 4 },
    reopen: async (key) => reopened.push(key.container) < 0,
  });
  for (let round = 0; round < 6; round++) {
    await writeFile(path, lines(round * 10, round * 10 + 10));
    await logs.checkSizes();
  }
  assert.equal(reopened.length, 6);
  const names = (await readdir(join(directory, podUid, "web"))).sort();
  assert.deepEqual(names, ["0.log.1", "0.log.2.gz", "0.log.3.gz"]);
  await writeFile(path, lines(60, 61));
  const all = await text();
  assert.equal(all.split("\n")[0], "line 30");
  assert.ok(all.endsWith("line 59\nline 60\n"));
  await logs.checkSizes();
  assert.equal(reopened.length, 6, "a small log is left alone");
});

test("a flood is rotated as fast as it fills, is not compressed, and stays bounded", async (t) => {
  const { logs, path, directory, clock } = await opened(t, {
    rotation: { maxBytes: 200, maxFiles: 3 },
    checkEveryMs: 3_600_000,
  });
  await writeFile(path, lines(0, 1));
  assert.ok((await logs.checkSizes()) > 10_000, "what hardly grows is no flood");
  let nextMs = 0;
  for (let round = 0; round < 6; round++) {
    clock.advance(100);
    await writeFile(path, lines(round * 100, round * 100 + 100));
    nextMs = await logs.checkSizes();
  }
  assert.equal(nextMs, 100);
  const folder = join(directory, podUid, "web");
  assert.deepEqual((await readdir(folder)).sort(), ["0.log.1", "0.log.2"]);
  clock.advance(1_000_000);
  await writeFile(path, lines(0, 20));
  await logs.checkSizes();
  assert.deepEqual((await readdir(folder)).sort(), ["0.log.1"], "what outgrew its size by far is not compressed later");
});

test("a rotation that was cut short is finished", async (t) => {
  let reopened = 0;
  const { logs, path } = await opened(t, { reopen: async () => ++reopened < 0 });
  await writeFile(`${path}.1`, lines(0, 1));
  await logs.checkSizes();
  assert.equal(reopened, 1);
});

test("sizes are looked at by the clock", async (t) => {
  const seen = Promise.withResolvers<void>();
  const { path, clock } = await opened(t, {
    rotation: { maxBytes: 1, maxFiles: 2 },
    reopen: async () => {
      seen.resolve();
      return false;
    },
    checkEveryMs: 1_000,
  });
  await writeFile(path, lines(0, 1));
  clock.advance(1_000);
  await seen.promise;
});

test("old attempts are pruned with all their files, a removed pod is gone", async (t) => {
  const { logs, directory } = await opened(t);
  const folder = join(directory, podUid, "web");
  for (const name of ["0.log", "0.log.1", "0.log.2.gz", "1.log", "2.log", "10.log"])
    await writeFile(join(folder, name), "");
  await logs.prune(podUid, "web", 2);
  assert.deepEqual((await readdir(folder)).sort(), ["10.log", "2.log"]);
  assert.deepEqual(await logs.list(), [podUid]);
  await logs.remove(podUid);
  await logs.remove(podUid);
  assert.deepEqual(await logs.list(), []);
});

test("names that would leave the folder are refused", async (t) => {
  const { logs } = await opened(t);
  assert.throws(() => logs.pathFor("..", "web", 0));
  assert.throws(() => logs.pathFor(podUid, "../x", 0));
});
