import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Problem } from "../kit/problem.ts";
import { seededRandom } from "../kit/random.ts";
import {
  type BackupHeader,
  type BackupItem,
  readBackupFile,
  verifyBackupFile,
  writeBackupFile,
} from "./backup-file.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "orch-backup-"));
});
after(() => rm(folder, { recursive: true }));

const header: BackupHeader = {
  ...{ format: 1, cluster: "local", version: "0.1.0", createdAt: "2026-01-01T00:00:00Z", revision: "42" },
  keyFile: '{"keys":[]}',
};
const all: readonly BackupItem[] = Array.from({ length: 500 }, (_, at) => ({
  key: `registry/core/configmaps/default/c${at}`,
  value: Buffer.from(`value ${at} ${"\u0000\u00ff\n"}`),
}));

async function* items(): AsyncGenerator<BackupItem> {
  yield* all;
}

async function write(name: string, passphrase?: string): Promise<string> {
  const path = join(folder, name);
  const summary = await writeBackupFile(path, { header, items: items() }, { passphrase, random: seededRandom(4) });
  assert.deepEqual([summary.items, summary.isEncrypted], [all.length, passphrase !== undefined]);
  return path;
}
const isInvalid = (pattern: RegExp) => (thrown: unknown) =>
  Problem.is(thrown, "invalid") && pattern.test(thrown.message);

test("what was written is read back, byte for byte, with and without a passphrase; only its owner may read it", async () => {
  for (const passphrase of [undefined, "correct horse"]) {
    const path = await write(`good-${passphrase?.length}`, passphrase);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.equal((await verifyBackupFile(path, passphrase)).revision, "42");
    const read = await readBackupFile(path, passphrase);
    const back: BackupItem[] = [];
    for await (const item of read.items) back.push(item);
    assert.deepEqual(read.header, header);
    assert.deepEqual(
      back.map(({ key, value }) => [key, value.toString()]),
      all.map(({ key, value }) => [key, value.toString()]),
    );
    if (passphrase !== undefined) assert.ok(!(await readFile(path)).includes("configmaps"));
  }
});

test("a file that was cut, flipped, is no backup, or has another passphrase is refused with the reason", async () => {
  const plain = await readFile(await write("plain"));
  const sealed = await readFile(await write("sealed", "correct horse"));
  const broken = async (bytes: Uint8Array, passphrase?: string): Promise<unknown> => {
    const path = join(folder, "broken");
    await writeFile(path, bytes);
    return await verifyBackupFile(path, passphrase);
  };
  const flipped = (bytes: Buffer, at: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ 1;
    return copy;
  };
  await assert.rejects(broken(plain.subarray(0, plain.length - 200)), isInvalid(/cannot be restored/));
  for (const at of [100, Math.floor(plain.length / 2), plain.length - 4]) {
    await assert.rejects(broken(flipped(plain, at)), isInvalid(/cannot be restored/), `${at}`);
    await assert.rejects(broken(flipped(sealed, at), "correct horse"), isInvalid(/cannot be restored/), `sealed ${at}`);
  }
  await assert.rejects(broken(Buffer.from("hello\n")), isInvalid(/no backup of a cluster/));
  await assert.rejects(broken(sealed, "wrong horse!"), isInvalid(/cannot be restored/));
  await assert.rejects(broken(sealed), isInvalid(/is encrypted/));
  await assert.rejects(verifyBackupFile(join(folder, "nowhere"), undefined), (thrown) =>
    Problem.is(thrown, "not-found"),
  );
});

test("a backup whose source fails leaves no file behind", async () => {
  const failing = async function* failing(): AsyncGenerator<BackupItem> {
    yield* all;
    throw new Problem("unavailable", "the control plane went away");
  };
  const path = join(folder, "failed");
  const writing = writeBackupFile(
    path,
    { header, items: failing() },
    { passphrase: undefined, random: seededRandom(4) },
  );
  await assert.rejects(writing, (thrown) => Problem.is(thrown, "unavailable"));
  for (const left of [path, `${path}.part`]) await assert.rejects(stat(left), /ENOENT/);
});
