import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { ApiCalls, type WatchedEvent } from "#test/support/api-calls.ts";
import { startTestApi, type TestApi } from "#test/support/api-server.ts";

let api: TestApi;
let calls: ApiCalls;
const deadlineMs = 10_000;

before(async () => {
  api = await startTestApi({
    history: { maxChanges: 60, bookmarkAfterMs: 20 },
    watchLimits: { total: 50, perUser: 40 },
  });
  calls = new ApiCalls(api.client);
});
after(() => api.stop());

let spaces = 0;
async function newNamespace(): Promise<string> {
  const name = `space-${spaces++}`;
  await calls.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  return name;
}
const configMap = (namespace: string, name: string, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace, labels },
});
const names = (items: readonly KubeObject[]): string[] => items.map((item) => item.metadata.name);
async function take(events: AsyncIterable<WatchedEvent>, count: number): Promise<WatchedEvent[]> {
  const taken: WatchedEvent[] = [];
  for await (const event of events) if (event.type !== "BOOKMARK" && taken.push(event) === count) break;
  return taken;
}
const problemOf = (event: WatchedEvent | undefined) => event?.object as { code?: string; hint?: string } | undefined;
const show = ({ type, object }: WatchedEvent): string => `${type} ${object.metadata.name}`;

test("a list that follows a write includes it", async () => {
  const namespace = await newNamespace();
  for (let i = 0; i < 20; i++) {
    await calls.create("configmaps", configMap(namespace, `cm-${i}`));
    assert.equal((await calls.list("configmaps", { namespace })).items.length, i + 1);
  }
});

test("a list answers although the cache has not heard of the newest revision", async () => {
  const namespace = await newNamespace();
  await calls.create("configmaps", configMap(namespace, "a"));
  await api.kv.transact([{ kind: "put", key: "elsewhere/x", value: Buffer.from("x") }]);
  assert.deepEqual(names((await calls.list("configmaps", { namespace })).items), ["a"]);
});

test("selectors narrow a list, and unreadable ones are explained", async () => {
  const namespace = await newNamespace();
  await calls.create("configmaps", configMap(namespace, "a", { tier: "web" }));
  await calls.create("configmaps", configMap(namespace, "b", { tier: "db" }));
  const list = async (more: object): Promise<string[]> =>
    names((await calls.list("configmaps", { namespace, ...more })).items);
  assert.deepEqual(await list({ labelSelector: "tier in (db,cache)" }), ["b"]);
  assert.deepEqual(await list({ fieldSelector: "metadata.name!=b" }), ["a"]);
  await assert.rejects(list({ labelSelector: "tier in" }), { code: "bad-request", message: /label selector/ });
  await assert.rejects(list({ fieldSelector: "spec.x=1" }), { code: "bad-request", message: /they can by/ });
});

test("pages are of one moment, whatever is written between them", async () => {
  const namespace = await newNamespace();
  for (let i = 0; i < 7; i++) await calls.create("configmaps", configMap(namespace, `cm-${i}`));
  const first = await calls.list("configmaps", { namespace, limit: 3 });
  assert.deepEqual(names(first.items), ["cm-0", "cm-1", "cm-2"]);
  assert.equal(first.remaining, 4);
  await calls.delete("configmaps", namespace, "cm-4");
  await calls.create("configmaps", configMap(namespace, "cm-3a"));
  const second = await calls.list("configmaps", { namespace, limit: 3, continue: first.continue });
  assert.deepEqual(names(second.items), ["cm-3", "cm-4", "cm-5"]);
  const third = await calls.list("configmaps", { namespace, limit: 3, continue: second.continue });
  assert.deepEqual(names(third.items), ["cm-6"]);
  assert.equal(third.continue, "");
  assert.equal(third.resourceVersion, first.resourceVersion);
});

test("pages with a selector are full until the last", async () => {
  const namespace = await newNamespace();
  for (let i = 0; i < 9; i++) await calls.create("configmaps", configMap(namespace, `cm-${i}`, { odd: `${i % 2}` }));
  const found: string[] = [];
  let next = "";
  do {
    const page = await calls.list("configmaps", { namespace, limit: 2, labelSelector: "odd=1", continue: next });
    found.push(...names(page.items));
    next = page.continue;
  } while (next !== "");
  assert.deepEqual(found, ["cm-1", "cm-3", "cm-5", "cm-7"]);
});

