import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { defaultClusterSettings } from "#proto/resources/cluster-settings.ts";
import { testNow, testPod, testRecord, testUid } from "../reconciler/pod-builder.ts";
import { FileJournal } from "./file-journal.ts";
import { loadNodeMemory, saveNodeMemory } from "./node-memory.ts";
import { ObjectCache } from "./object-cache.ts";
import { freshContainer, type PodRecord, rebase } from "./record.ts";

async function inDirectory(run: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "orch-journal-"));
  try {
    await run(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const open = (directory: string, bootId = "boot-1"): FileJournal => {
  const clock = new ManualClock();
  return new FileJournal({ directory, bootId, clock, logger: silentLogger, now: () => testNow });
};

test("a successor finds what was put, whether or not it was synced", async () => {
  await inDirectory(async (directory) => {
    const journal = open(directory);
    await journal.load();
    await journal.put(testRecord());
    assert.deepEqual(await open(directory).load(), [testRecord()]);
    await journal.close();
    await journal.delete(testUid);
    await journal.delete(testUid);
    assert.deepEqual(await open(directory).load(), []);
  });
});

test("putting the same again writes nothing", async () => {
  await inDirectory(async (directory) => {
    const journal = open(directory);
    await journal.load();
    await journal.put(testRecord());
    const before = await stat(join(directory, `${testUid}.json`));
    await journal.put(structuredClone(testRecord()));
    assert.equal((await stat(join(directory, `${testUid}.json`))).ino, before.ino);
    await journal.close();
  });
});

test("what can wait is written in a moment, and never after newer words or the record's end", async () => {
  await inDirectory(async (directory) => {
    const clock = new ManualClock();
    const journal = new FileJournal({ directory, bootId: "boot-1", clock, logger: silentLogger, now: () => testNow });
    const path = join(directory, `${testUid}.json`);
    const newer = { ...testRecord(), addresses: ["10.0.0.9"] };
    await journal.load();
    journal.putSoon(testRecord());
    assert.deepEqual(await readdir(directory), []);
    await journal.put(newer);
    clock.advance(1_000);
    await journal.close();
    assert.deepEqual(JSON.parse(await readFile(path, "utf8")), newer);
    journal.putSoon(testRecord());
    await journal.close();
    assert.deepEqual(JSON.parse(await readFile(path, "utf8")), testRecord(), "an agent that stops writes what waits");
    journal.putSoon(newer);
    await Promise.all([journal.put(newer), journal.delete(testUid)]);
    journal.putSoon(newer);
    await journal.delete(testUid);
    await journal.close();
    assert.deepEqual(await readdir(directory), []);
  });
});

test("records that are cut, garbled, of another version or another pod are dropped, the others kept", async () => {
  await inDirectory(async (directory) => {
    const other = "22222222-2222-4333-8444-555555555555";
    const whole = JSON.stringify({ ...testRecord(), uid: other });
    const journal = open(directory);
    await journal.load();
    await journal.put(testRecord());
    await journal.close();
    const broken: Readonly<Record<string, string>> = {
      "empty.json": "",
      "cut.json": whole.slice(0, 40),
      "null.json": "null",
      "version.json": JSON.stringify({ ...testRecord(), version: 99, uid: "version" }),
      "stranger.json": whole,
      "shape.json": JSON.stringify({ ...testRecord(), uid: "shape", containers: { app: { attempt: "x" } } }),
      "left.json.tmp": whole,
    };
    for (const [name, text] of Object.entries(broken)) await writeFile(join(directory, name), text);
    const records = await open(directory).load();
    assert.deepEqual(
      records.map(({ uid }) => uid),
      [testUid],
    );
    assert.deepEqual(await readdir(directory), [`${testUid}.json`]);
  });
});

test("a uid cannot lead out of the journal", async () => {
  await inDirectory(async (directory) => {
    const journal = open(directory);
    await journal.load();
    await assert.rejects(journal.put({ ...testRecord(), uid: "../../etc/passwd" }));
  });
});

test("after a reboot waits are over and a stop keeps what is left of its grace", () => {
  const stop = {
    startedAtMs: 5_000_000,
    startedAtWallMs: testNow.wallMs - 4_000,
    graceMs: 10_000,
    reason: "Deleted",
    message: "m",
  };
  const failure = { failures: 3, notBeforeMs: 9_999_999, reason: "r", message: "m" };
  const record: PodRecord = {
    ...testRecord(),
    containers: { app: { ...freshContainer, restartNotBeforeMs: 9_999_999, creation: failure, stop } },
    pulls: { image: failure },
    setup: failure,
    stop,
  };
  const moved = rebase(record, "boot-2", testNow);
  assert.equal(moved.bootId, "boot-2");
  assert.equal(moved.stop?.startedAtMs, testNow.bootMs - 4_000);
  assert.equal(moved.containers.app?.restartNotBeforeMs, testNow.bootMs);
  assert.equal(moved.containers.app?.creation?.notBeforeMs, testNow.bootMs);
  assert.deepEqual(moved.pulls, {});
  assert.equal(rebase(record, record.bootId, testNow), record);
});

test("what the node was told outlives it; what cannot be read counts as nothing", async () => {
  await inDirectory(async (directory) => {
    assert.equal(await loadNodeMemory(directory), undefined);
    const memory = { podCidr: "10.128.1.0/24", settings: defaultClusterSettings };
    await saveNodeMemory(directory, memory);
    assert.deepEqual(await loadNodeMemory(directory), memory);
    await writeFile(join(directory, "node.json"), "{");
    assert.equal(await loadNodeMemory(directory), undefined);
  });
});

test("assigned objects are kept for a restart, in files only root can read, and removed when not needed", async () => {
  await inDirectory(async (directory) => {
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "keys" }, data: { a: "MQ==" } };
    const cache = new ObjectCache(directory, silentLogger);
    await cache.load();
    cache.apply([{ key: "secrets/default/keys", object: secret }]);
    await cache.close();
    const [name = ""] = await readdir(directory);
    assert.equal((await stat(join(directory, name))).mode & 0o777, 0o600);
    await writeFile(join(directory, "broken"), "{");
    assert.deepEqual(await new ObjectCache(directory, silentLogger).load(), [secret]);
    cache.apply([{ key: "secrets/default/keys", object: undefined }]);
    await cache.close();
    assert.deepEqual(await readdir(directory), []);
  });
});

test("a record holds the pod as assigned and no Secret's value", async () => {
  await inDirectory(async (directory) => {
    const pod = testPod({ spec: { volumes: [{ name: "keys", secret: { secretName: "keys" } }] } });
    const journal = open(directory);
    await journal.load();
    await journal.put(testRecord(pod));
    const text = await readFile(join(directory, `${testUid}.json`), "utf8");
    assert.ok(text.includes('"secretName":"keys"'));
    assert.equal((await stat(join(directory, `${testUid}.json`))).mode & 0o777, 0o600);
    await journal.close();
  });
});
