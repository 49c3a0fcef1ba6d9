import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { seededRandom } from "#proto/kit/random.ts";
import type { Node } from "#proto/resources/node.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { CacheChange } from "../cache/cache.ts";
import type { ObjectStore } from "../store/object-store.ts";
import type { EventSink } from "./agent-events.ts";
import { NodeRegistration } from "./node-registration.ts";

/** A store with one Node, and a cache that shows it only when told to. */
function setUp() {
  const clock = new ManualClock();
  let node: KubeObject | undefined;
  let shown: KubeObject | undefined;
  let version = 0;
  const handlers = new Set<(change: CacheChange) => void>();
  const store: ObjectStore = {
    get: async () => node,
    write: async (write) => {
      await new Promise(setImmediate);
      const guard = write.kind === "create" ? undefined : write.guard;
      if (guard !== node?.metadata.resourceVersion) return { ok: false, reason: "conflict", current: node };
      if (write.kind === "delete") throw new Error("nothing deletes here");
      node = { ...write.object, metadata: { ...write.object.metadata, resourceVersion: String(++version) } };
      return { ok: true, object: node };
    },
  };
  const show = (): void => {
    shown = node;
    if (!node) return;
    const change = { type: "modified", resource: "nodes", namespace: "", name: "n", object: node } as CacheChange;
    for (const handler of handlers) handler(change);
  };
  const cache = {
    get: () => shown,
    subscribe: (handler: (change: CacheChange) => void) => {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
  };
  const told: string[] = [];
  const events: EventSink = {
    record: ({ regarding, type, reason, message }) => void told.push(`${regarding.kind} ${type} ${reason}: ${message}`),
  };
  const registration = new NodeRegistration({ store, cache, clock, random: seededRandom(1), events });
  const cpu = (): string | undefined => (node as Node | undefined)?.status?.capacity?.cpu;
  const status = (value: string): Buffer => Buffer.from(JSON.stringify({ capacity: { cpu: value } }));
  return {
    told,
    clock,
    registration,
    show,
    cpu,
    status,
    version: () => version,
    current: () => node as Node | undefined,
  };
}
const hello = (cpu: string): Buffer => Buffer.from(JSON.stringify({ status: { capacity: { cpu } } }));

test("the last word stands, though the cache still shows the first", async () => {
  const { registration, show, cpu, status } = setUp();
  await registration.register("n", hello("1"));
  show();
  await Promise.all(["2", "3", "1"].map((value) => registration.report("n", status(value))));
  assert.equal(cpu(), "1");
});

test("nothing is written when nothing changed", async () => {
  const { registration, show, status, version } = setUp();
  await registration.register("n", hello("1"));
  show();
  await registration.report("n", status("1"));
  await registration.register("n", hello("1"));
  assert.equal(version(), 1);
});

test("a report of a Node that is gone makes none", async () => {
  const { registration, status, current } = setUp();
  await registration.report("n", status("1"));
  assert.equal(current(), undefined);
});

test("a wrong clock becomes a condition, and leaves when it agrees again", async () => {
  const { registration, current } = setUp();
  await registration.register("n", hello("1"));
  await registration.setClockSkew("n", -7200_000);
  const [condition] = current()?.status?.conditions ?? [];
  assert.equal(condition?.type, "NodeClockSkew");
  assert.match(condition?.message ?? "", /7200 s behind the control plane's/);
  await registration.setClockSkew("n", undefined);
  assert.deepEqual(current()?.status?.conditions, []);
});

test("a trouble of a node is told once when it begins and once when it ends", async () => {
  const { registration, told } = setUp();
  const firewall = { type: "ForeignFirewall", status: "True", reason: "PodTrafficDropped", message: "chain a drops" };
  const layers = { type: "LayersExtracted", status: "True", reason: "Extracted", message: "no EROFS here" };
  const pressure = {
    type: "DiskPressure",
    status: "True",
    reason: "NodeHasDiskPressure",
    message: "told with its taint",
  };
  const say = (...conditions: readonly object[]): Promise<void> =>
    registration.report("n", Buffer.from(JSON.stringify({ conditions })));
  const hole = {
    type: "RuntimeVulnerable",
    status: "True",
    reason: "KnownVulnerabilities",
    message: "crun has a hole",
  };
  const begun = "Node Warning PodTrafficDropped: Node n: ForeignFirewall: chain a drops";
  const over = "Node Normal ForeignFirewallEnded: Node n: ForeignFirewall is over";
  await registration.register("n", Buffer.from(JSON.stringify({ status: { conditions: [hole, layers] } })));
  assert.deepEqual(told.splice(0), ["Node Warning KnownVulnerabilities: Node n: RuntimeVulnerable: crun has a hole"]);
  await say(hole, layers, pressure, firewall, { type: "Nonsense", status: "True", reason: "no word" });
  await say(hole, pressure, { ...firewall, message: "chains a and b drop" });
  await registration.setClockSkew("n", 5_000);
  assert.deepEqual(told.splice(0), [
    begun,
    "Node Warning ClocksDiffer: Node n: NodeClockSkew: the node's clock is about 5 s ahead of the control plane's; run NTP on both",
  ]);
  await say(hole);
  await say({ ...hole, status: "False" });
  assert.deepEqual(told.splice(0), [over, "Node Normal RuntimeVulnerableEnded: Node n: RuntimeVulnerable is over"]);
  await say(firewall);
  assert.deepEqual(told, [begun]);
});

test("what a node says of itself is refused when it is no JSON, too large or not a status", async () => {
  const { registration } = setUp();
  for (const said of [
    "{",
    '{"spec":{"taints":[{"key":1}]}}',
    '{"spec":{"taints":7}}',
    '{"status":{"capacity":7}}',
    `{"a":"${"x".repeat(1 << 20)}"}`,
  ]) {
    await assert.rejects(registration.register("n", Buffer.from(said)), Problem);
  }
});

test("waiting for an address range ends when it comes, after the time-out, or when the agent goes", async () => {
  const { clock, registration, show, current } = setUp();
  await registration.register("n", hello("1"));
  show();
  const gone = new AbortController();
  const late = registration.podCidr("n", 10_000, gone.signal);
  clock.advance(10_000);
  await assert.rejects(late, (thrown) => Problem.is(thrown, "unavailable"));
  const left = registration.podCidr("n", 10_000, gone.signal);
  gone.abort(new Problem("canceled", "the agent went away"));
  await assert.rejects(left, (thrown) => Problem.is(thrown, "canceled"));
  const waiting = registration.podCidr("n", 10_000, new AbortController().signal);
  const node = current();
  assert.ok(node);
  node.spec = { podCIDR: "10.128.3.0/24" };
  show();
  assert.equal(await waiting, "10.128.3.0/24");
});
