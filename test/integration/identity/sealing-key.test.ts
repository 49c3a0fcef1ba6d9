/**
 * The key that seals Secrets is replaced under real control planes and etcd: they die at each step, a second one reads every Secret all the
 * time; who was off comes back or is told what to do; backups of before, between and after restore.
 */
import assert from "node:assert/strict";
import { copyFile, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { ControlPlaneFaultPoint } from "#control-plane/fault-points.ts";
import { parseSealingKeys } from "#control-plane/store/sealing-key-file.ts";
import { sleep, systemClock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { SealingKeyStatus } from "#proto/resources/administration.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { administrationService, apiService } from "#proto/wire/generated/services.ts";
import { ControlPlaneProcess } from "../sessions/control-plane-process.ts";
import { orchctl } from "./orchctl-process.ts";

const slow = { timeout: 300_000 };
const cluster = "certs-sealing";
const names = Array.from({ length: 60 }, (_, index) => `s${index}`);
const manifest = names
  .map((name) => `apiVersion: v1\nkind: Secret\nmetadata: { name: ${name} }\nstringData: { word: "word of ${name}" }\n`)
  .join("---\n");
const patienceMs = 60_000;

let first: ControlPlaneProcess;
let second: ControlPlaneProcess;
let admin: string;
const firstFile = (): string => join(first.folder, "data/encryption-keys.json");
const secondFile = (): string => join(second.folder, "keys.json");
const startSecond = (): Promise<void> => second.start("--name", "cp2", ...first.storeFlags, "--key-file", secondFile());
const done = async (...args: readonly string[]): Promise<string> => {
  const ran = await orchctl(admin, args);
  assert.equal(ran.code, 0, `${args.join(" ")}: ${ran.out}${ran.err}`);
  return ran.out + ran.err;
};
const idsIn = async (path: string): Promise<readonly string[]> =>
  parseSealingKeys(await readFile(path, "utf8"), path).map(({ id }) => id);

before(async () => {
  first = await ControlPlaneProcess.create(cluster);
  second = await ControlPlaneProcess.create(cluster);
  await first.start();
  admin = join(first.folder, "admin-copy.yaml");
  await copyFile(join(first.folder, "data/admin.yaml"), admin);
  assert.equal((await orchctl(admin, ["apply", "-f", "-"], manifest)).code, 0);
});
after(async () => {
  await second.remove();
  await first.remove();
});

async function ask(plane: ControlPlaneProcess, call: "status" | "rotate" | "finish"): Promise<SealingKeyStatus> {
  const client = await plane.client();
  const { sealingKeyStatus, rotateSealingKey, finishSealingKeyRotation } = administrationService;
  const method = { status: sealingKeyStatus, rotate: rotateSealingKey, finish: finishSealingKeyRotation }[call];
  try {
    const { body } = await client.unary(method, {});
    return JSON.parse(Buffer.from(body ?? []).toString()) as SealingKeyStatus;
  } finally {
    client.close();
  }
}

/** Every Secret, from what this one holds and from the store. */
async function readAll(plane: ControlPlaneProcess): Promise<void> {
  const client = await plane.client();
  try {
    const { items } = await client.unary(apiService.list, { resource: "secrets", namespace: "default" });
    const words = new Map(
      items.map((item) => {
        const { metadata, data } = JSON.parse(Buffer.from(item).toString()) as KubeObject & { data: { word: string } };
        return [metadata.name, Buffer.from(data.word, "base64").toString()];
      }),
    );
    for (const name of names) assert.equal(words.get(name), `word of ${name}`);
  } finally {
    client.close();
  }
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const untilMs = systemClock.monotonicMs() + patienceMs;
  for (let why = ""; ; ) {
    const found = await look().catch((thrown: unknown) => {
      why = Problem.from(thrown).message;
      return undefined;
    });
    if (found !== undefined) return found;
    assert.ok(systemClock.monotonicMs() < untilMs, `waited in vain for ${what}: ${why}`);
    await sleep(systemClock, 50);
  }
}

/** Where it dies, in the order in which a rotation comes by. The first start has made what others find. */
const deaths: readonly `${ControlPlaneFaultPoint}@${number}`[] = [
  "sealing:written@1", // the new key is in the store, and whoever asked does not know
  "key-file:written@1",
  "sealing:sending@1", // all have it; the change to it is on its way
  "sealing:written@2", // the old permit is gone
  "cluster:written@1", // the authority is sealed anew, no Secret is
  "secrets:written@1", // half of the Secrets are
  "sealing:sending@1", // nothing is left, and nobody has noted it
];

test(
  "a control plane that dies at any step of a rotation goes on there, and every Secret stays readable",
  slow,
  async () => {
    const old = (await ask(first, "status")).active;
    await first.stop();
    for (const death of deaths) {
      const [point = "", visit = ""] = death.split("@");
      first.faults = `${point}=kill@${visit}`;
      first.launch();
      await until(`${death}`, async () => {
        if (!first.isRunning) return true;
        const { rotation } = await ask(first, "status");
        if (!rotation) await ask(first, "rotate");
        return undefined;
      });
      assert.equal(first.endedBy, "SIGKILL", `${death}: ${first.errors}`);
    }
    first.faults = "";
    await first.start();
    await readAll(first);
    assert.match(
      await done("cluster", "key", "rotate", "--finish"),
      /Key \w+ is dropped from all key files[\s\S]*replaced already/,
    );
    const { active, rotation, sealed, retired } = await ask(first, "status");
    assert.notEqual(active, old);
    assert.equal(rotation, undefined);
    assert.deepEqual(sealed, [{ keyId: active, count: names.length + 1 }]);
    assert.deepEqual(
      retired.map(({ id }) => id),
      [old],
    );
    assert.deepEqual(await idsIn(firstFile()), [active]);
    assert.equal((await stat(firstFile())).mode & 0o777, 0o600);
    await readAll(first);
  },
);

test("two control planes: every Secret can be read from both all the time, and who leads may die", slow, async () => {
  await copyFile(firstFile(), secondFile());
  await startSecond();
  let isOver = false;
  let reads = 0;
  const reading = (async () => {
    while (!isOver) {
      await readAll(second);
      reads++;
    }
  })();
  const { rotation } = await ask(second, "rotate");
  await until("the new key is in use", async () =>
    (await ask(second, "status")).active === rotation?.to ? true : undefined,
  );
  await first.stop("SIGKILL");
  await first.start();
  const end = await until("all is sealed anew", async () => {
    const status = await ask(second, "status");
    return status.rotation?.phase === "rewritten" ? status : undefined;
  });
  isOver = true;
  await reading;
  assert.ok(reads > 2, `${reads}`);
  await readAll(first);
  assert.deepEqual(end.underOtherKeys, []);
  for (const path of [firstFile(), secondFile()]) assert.deepEqual(await idsIn(path), [rotation?.to, rotation?.from]);
  const status = await done("cluster", "key", "status");
  assert.match(status, /all 61 are sealed with key .*orchctl cluster key finish/);
  assert.match(status, /cp2 +127\.0\.0\.1:\d+ +\w{8},\w{8}/);
  assert.match((await orchctl(admin, ["cluster", "key", "rotate"])).err, /still kept[\s\S]*cluster key finish/);
  assert.match(await done("events"), /SealingKeyRotated/);
});

test(
  "who was off gets the new key at its start, until the old one is dropped; then it is told what to do",
  slow,
  async () => {
    await second.stop();
    const before = await idsIn(secondFile());
    await done("cluster", "key", "finish");
    await startSecond();
    assert.equal((await idsIn(secondFile())).length, 1, "the dropped key is gone from its file at its start");
    await second.stop();
    await copyFile(secondFile(), `${secondFile()}.kept`);
    const { rotation } = await ask(first, "rotate");
    await until("all is sealed anew", async () =>
      (await ask(first, "status")).rotation?.phase === "rewritten" ? true : undefined,
    );
    await startSecond();
    assert.deepEqual(await idsIn(secondFile()), [rotation?.to, before[0]]);
    await readAll(second);
    await second.stop();
    await done("cluster", "key", "finish");
    await copyFile(`${secondFile()}.kept`, secondFile());
    second.launch("--name", "cp2", ...first.storeFlags, "--key-file", secondFile());
    const refused = await second.ended();
    assert.equal(refused.code, 3);
    assert.match(
      refused.errors,
      /sealed with key \w+; .*keys\.json holds key \w+, which was replaced and dropped while/,
    );
    assert.match(refused.errors, /Copy the key file from a control plane that runs/);
    await copyFile(firstFile(), secondFile());
    await startSecond();
    await readAll(second);
    await second.stop();
  },
);

test("backups of before, between and after a rotation restore, each with its own keys", slow, async () => {
  const path = (name: string): string => join(first.folder, name);
  await done("cluster", "backup", path("before.orch"));
  await ask(first, "rotate");
  await done("cluster", "backup", path("between.orch"));
  await done("cluster", "key", "rotate", "--finish");
  await done("cluster", "backup", path("after.orch"));
  for (const name of ["before", "between", "after"]) {
    await rm(join(second.folder, "data"), { recursive: true, force: true });
    const restored = await second.runOnce("--restore", path(`${name}.orch`));
    assert.equal(restored.code, 0, restored.errors);
    await second.start();
    await readAll(second);
    await second.stop();
  }
});

test("nobody but an administrator sees or changes the key", slow, async () => {
  const file = join(first.folder, "ana.yaml");
  await done("user", "add", "ana", "--group", "orch:editors", "--file", file);
  for (const verb of ["status", "rotate", "finish"]) {
    const ran = await orchctl(file, ["cluster", "key", verb]);
    assert.equal(ran.code, 6, `${verb}: ${ran.out}${ran.err}`);
  }
});
