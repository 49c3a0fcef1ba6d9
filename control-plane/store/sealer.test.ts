import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { createByteSealer } from "./byte-sealer.ts";
import { createSealer, type SealingKey } from "./sealer.ts";
import { createSealingKeys, readSealingKeys } from "./sealing-key-file.ts";
import { createSecretSealing } from "./secret-sealing.ts";

const keyOf = (id: string): SealingKey => ({ id, secret: systemRandom.bytes(32) });
const isProblem = (code: Problem["code"], words: RegExp) => (thrown: unknown) => {
  assert.ok(Problem.is(thrown, code), String(thrown));
  assert.match(thrown.message, words);
  return true;
};

describe("sealer", () => {
  const one = keyOf("one");
  const two = keyOf("two");
  const sealer = createSealer([one], systemRandom);
  const plain = Buffer.from("hunter2");

  it("opens what it sealed, at the same place only", () => {
    const sealed = sealer.seal(plain, "registry/core/secrets/default/a");
    assert.deepEqual(Buffer.from(sealer.open(sealed, "registry/core/secrets/default/a")), plain);
    assert.throws(() => sealer.open(sealed, "registry/core/secrets/default/b"), isProblem("internal", /does not open/));
  });

  it("never seals twice to the same bytes", () => {
    const sealed = Array.from({ length: 50 }, () => JSON.stringify(sealer.seal(plain, "a")));
    assert.equal(new Set(sealed).size, 50);
  });

  it("notices every change", () => {
    const sealed = sealer.seal(plain, "a");
    const flip = (text: string, at: number): string => {
      const bytes = Buffer.from(text, "base64");
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      return bytes.toString("base64");
    };
    for (let at = 0; at < 23; at++) {
      const changed = { ...sealed, ciphertext: flip(sealed.ciphertext, at) };
      assert.throws(() => sealer.open(changed, "a"), isProblem("internal", /does not open/));
    }
    for (let at = 0; at < 24; at++) {
      assert.throws(
        () => sealer.open({ ...sealed, nonce: flip(sealed.nonce, at) }, "a"),
        isProblem("internal", /open/),
      );
    }
    for (const ciphertext of ["", "AAAA"]) {
      assert.throws(() => sealer.open({ ...sealed, ciphertext }, "a"), isProblem("internal", /does not open/));
    }
  });

  it("seals with the first key and opens with any: keys can be rotated", () => {
    const old = sealer.seal(plain, "a");
    const rotated = createSealer([two, one], systemRandom);
    assert.equal(rotated.seal(plain, "a").keyId, "two");
    assert.deepEqual(Buffer.from(rotated.open(old, "a")), plain);
    assert.throws(() => sealer.open(rotated.seal(plain, "a"), "a"), isProblem("internal", /key two, which is not/));
  });

  it("seals whole values for other pieces", () => {
    const bytes = createByteSealer(sealer);
    const sealed = bytes.seal("cluster/ca", plain);
    assert.deepEqual(Buffer.from(bytes.open("cluster/ca", sealed)), plain);
    assert.throws(() => bytes.open("cluster/other", sealed), isProblem("internal", /does not open/));
    assert.throws(() => bytes.open("cluster/ca", plain), isProblem("internal", /not sealed/));
  });

  it("a Secret that is stored in the clear is refused on read, and one with stringData on write", () => {
    const sealing = createSecretSealing(sealer);
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "a" } };
    assert.throws(() => sealing.open({ ...secret, data: { a: "b" } }, "k"), isProblem("internal", /not sealed/));
    assert.throws(() => sealing.seal({ ...secret, stringData: { a: "b" } }, "k"), isProblem("internal", /stringData/));
    assert.deepEqual(sealing.open(sealing.seal(secret, "k"), "k"), secret);
  });
});

describe("key file", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "orch-keys-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("is made once, readable by its owner alone; whoever comes second reads the first's", async () => {
    const path = join(folder, "keys.json");
    const made = await Promise.all([createSealingKeys(path, systemRandom), createSealingKeys(path, systemRandom)]);
    assert.deepEqual(made[0], made[1]);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.deepEqual(await readSealingKeys(path), made[0]);
    assert.equal(made[0]?.[0]?.secret.byteLength, 32);
    const before = await readFile(path, "utf8");
    await createSealingKeys(path, systemRandom);
    assert.equal(await readFile(path, "utf8"), before);
  });

  it("is refused when it is missing, readable by others, or damaged", async () => {
    const path = join(folder, "bad.json");
    await assert.rejects(readSealingKeys(path), isProblem("not-found", /does not exist/));
    for (const text of ["", "{}", '{"keys":[]}', '{"keys":[{"id":"a","secret":"c2hvcnQ="}]}', '{"keys":[null]}']) {
      await writeFile(path, text, { mode: 0o600 });
      await assert.rejects(readSealingKeys(path), isProblem("internal", /not a key file/));
    }
    await chmod(path, 0o640);
    await assert.rejects(readSealingKeys(path), isProblem("internal", /read by others/));
  });
});
