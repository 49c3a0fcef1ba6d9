/** The API over a real etcd: what is acknowledged stays, watches miss and double nothing, also while etcd dies. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import { seededRandom } from "#proto/kit/random.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { EtcdProcess } from "#test/integration/store/etcd-process.ts";
import { ApiCalls, type WatchedEvent } from "#test/support/api-calls.ts";
import { startTestApi, type TestApi } from "#test/support/api-server.ts";

let etcd: EtcdProcess;
let api: TestApi;
let calls: ApiCalls;

before(async () => {
  etcd = await EtcdProcess.start();
  api = await startTestApi({ kv: etcd.client("/api/") });
  calls = new ApiCalls(api.client);
});
after(async () => {
  await api.stop();
  await etcd.end();
});

const namespace = "default";
const configMap = (name: string, data: Record<string, string>, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace, labels },
  data,
});

/** What a watcher knows by its events alone, cut off at random and resumed from the last event it saw. */
class Follower {
  readonly objects = new Map<string, string>();
  readonly #more: Record<string, string>;
  readonly #random = seededRandom(7);
  resumed = 0;
  #version = "";

  constructor(more: Record<string, string>) {
    this.#more = more;
  }

  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const cut = AbortSignal.any([signal, AbortSignal.timeout(20 + Math.floor(200 * this.#random.next()))]);
      try {
        if (this.#version === "") await this.#list();
        const more = { namespace, ...this.#more, resourceVersion: this.#version, bookmarks: true };
        for await (const event of calls.watch("configmaps", more, { signal: cut })) this.#take(event);
      } catch (thrown) {
        if (!cut.aborted && !Problem.is(thrown, "unavailable") && !Problem.is(thrown, "timeout")) throw thrown;
      }
      this.resumed++;
    }
  }

  async #list(): Promise<void> {
    const { items, resourceVersion } = await calls.list("configmaps", { namespace, ...this.#more });
    this.objects.clear();
    for (const { metadata, data } of items) this.objects.set(metadata.name, JSON.stringify(data));
    this.#version = resourceVersion;
  }

  #take({ type, object, resourceVersion }: WatchedEvent): void {
    const { name } = object.metadata ?? {};
    if (type === "ERROR") {
      this.#version = "";
      return;
    }
    const isLater = Number(resourceVersion) > Number(this.#version);
    assert.ok(isLater || type === "BOOKMARK", `${type} ${name} at ${resourceVersion} after ${this.#version}`);
    this.#version = resourceVersion;
    if (type === "BOOKMARK") return;
    assert.equal(this.objects.has(name), type !== "ADDED", `${type} ${name}`);
    if (type === "DELETED") this.objects.delete(name);
    else this.objects.set(name, JSON.stringify(object.data));
  }
}

async function eventually(check: () => Promise<boolean>, what: string): Promise<void> {
  for (const end = performance.now() + 20_000; performance.now() < end; ) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`did not happen in time: ${what}`);
}

test("watches are complete, ordered and unique through cuts and a killed etcd; acknowledged writes stay", async () => {
  await calls.create("configmaps", configMap("start", {}, { in: "1" }));
  const stop = new AbortController();
  const followers = [new Follower({}), new Follower({ labelSelector: "in=1" })];
  const following = Promise.all(followers.map((follower) => follower.follow(stop.signal)));
  const random = seededRandom(3);
  const acknowledged = new Map<string, string | undefined>();
  for (let i = 0; i < 600; i++) {
    if (i === 300) {
      await etcd.kill();
      await etcd.start();
    }
    const name = `cm-${Math.floor(random.next() * 20)}`;
    const labels: Record<string, string> = random.next() < 0.5 ? { in: "1" } : {};
    try {
      if (random.next() < 0.25) {
        await calls.delete("configmaps", namespace, name);
        acknowledged.set(name, undefined);
      } else {
        const data = { at: String(i) };
        await calls.apply("configmaps", configMap(name, data, labels), "test", true);
        acknowledged.set(name, JSON.stringify(data));
      }
    } catch (thrown) {
      if (Problem.is(thrown, "not-found")) continue;
      assert.ok(Problem.is(thrown, "unavailable") || Problem.is(thrown, "timeout"), String(thrown));
      acknowledged.delete(name);
    }
  }
  const { items } = await calls.list("configmaps", { namespace });
  const listed = new Map(items.map((item) => [item.metadata.name, JSON.stringify(item.data)]));
  for (const [name, data] of acknowledged) assert.equal(listed.get(name), data, name);
  const selected = items.filter((item) => item.metadata.labels?.in === "1").map((item) => item.metadata.name);
  await eventually(
    async () =>
      JSON.stringify([...(followers[0]?.objects.keys() ?? [])].sort()) === JSON.stringify([...listed.keys()].sort()) &&
      JSON.stringify([...(followers[1]?.objects.keys() ?? [])].sort()) === JSON.stringify(selected.sort()),
    "followers know what the list knows",
  );
  stop.abort();
  await following;
  for (const [name, data] of listed) assert.equal(followers[0]?.objects.get(name), data);
  assert.ok((followers[0]?.resumed ?? 0) > 5);
});

test("a list is fresh also when other keys of the store were written last", async () => {
  const other = etcd.client("/api/");
  for (let i = 0; i < 5; i++) {
    const name = `fresh-${i}`;
    await calls.create("configmaps", configMap(name, {}));
    await other.transact([{ kind: "put", key: "sessions/n1", value: Buffer.from(String(i)) }]);
    const { items } = await calls.list("configmaps", { namespace });
    assert.ok(items.some((item) => item.metadata.name === name));
  }
  await other.close();
});

test("pages keep to their revision, and say so when it is compacted", async () => {
  for (let i = 0; i < 10; i++) await calls.create("configmaps", configMap(`page-${i}`, {}, { page: "1" }));
  const more = { namespace, labelSelector: "page=1", limit: 4 };
  const first = await calls.list("configmaps", more);
  await calls.delete("configmaps", namespace, "page-5");
  const second = await calls.list("configmaps", { ...more, continue: first.continue });
  assert.ok(second.items.some((item) => item.metadata.name === "page-5"));
  await api.kv.compact((await api.kv.get("x")).revision);
  await assert.rejects(calls.list("configmaps", { ...more, continue: second.continue }), { code: "expired" });
});