test("a continue token of a compacted revision is expired, a foreign one refused", async () => {
  const namespace = await newNamespace();
  for (let i = 0; i < 3; i++) await calls.create("configmaps", configMap(namespace, `cm-${i}`));
  const page = await calls.list("configmaps", { namespace, limit: 1 });
  await calls.create("configmaps", configMap(namespace, "later"));
  await api.kv.compact((await api.kv.get("x")).revision);
  await assert.rejects(calls.list("configmaps", { namespace, limit: 1, continue: page.continue }), { code: "expired" });
  for (const token of ["x", "e30", Buffer.from('{"v":1,"rev":1,"after":"cluster/ca"}').toString("base64url")]) {
    const listing = calls.list("configmaps", { namespace, limit: 1, continue: token });
    await assert.rejects(listing, { code: "bad-request", message: /continue token/ });
  }
});

test("a watch from a list gives every later change once, in order", async () => {
  const namespace = await newNamespace();
  await calls.create("configmaps", configMap(namespace, "before"));
  const { resourceVersion } = await calls.list("configmaps", { namespace });
  const watching = take(calls.watch("configmaps", { namespace, resourceVersion }, { deadlineMs }), 30);
  for (let i = 0; i < 10; i++) {
    const { object } = await calls.create("configmaps", configMap(namespace, `cm-${i}`));
    await calls.update("configmaps", { ...object, data: { x: "1" } });
    await calls.delete("configmaps", namespace, `cm-${i}`);
  }
  const events = await watching;
  const expected = Array.from({ length: 10 }, (_, i) => [`ADDED cm-${i}`, `MODIFIED cm-${i}`, `DELETED cm-${i}`]);
  assert.deepEqual(events.map(show), expected.flat());
  const versions = events.map((event) => Number(event.resourceVersion));
  assert.deepEqual(
    versions,
    [...new Set(versions)].sort((left, right) => left - right),
  );
});

test("a watch resumes after the last event it saw", async () => {
  const namespace = await newNamespace();
  const { resourceVersion } = await calls.list("configmaps", { namespace });
  for (let i = 0; i < 6; i++) await calls.create("configmaps", configMap(namespace, `cm-${i}`));
  const first = await take(calls.watch("configmaps", { namespace, resourceVersion }, { deadlineMs }), 2);
  const from = first.at(-1)?.resourceVersion ?? "";
  const rest = await take(calls.watch("configmaps", { namespace, resourceVersion: from }, { deadlineMs }), 4);
  assert.deepEqual(
    [...first, ...rest].map(show),
    [0, 1, 2, 3, 4, 5].map((i) => `ADDED cm-${i}`),
  );
});

test("a watch without resourceVersion starts with what exists", async () => {
  const namespace = await newNamespace();
  await calls.create("configmaps", configMap(namespace, "a"));
  await calls.create("configmaps", configMap(namespace, "b"));
  const watching = take(calls.watch("configmaps", { namespace }, { deadlineMs }), 3);
  await calls.create("configmaps", configMap(namespace, "c"));
  assert.deepEqual((await watching).map(show), ["ADDED a", "ADDED b", "ADDED c"]);
});

test("a bookmark marks the end of what existed", async () => {
  const namespace = await newNamespace();
  await calls.create("configmaps", configMap(namespace, "a"));
  const types: string[] = [];
  for await (const event of calls.watch("configmaps", { namespace, bookmarks: true }, { deadlineMs })) {
    types.push(event.type);
    if (event.type !== "BOOKMARK") continue;
    assert.deepEqual(event.object.metadata.annotations, { "k8s.io/initial-events-end": "true" });
    break;
  }
  assert.deepEqual(types, ["ADDED", "BOOKMARK"]);
});

test("an object that enters a selection is ADDED, one that leaves it DELETED", async () => {
  const namespace = await newNamespace();
  const { resourceVersion } = await calls.list("configmaps", { namespace });
  const more = { namespace, resourceVersion, labelSelector: "in=1" };
  const watching = take(calls.watch("configmaps", more, { deadlineMs }), 4);
  const write = (labels: Record<string, string>): Promise<unknown> =>
    calls.update("configmaps", configMap(namespace, "a", labels));
  await calls.create("configmaps", configMap(namespace, "a"));
  await write({ in: "1" });
  await write({ in: "1", also: "x" });
  await write({ in: "2" });
  await write({});
  await calls.delete("configmaps", namespace, "a");
  await calls.create("configmaps", configMap(namespace, "b", { in: "1" }));
  assert.deepEqual((await watching).map(show), ["ADDED a", "MODIFIED a", "DELETED a", "ADDED b"]);
});

test("bookmarks move on without events", async () => {
  const namespace = await newNamespace();
  const { resourceVersion } = await calls.list("configmaps", { namespace });
  const more = { namespace, resourceVersion, bookmarks: true };
  for await (const event of calls.watch("configmaps", more, { deadlineMs })) {
    assert.equal(event.type, "BOOKMARK");
    assert.ok(Number(event.resourceVersion) >= Number(resourceVersion));
    assert.deepEqual(event.object.metadata, { resourceVersion: event.resourceVersion });
    break;
  }
});

