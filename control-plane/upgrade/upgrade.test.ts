/** Old bytes in a store, read at once and rewritten while the cluster runs; newer bytes refused with a sentence. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { resourceKey, resourcePrefix } from "../store/keyspace.ts";
import type { Kv, ListOptions } from "../store/kv.ts";
import { MemoryKv } from "../store/memory-kv.ts";
import { createObjectCodec, readHeader } from "../store/object-codec.ts";
import { type Migration, migrations, productVersions, StoredVersions } from "../store/stored-versions.ts";
import { migrateStorage } from "./storage-migration.ts";
import { claimVersions, readMarks } from "./version-marks.ts";

type Shaped = KubeObject & { readonly data?: Record<string, string>; readonly entries?: readonly string[] };

/** Version 1 had `data`, version 2 `entries`, version 3 sorts them. */
const steps: readonly Migration[] = [
  {
    resource: "configmaps",
    from: 1,
    migrate: (object) => {
      const { data = {}, ...rest } = object as Shaped;
      return { ...rest, entries: Object.entries(data).map(([key, value]) => `${key}=${value}`) } as KubeObject;
    },
  },
  {
    resource: "configmaps",
    from: 2,
    migrate: (object) => ({ ...object, entries: [...((object as Shaped).entries ?? [])].sort() }) as KubeObject,
  },
];
const versionsOf = (storageVersion: number): StoredVersions =>
  new StoredVersions(
    [
      { resource: "configmaps", storageVersion },
      { resource: "pods", storageVersion: 1 },
    ],
    steps,
  );

const keyOf = (name: string) => ({ group: "", plural: "configmaps", namespace: "default", name });
const count = 170;
const never = new AbortController().signal;

/** Bytes as the first version wrote them. */
async function oldStore(): Promise<Kv> {
  const kv = new MemoryKv({ clock: systemClock });
  const codec = createObjectCodec(undefined, versionsOf(1));
  for (let index = 0; index < count; index++) {
    const name = `c${String(index).padStart(3, "0")}`;
    const object = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace: "default" },
      data: { b: "2", a: "1" },
    };
    await kv.transact([
      { kind: "put", key: resourceKey(keyOf(name)), value: codec.encode(keyOf(name), object), guard: 0 },
    ]);
  }
  await kv.transact([{ kind: "put", key: "leader/control-plane", value: Buffer.from("me") }]);
  return kv;
}

async function stored(kv: Kv): Promise<readonly number[]> {
  const { items } = await kv.list({ prefix: resourcePrefix("", "configmaps") });
  return items.map(({ key, value }) => readHeader(value, key).version);
}

async function migrate(kv: Kv, to: number, signal = never): Promise<void> {
  const versions = versionsOf(to);
  await claimVersions(kv, versions, never);
  const { item } = await kv.get("leader/control-plane");
  const fence = { key: "leader/control-plane", createRevision: item?.createRevision ?? 0 };
  const codec = createObjectCodec(undefined, versions);
  await migrateStorage({ kv, codec, versions, clock: systemClock, logger: silentLogger, fence, signal });
}

/** The store, with a word before each list. */
const heard = (kv: Kv, onList: (options: ListOptions) => void): Kv => ({
  get: (...args) => kv.get(...args),
  list: (options, signal) => {
    onList(options);
    return kv.list(options, signal);
  },
  transact: (...args) => kv.transact(...args),
  watch: (...args) => kv.watch(...args),
  grantLease: (...args) => kv.grantLease(...args),
  keepLeaseAlive: (...args) => kv.keepLeaseAlive(...args),
  revokeLease: (...args) => kv.revokeLease(...args),
  compact: (...args) => kv.compact(...args),
  close: () => kv.close(),
});

test("what an older version wrote is read in today's form at once, whatever the step it is behind", async () => {
  const kv = await oldStore();
  const key = keyOf("c000");
  const { item } = await kv.get(resourceKey(key));
  assert.ok(item);
  const read = (version: number): Shaped =>
    createObjectCodec(undefined, versionsOf(version)).decode(key, item.value, item.modRevision);
  assert.deepEqual(read(1).data, { a: "1", b: "2" });
  assert.deepEqual(read(3).entries, ["a=1", "b=2"]);
  assert.equal(read(3).metadata.resourceVersion, read(1).metadata.resourceVersion);
  await kv.close();
});

