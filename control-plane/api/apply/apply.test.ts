import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { findDefinition } from "#proto/resources/registry.ts";
import { applyConfiguration } from "./apply.ts";
import { trackUpdate } from "./managers.ts";

const definition = findDefinition("deployments.apps");
assert.ok(definition);
const { type } = definition;

const base = { apiVersion: "apps/v1", kind: "Deployment" };
const object = (spec: unknown, metadata: object = {}): KubeObject => ({
  ...base,
  metadata: { name: "web", namespace: "default", ...metadata },
  spec,
});
const apply = (live: KubeObject | undefined, config: KubeObject, name: string, force = false): KubeObject =>
  applyConfiguration(live, config, {
    type,
    writer: { name, subresource: "", time: "2026-01-01T00:00:00Z" },
    part: "main",
    force,
    describedAs: "Deployment default/web",
  });
const update = (before: KubeObject | undefined, after: KubeObject, name: string): KubeObject =>
  trackUpdate(type, before, after, {
    writer: { name, subresource: "", time: "2026-01-01T00:00:00Z" },
    part: "main",
  });
const owned = (from: KubeObject, name: string): unknown =>
  from.metadata.managedFields?.find((entry) => entry.manager === name)?.fieldsV1;
const inPod = (spec: unknown): unknown => ({ template: { spec } });
const containersOf = (from: KubeObject): unknown =>
  (from.spec as { template: { spec: { containers?: unknown } } }).template.spec.containers;

test("an applier owns exactly what it applied", () => {
  const config = object(
    { replicas: 3, ...(inPod({ containers: [{ name: "main", image: "x", args: ["a"] }] }) as object) },
    { labels: { app: "web" }, finalizers: ["example.com/f"] },
  );
  assert.deepEqual(owned(apply(undefined, config, "ada"), "ada"), {
    "f:metadata": { "f:labels": { "f:app": {} }, "f:finalizers": { 'v:"example.com/f"': {} } },
    "f:spec": {
      "f:replicas": {},
      "f:template": {
        "f:spec": {
          "f:containers": { 'k:{"name":"main"}': { ".": {}, "f:name": {}, "f:image": {}, "f:args": {} } },
        },
      },
    },
  });
});

test("applying the same again changes nothing", () => {
  const config = object({ replicas: 3 }, { labels: { a: "1" } });
  const first = apply(undefined, config, "ada");
  assert.deepEqual(apply(first, config, "ada"), first);
});

test("a field that is no longer applied leaves, unless somebody else owns it", () => {
  const first = apply(undefined, object({ replicas: 3, paused: true }, { labels: { a: "1", b: "2" } }), "ada");
  const shared = apply(first, object({ paused: true }), "bob");
  const second = apply(shared, object({}, { labels: { a: "1" } }), "ada");
  assert.deepEqual(second.spec, { paused: true });
  assert.deepEqual(second.metadata.labels, { a: "1" });
  assert.deepEqual(owned(second, "ada"), { "f:metadata": { "f:labels": { "f:a": {} } }, "f:spec": {} });
});

test("an element that is no longer applied leaves with its defaults", () => {
  const two = object(
    inPod({
      containers: [
        { name: "a", image: "a" },
        { name: "b", image: "b" },
      ],
    }),
  );
  const first = apply(undefined, two, "ada");
  const defaulted = structuredClone(first);
  for (const container of containersOf(defaulted) as { imagePullPolicy?: string }[])
    container.imagePullPolicy = "Always";
  const second = apply(defaulted, object(inPod({ containers: [{ name: "a", image: "a" }] })), "ada");
  assert.deepEqual(containersOf(second), [{ name: "a", image: "a", imagePullPolicy: "Always" }]);
});

test("an element that another manager has a hand in stays for it", () => {
  const first = apply(undefined, object(inPod({ containers: [{ name: "a", image: "a" }] })), "ada");
  const both = apply(first, object(inPod({ containers: [{ name: "a", stdin: true }] })), "bob");
  const second = apply(both, object(inPod({})), "ada");
  assert.deepEqual(containersOf(second), [{ name: "a", stdin: true }]);
});

test("a value others own is a conflict that names owner and field; force takes it over", () => {
  const first = apply(undefined, object({ replicas: 3 }, { labels: { a: "1" } }), "ada");
  const other = object({ replicas: 5 }, { labels: { a: "1" } });
  assert.throws(
    () => apply(first, other, "bob"),
    (thrown) => {
      assert.ok(Problem.is(thrown, "conflict"));
      assert.equal(thrown.message, 'applying would change a field owned by "ada"');
      assert.deepEqual(thrown.causes, [
        { path: "spec.replicas", message: 'owned by "ada" since 2026-01-01T00:00:00Z', reason: "FieldManagerConflict" },
      ]);
      assert.match(thrown.hint ?? "", /force/);
      return true;
    },
  );
  const forced = apply(first, other, "bob", true);
  assert.deepEqual(forced.spec, { replicas: 5 });
  assert.deepEqual(owned(forced, "ada"), { "f:metadata": { "f:labels": { "f:a": {} } } });
  assert.deepEqual(owned(forced, "bob"), {
    "f:metadata": { "f:labels": { "f:a": {} } },
    "f:spec": { "f:replicas": {} },
  });
});

