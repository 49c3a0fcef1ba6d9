import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { silentLogger } from "#proto/kit/logger.ts";
import { sha256 } from "./digest.ts";
import { type ImageRecord, ImageRecords } from "./image-records.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "orch-records-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = (): Promise<ImageRecords> => ImageRecords.open(directory, silentLogger);
const record = (name: string): ImageRecord => ({
  digest: sha256(`manifest ${name}`),
  id: sha256(`config ${name}`),
  config: {
    user: "",
    env: [],
    entrypoint: [],
    command: [],
    workingDirectory: "",
    stopSignal: undefined,
    volumes: [],
    labels: {},
  },
  layers: [],
});
const [a, b] = [record("a"), record("b")];
const names = (entries: Record<string, ImageRecord>): Map<string, string> =>
  new Map(Object.entries(entries).map(([name, { digest }]) => [name, digest]));

test("records are found by name, digest and id, also after a restart", async () => {
  const first = await open();
  await first.add([a, b], names({ "x:1": a, "x:2": b, "y:1": a }));
  for (const records of [first, await open()]) {
    assert.deepEqual(records.byName("x:1"), a);
    assert.deepEqual(records.byDigest(b.digest), b);
    assert.deepEqual(records.byId(a.id), a);
    assert.deepEqual(records.namesOf(a.digest), ["x:1", "y:1"]);
    assert.equal(records.byName("none"), undefined);
  }
});

test("a name that moves leaves the other image its remaining names", async () => {
  const records = await open();
  await records.add([a], names({ "x:1": a, "x:old": a }));
  await records.add([b], names({ "x:1": b }));
  assert.deepEqual([records.byName("x:1"), records.namesOf(a.digest)], [b, ["x:old"]]);
});

test("an image goes with its last name, or at once by digest", async () => {
  const records = await open();
  await records.add([a, b], names({ "x:1": a, "x:2": a, "y:1": b, "y:2": b }));
  await records.removeNames(["x:1"]);
  assert.ok(records.byDigest(a.digest));
  await records.removeNames(["x:2", "unknown"]);
  assert.equal(records.byDigest(a.digest), undefined);
  await records.remove(b.digest);
  assert.deepEqual((await open()).all(), []);
  assert.deepEqual(readdirSync(join(directory, "images")), []);
});

test("changes at the same time do not lose each other", async () => {
  const records = await open();
  const many = Array.from({ length: 20 }, (_, index) => record(String(index)));
  await Promise.all(many.map((one, index) => records.add([one], names({ [`n:${index}`]: one }))));
  assert.equal((await open()).all().length, 20);
  assert.ok(many.every((one, index) => records.byName(`n:${index}`) === one));
});

test("files that cannot be read, or are another image's, are passed over", async () => {
  await (await open()).add([a], names({ "x:1": a }));
  writeFileSync(join(directory, "images", "sha256-broken.json"), "{");
  writeFileSync(join(directory, "images", `${b.digest.replace(":", "-")}.json`), JSON.stringify(a));
  assert.deepEqual((await open()).all(), [a]);
  writeFileSync(join(directory, "names.json"), "{");
  const records = await open();
  assert.deepEqual([records.all(), records.byName("x:1")], [[a], undefined]);
});

test("a name of an image whose record is gone means nothing", async () => {
  await (await open()).add([a], names({ "x:1": a }));
  rmSync(join(directory, "images"), { recursive: true });
  assert.equal((await open()).byName("x:1"), undefined);
});