test("all of it is rewritten; what was changed meanwhile stays; then there is nothing left to do", async () => {
  const kv = await oldStore();
  const codec = createObjectCodec(undefined, versionsOf(2));
  const mine = keyOf("c169");
  await migrate(kv, 2);
  assert.deepEqual(new Set(await stored(kv)), new Set([2]));
  const { item } = await kv.get(resourceKey(mine));
  assert.ok(item);
  const changed = { ...codec.decode(mine, item.value, item.modRevision), entries: ["mine"] } as KubeObject;
  await kv.transact([{ kind: "put", key: resourceKey(mine), value: codec.encode(mine, changed) }]);
  await migrate(kv, 3);
  assert.deepEqual(new Set(await stored(kv)), new Set([3]));
  const after = await kv.get(resourceKey(mine));
  const read = createObjectCodec(undefined, versionsOf(3)).decode(
    mine,
    after.item?.value ?? new Uint8Array(),
    1,
  ) as Shaped;
  assert.deepEqual(read.entries, ["mine"]);
  assert.deepEqual((await readMarks(kv)).marks, { configmaps: { version: 3 } });
  const { revision } = await kv.get("x");
  await migrate(kv, 3);
  assert.equal((await kv.get("x")).revision, revision, "nothing more is written");
  await kv.close();
});

test("cut off, it goes on where it was", async () => {
  const kv = await oldStore();
  const stopping = new AbortController();
  let pages = 0;
  const cut = heard(kv, () => {
    if (++pages === 3) stopping.abort(new Problem("canceled", "killed"));
  });
  await migrate(cut, 2, stopping.signal);
  const half = await stored(kv);
  assert.deepEqual([half.filter((version) => version === 2).length, half.length], [100, count]);
  assert.match((await readMarks(kv)).marks.configmaps?.rewrittenTo ?? "", /c099$/);
  let first: string | undefined;
  const watched = heard(kv, ({ after }) => {
    first ??= after;
  });
  await migrate(watched, 2);
  assert.match(first ?? "", /c099$/);
  assert.deepEqual(new Set(await stored(kv)), new Set([2]));
  await kv.close();
});

test("a leader that was deposed rewrites nothing", async () => {
  const kv = await oldStore();
  const versions = versionsOf(2);
  await claimVersions(kv, versions, never);
  const stopping = new AbortController();
  const clock = new ManualClock();
  const fence = { key: "leader/control-plane", createRevision: 1 };
  const codec = createObjectCodec(undefined, versions);
  const warned = Promise.withResolvers<void>();
  const logger = { ...silentLogger, warn: () => warned.resolve() };
  const running = migrateStorage({ kv, codec, versions, clock, logger, fence, signal: stopping.signal });
  await warned.promise;
  stopping.abort();
  await running;
  assert.deepEqual(new Set(await stored(kv)), new Set([1]));
  await kv.close();
});

test("a control plane refuses data newer than itself with a sentence, before it reads any, and object by object", async () => {
  const kv = await oldStore();
  await migrate(kv, 2);
  const isRefused = (thrown: unknown): boolean =>
    Problem.is(thrown, "unsupported") &&
    /the data is newer than this control plane: configmaps are stored as version 2, and it reads up to 1/.test(
      thrown.message,
    ) &&
    /going back needs a backup/.test(thrown.hint ?? "");
  await assert.rejects(claimVersions(kv, versionsOf(1), never), isRefused);
  const { item } = await kv.get(resourceKey(keyOf("c000")));
  const old = createObjectCodec(undefined, versionsOf(1));
  assert.throws(() => old.decode(keyOf("c000"), item?.value ?? new Uint8Array(), 1), isRefused);
  await kv.close();
});

test("a kind whose form was raised without a migration does not start; the product's kinds all have theirs", () => {
  assert.throws(() => new StoredVersions([{ resource: "pods", storageVersion: 2 }], steps), /pods stored as version 1/);
  assert.equal(productVersions.current({ group: "apps", plural: "deployments" }), 1);
  assert.ok(migrations.every(({ resource }) => productVersions.kinds.some((kind) => kind.resource === resource)));
});
