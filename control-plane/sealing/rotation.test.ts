/** Whole rotations over a store in memory: nobody is ever without a Secret, and nothing of the old key comes back. */
import assert from "node:assert/strict";
import { copyFile, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { systemClock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { systemRandom } from "#proto/kit/random.ts";
import type { Kv } from "../store/kv.ts";
import { MemoryKv } from "../store/memory-kv.ts";
import { createSealer, isSealed } from "../store/sealer.ts";
import { parseSealingKeys } from "../store/sealing-key-file.ts";
import type { Plane } from "./sealing.fixture.ts";
import { SealingWorld } from "./sealing.fixture.ts";

let world: SealingWorld;
let planes: Plane[];
/** Lets what waits for the event loop go on. */
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
const names = Array.from({ length: 60 }, (_, index) => `s${index}`);

beforeEach(async () => {
  world = await SealingWorld.create();
  planes = [];
});
afterEach(async () => {
  await Promise.all(planes.map((plane) => plane.end()));
  await world.remove();
});

async function plane(name: string, via?: Kv): Promise<Plane> {
  const made = await world.plane(name, via);
  planes.push(made);
  return made;
}

/** With the key file of the first. */
async function second(via?: Kv): Promise<Plane> {
  await copyFile(join(world.folder, "a"), join(world.folder, "b"));
  return await plane("b", via);
}

const isDone = ({ state }: Plane["keyring"]): boolean => state.rotation?.phase === "rewritten";

async function readAll(...all: readonly Plane[]): Promise<void> {
  for (const each of all) {
    for (const name of names) assert.deepEqual(await each.read(name), { text: `text of ${name}` }, name);
  }
}

test("everything is sealed anew while both read and write; then the old key opens nothing and is nowhere", async () => {
  const a = await plane("a");
  const b = await second();
  for (const name of names) await a.create(name);
  const [old] = a.keyring.keys;
  assert.ok(old);
  const leading = new AbortController();
  const led = world.lead(b, leading.signal);
  const to = await a.begin();
  let made = 0;
  while (!isDone(a.keyring)) {
    await (made % 2 === 0 ? a : b).create(`during-${made}`);
    assert.deepEqual(await (made % 2 === 0 ? b : a).read(`during-${made}`), { text: `text of during-${made}` });
    made++;
    await readAll(a, b);
    await turn();
  }
  await b.until(isDone);
  assert.ok(made > 0);
  assert.deepEqual(await world.used(), [to]);
  assert.deepEqual([...(await a.filed())].sort(), [old.id, to].sort());
  assert.equal((await a.filed())[0], to, "the one that seals comes first");
  // The old key is in fact unable to open what is there now, even when it is given the new one's name.
  const { data } = JSON.parse((await world.raw("s0")).split("\n")[1] ?? "") as { readonly data: unknown };
  assert.ok(isSealed(data));
  const thief = createSealer([old, { id: to, secret: old.secret }], systemRandom);
  assert.throws(() => thief.open(data, "registry/core/secrets/default/s0"), /does not open/);
  await a.finish();
  await b.keyring.refresh();
  for (const each of [a, b]) {
    assert.deepEqual(await each.filed(), [to]);
    assert.equal((await stat(each.file)).mode & 0o777, 0o600);
  }
  await readAll(a, b);
  leading.abort();
  assert.deepEqual(await led, ["SealingKeyInUse", "SealingKeyRotated"]);
});

test("a control plane that was off gets the new key when it starts; after the end it is told what to do", async () => {
  const a = await plane("a");
  await a.create("s");
  const b = await second();
  await b.end();
  await copyFile(b.file, `${b.file}.before`);
  const leading = new AbortController();
  const led = world.lead(a, leading.signal);
  const to = await a.begin();
  await a.until(isDone);
  const back = await plane("b");
  assert.deepEqual(await back.read("s"), { text: "text of s" });
  assert.equal((await back.filed())[0], to);
  await back.end();
  await a.finish();
  await writeFile(join(world.folder, "b"), await readFile(`${b.file}.before`), { mode: 0o600 });
  await assert.rejects(plane("b"), (thrown) => {
    assert.ok(Problem.is(thrown, "conflict"));
    assert.match(thrown.message, /sealed with key \w+; .*\/b holds key \w+, which was replaced and dropped/);
    assert.match(thrown.hint ?? "", /Copy the key file from a control plane that runs/);
    return true;
  });
  // As it says.
  await copyFile(a.file, join(world.folder, "b"));
  assert.deepEqual(await (await plane("b")).read("s"), { text: "text of s" });
  leading.abort();
  await led;
});

test("one that lives and does not have the new key yet is waited for", async () => {
  const a = await plane("a");
  const value = { name: "slow", address: "elsewhere", version: "", startedAt: "", keys: a.keyring.keysInFile };
  const tell = (keys: readonly string[]): ReturnType<Kv["transact"]> =>
    world.kv.transact([
      { kind: "put", key: "control-planes/slow", value: Buffer.from(JSON.stringify({ ...value, keys })) },
    ]);
  await tell(value.keys);
  const leading = new AbortController();
  const led = world.lead(a, leading.signal);
  const to = await a.begin();
  for (let turns = 0; turns < 50; turns++) {
    await turn();
    assert.equal(a.keyring.state.rotation?.phase, "handing out");
  }
  await a.create("meanwhile");
  assert.ok(!(await world.used()).includes(to), "the old one seals until all have the new one");
  await tell([...value.keys, to]);
  await a.until(isDone);
  assert.deepEqual(await world.used(), [to]);
  leading.abort();
  await led;
});

test("a write that was sealed before the change and arrives after it is refused, sealed anew and sent again", async () => {
  const a = await plane("a");
  const slow = new MemoryKv({ clock: systemClock, etcd: world.etcd });
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: held, resolve: hold } = Promise.withResolvers<void>();
  let holds = false;
  const stalled: Kv = new Proxy(slow, {
    get(target, property) {
      if (property === "transact") {
        return async (...args: Parameters<Kv["transact"]>) => {
          if (holds && args[0].some(({ key }) => key.startsWith("registry/"))) {
            hold();
            await released;
          }
          return await slow.transact(...args);
        };
      }
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const b = await second(stalled);
  holds = true;
  const writing = b.create("late");
  await held;
  // As its lease runs out while it stands still: nobody waits for it.
  await world.kv.transact([{ kind: "delete", key: "control-planes/b" }]);
  const leading = new AbortController();
  const led = world.lead(a, leading.signal);
  const to = await a.begin();
  await a.until(isDone);
  assert.deepEqual(await world.used(), [to]);
  release();
  await writing;
  assert.deepEqual(await world.used(), [to]);
  assert.deepEqual(await a.read("late"), { text: "text of late" });
  leading.abort();
  await led;
});

test("whoever leads next goes on, wherever the last one died", async () => {
  const a = await plane("a");
  const b = await second();
  for (const name of names) await a.create(name);
  for (let deaths = 0; deaths < 6; deaths++) {
    if (!a.keyring.state.rotation) await a.begin();
    const leading = new AbortController();
    let left = deaths;
    // Dies after so many of its writes.
    const mortal: Kv = new Proxy(a.kv, {
      get(target, property) {
        const value: unknown = Reflect.get(target, property, target);
        if (property !== "transact") return typeof value === "function" ? value.bind(target) : value;
        return async (...args: Parameters<Kv["transact"]>) => {
          if (left-- <= 0) {
            leading.abort();
            throw new Problem("unavailable", "it died");
          }
          return await target.transact(...args);
        };
      },
    });
    const dying = Object.create(a, { kv: { value: mortal } }) as Plane;
    await Promise.race([world.lead(dying, leading.signal), a.until(isDone)]);
    leading.abort();
    await readAll(a, b);
    const next = new AbortController();
    const led = world.lead(b, next.signal);
    await b.until(isDone);
    next.abort();
    await led;
    assert.deepEqual(await world.used(), [b.keyring.state.active]);
    await b.finish();
    await a.keyring.refresh();
    await readAll(a, b);
  }
});

test("a Secret that does not open stops nothing but the end, and is named", async () => {
  const a = await plane("a");
  await a.create("good");
  await a.create("bad");
  const key = "registry/core/secrets/default/bad";
  const text = await world.raw("bad");
  const broken = text.replace(/"ciphertext":"..../, '"ciphertext":"AAAA');
  assert.notEqual(broken, text);
  await world.kv.transact([{ kind: "put", key, value: Buffer.from(broken) }]);
  const leading = new AbortController();
  const oldKey = a.keyring.state.active;
  const isReading = a.until(({ state }) => state.rotation?.phase === "rewriting");
  const told: string[] = [];
  const led = world.lead(a, leading.signal, told);
  await a.begin();
  await isReading;
  const late = AbortSignal.timeout(20_000);
  while ((await world.raw("good")).includes(oldKey) || told.length < 2) {
    late.throwIfAborted();
    await turn();
  }
  assert.deepEqual(await a.read("good"), { text: "text of good" });
  await assert.rejects(a.finish(), /still sealed with the old key/);
  leading.abort();
  assert.deepEqual(await led, ["SealingKeyInUse", "SealedValueUnreadable"]);
});

test("a key file that cannot be written is told, holds the change up, and is tried again", async () => {
  const a = await plane("a");
  const text = await readFile(a.file, "utf8");
  await writeFile(a.file, "damaged");
  const leading = new AbortController();
  const led = world.lead(a, leading.signal);
  const to = await a.begin();
  assert.match(a.keyring.trouble ?? "", /\/a cannot be written: .* is not a key file/);
  assert.equal(a.keyring.state.rotation?.phase, "handing out");
  await a.create("meanwhile");
  await writeFile(a.file, text);
  await a.until(isDone);
  assert.equal(a.keyring.trouble, undefined);
  assert.equal(parseSealingKeys(await readFile(a.file, "utf8"), "it")[0]?.id, to);
  leading.abort();
  await led;
});