test("the same value is shared, not contested", () => {
  const first = apply(undefined, object({ replicas: 3 }), "ada");
  const second = apply(first, object({ replicas: 3 }), "bob");
  assert.deepEqual(owned(second, "ada"), owned(second, "bob"));
});

test("an update takes what it changed from its owner, who meets a conflict at the next apply", () => {
  const config = object({ replicas: 3, paused: false });
  const first = apply(undefined, config, "ada");
  const scaled = update(first, { ...first, spec: { replicas: 9, paused: false } }, "scaler");
  assert.deepEqual(owned(scaled, "ada"), { "f:spec": { "f:paused": {} } });
  assert.deepEqual(owned(scaled, "scaler"), { "f:spec": { "f:replicas": {} } });
  assert.throws(() => apply(scaled, config, "ada"), { message: /owned by "scaler" \(by update\)/ });
  const without = apply(scaled, object({ paused: false }), "ada");
  assert.deepEqual(without.spec, { replicas: 9, paused: false });
});

test("ports are told apart by number and protocol, whose default counts", () => {
  const ports = (...list: unknown[]): KubeObject => object(inPod({ containers: [{ name: "a", ports: list }] }));
  const first = apply(
    undefined,
    ports({ containerPort: 53, protocol: "TCP" }, { containerPort: 53, protocol: "UDP" }),
    "ada",
  );
  const second = apply(first, ports({ containerPort: 53, name: "dns" }, { containerPort: 53, protocol: "UDP" }), "ada");
  assert.deepEqual(containersOf(second), [
    {
      name: "a",
      ports: [
        { containerPort: 53, protocol: "TCP", name: "dns" },
        { containerPort: 53, protocol: "UDP" },
      ],
    },
  ]);
});

test("lists keep the applied order and the places of what others added", () => {
  const env = (...names: string[]): KubeObject =>
    object(inPod({ containers: [{ name: "a", env: names.map((name) => ({ name, value: name })) }] }));
  const names = (from: KubeObject): string[] =>
    ((containersOf(from) as { env: { name: string }[] }[])[0]?.env ?? []).map(({ name }) => name);
  const first = apply(undefined, env("A", "B"), "ada");
  const second = apply(first, env("X"), "bob");
  assert.deepEqual(names(second), ["A", "B", "X"]);
  const third = apply(second, env("B", "C", "A"), "ada");
  assert.deepEqual(names(third), ["B", "C", "A", "X"]);
});

test("elements that cannot be told apart are refused with their path", () => {
  const twice = object(inPod({ containers: [{ name: "a" }, { name: "a" }] }));
  assert.throws(() => apply(undefined, twice, "ada"), { message: /containers\[1\] stands in the list twice/ });
  const nameless = object(inPod({ containers: [{ image: "a" }] }));
  assert.throws(() => apply(undefined, nameless, "ada"), { message: /containers\[0\] must have name/ });
});

test("what is replaced as a whole is owned as a whole", () => {
  const first = apply(undefined, object({ selector: { matchLabels: { a: "1" } } }), "ada");
  assert.deepEqual(owned(first, "ada"), { "f:spec": { "f:selector": {} } });
  const other = object({ selector: { matchLabels: { a: "1", b: "2" } } });
  assert.throws(() => apply(first, other, "bob"), { message: /a field owned by "ada"/ });
});

test("nulls and what the server keeps are owned by nobody", () => {
  const config = object({ replicas: null, paused: true }, { creationTimestamp: null, uid: "u", generation: 4 });
  const first = apply(undefined, { ...config, status: { replicas: 4 } }, "ada");
  assert.deepEqual(owned(first, "ada"), { "f:spec": { "f:paused": {} } });
});

test("many updaters become one entry", () => {
  let live = update(undefined, object({}, { labels: { first: "1" } }), "m0");
  for (let i = 1; i < 30; i++) {
    const labels = { ...live.metadata.labels, [`l${i}`]: "x" };
    live = update(live, { ...live, metadata: { ...live.metadata, labels } }, `m${i}`);
  }
  assert.equal(live.metadata.managedFields?.length, 10);
  assert.ok(owned(live, "ancient-changes"));
});

test("nobody is in conflict with what he did himself by update", () => {
  const config = object({ replicas: 3, paused: false });
  const first = apply(undefined, config, "ada");
  const scaled = update(first, { ...first, spec: { replicas: 9, paused: false } }, "ada");
  const again = apply(scaled, config, "ada");
  assert.deepEqual(again.spec, config.spec);
  assert.equal(again.metadata.managedFields?.length, 1);
  const agreed = apply(scaled, object({ replicas: 9, paused: false }), "ada");
  assert.deepEqual(apply(agreed, object({ paused: false }), "ada").spec, { paused: false });
});

test("applying nothing twice changes nothing", () => {
  const { spec: _, ...nothing } = object({});
  const first = apply(undefined, nothing as KubeObject, "ada");
  assert.equal(first.metadata.managedFields, undefined);
  assert.deepEqual(apply(first, nothing as KubeObject, "ada"), first);
});