test("a watch from too long ago ends with an ERROR that says to list again", async () => {
  const namespace = await newNamespace();
  const { resourceVersion } = await calls.list("configmaps", { namespace });
  for (let i = 0; i < 100; i++) await calls.create("configmaps", configMap(namespace, `cm-${i}`));
  const [event] = await take(calls.watch("configmaps", { namespace, resourceVersion }, { deadlineMs }), 1);
  assert.equal(event?.type, "ERROR");
  const problem = problemOf(event);
  assert.equal(problem?.code, "expired");
  assert.match(problem?.hint ?? "", /List again/);
});

test("a reader that falls too far behind is cut off with a sentence", async () => {
  const namespace = await newNamespace();
  const { resourceVersion } = await calls.list("configmaps", { namespace });
  const watch = calls.watch("configmaps", { namespace, resourceVersion }, { deadlineMs });
  const big = { x: "x".repeat(20_000) };
  await calls.create("configmaps", { ...configMap(namespace, "first"), data: big });
  const first = await watch.next();
  assert.equal(first.value?.type, "ADDED");
  for (let i = 0; i < 150; i++) await calls.create("configmaps", { ...configMap(namespace, `cm-${i}`), data: big });
  const events: WatchedEvent[] = [first.value];
  for await (const event of watch) events.push(event);
  const last = events.pop();
  assert.equal(last?.type, "ERROR");
  assert.deepEqual(problemOf(last)?.code, "too-large");
  assert.equal(last?.resourceVersion, events.at(-1)?.resourceVersion, "it says up to where everything was told");
});

test("a page ends early when it is large, and the pages together are the whole list", async () => {
  const namespace = await newNamespace();
  const data = { x: "x".repeat(1_000_000) };
  const wanted = Array.from({ length: 12 }, (_, i) => `cm-${String(i).padStart(2, "0")}`);
  for (const name of wanted) await calls.create("configmaps", { ...configMap(namespace, name), data });
  const first = await calls.list("configmaps", { namespace, limit: 100 });
  assert.ok(first.items.length < wanted.length && first.remaining > 0, `${first.items.length} items`);
  const rest = await calls.list("configmaps", { namespace, limit: 100, continue: first.continue });
  assert.deepEqual(names([...first.items, ...rest.items]), wanted);
  assert.equal(rest.continue, "");
});

test("there are only so many watches of a user", async () => {
  const stop = new AbortController();
  const options = { signal: stop.signal };
  const more = { namespace: "default" };
  await calls.create("configmaps", configMap("default", "seen"));
  const open = Array.from({ length: 40 }, () => calls.watch("configmaps", more, options));
  await Promise.all(open.map((watch) => watch.next()));
  await assert.rejects(calls.watch("configmaps", more, { deadlineMs }).next(), (thrown) => {
    assert.ok(Problem.is(thrown, "too-many-requests"));
    return true;
  });
  stop.abort();
  await Promise.allSettled(open.map((watch) => watch.next()));
  const isFree = async (): Promise<boolean> => {
    const first = await calls.watch("configmaps", more, { deadlineMs }).next().catch(Problem.from);
    return !(first instanceof Problem);
  };
  let attempts = 0;
  while (!(await isFree())) assert.ok(attempts++ < 200, "the places were not given back");
});

test("a resourceVersion from the future is of another store: list again", async () => {
  const resourceVersion = "900000000000";
  const [event] = await take(calls.watch("configmaps", { resourceVersion }, { deadlineMs }), 1);
  assert.equal(problemOf(event)?.code, "expired");
  await assert.rejects(calls.list("configmaps", { resourceVersion }), { code: "expired" });
});

test("unreadable resourceVersions are refused", async () => {
  await assert.rejects(calls.watch("configmaps", { resourceVersion: "abc" }, { deadlineMs }).next(), {
    code: "bad-request",
  });
  await assert.rejects(calls.list("configmaps", { resourceVersion: "-1" }), { code: "bad-request" });
});

test("a list shows the same objects as get, whatever text is in them", async () => {
  const namespace = await newNamespace();
  const data = { a: '"metadata":{"name":"no"}', metadata: '{"x":1}', b: '\u00e9 \\ " \u{1f600}' };
  await calls.create("configmaps", { ...configMap(namespace, "tricky", { metadata: "x" }), data });
  await calls.create("configmaps", configMap(namespace, "plain"));
  const { items } = await calls.list("configmaps", { namespace });
  assert.deepEqual(names(items), ["plain", "tricky"]);
  for (const item of items) assert.deepEqual(item, await calls.get("configmaps", namespace, item.metadata.name));
});
