import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject } from "#proto/resources/object.ts";
import { type AssignmentChanges, type AssignmentSource, AssignmentView } from "./assignment-view.ts";

class World implements AssignmentSource {
  readonly objects = new Map<string, KubeObject>();
  #version = 0;

  put(resource: string, name: string, fields: Record<string, unknown>, uid = name): void {
    const metadata = { name, namespace: "default", uid, resourceVersion: String(++this.#version) };
    const given = (fields.metadata ?? {}) as object;
    this.objects.set(`${resource}/${name}`, {
      apiVersion: "v1",
      kind: resource,
      ...fields,
      metadata: { ...metadata, ...given },
    });
  }
  pod(name: string, node: string, spec: Record<string, unknown> = {}, more: Record<string, unknown> = {}): void {
    this.put("pods", name, { spec: { nodeName: node, ...spec }, ...more }, String(more.uid ?? name));
  }
  podsOf(node: string): KubeObject[] {
    return [...this.objects.entries()].flatMap(([key, object]) => {
      const spec = object.spec as { nodeName?: string } | undefined;
      return key.startsWith("pods/") && spec?.nodeName === node ? [object] : [];
    });
  }
  registries(): KubeObject[] {
    return [...this.objects.entries()].flatMap(([key, object]) => (key.startsWith("registries.orch/") ? [object] : []));
  }
  get(resource: string, _namespace: string, name: string): KubeObject | undefined {
    return this.objects.get(`${resource}/${name}`);
  }
}

const all = { maxChanges: 100, maxBytes: 1 << 20 };
const names = (changes: AssignmentChanges): { readonly up: string[]; readonly gone: string[] } => ({
  up: changes.upserts.map(({ reference }) => `${reference.resource}/${reference.name}`),
  gone: changes.removals.map((reference) => `${reference.resource}/${reference.name}`),
});
const secretEnv = (name: string) => ({ containers: [{ env: [{ valueFrom: { secretKeyRef: { name, key: "k" } } }] }] });

test("a node is told its pods and just the Secrets and ConfigMaps they name, and nothing of other nodes", () => {
  const world = new World();
  for (const name of ["pull", "env", "envfrom", "vol", "projected", "init", "other", "unused"]) {
    world.put("secrets", name, { data: { k: "dg==" } });
  }
  world.put("configmaps", "settings", { data: { a: "b" } });
  world.pod("mine", "n1", {
    imagePullSecrets: [{ name: "pull" }],
    initContainers: [{ env: [{ valueFrom: { secretKeyRef: { name: "init" } } }] }],
    containers: [
      {
        env: [
          { valueFrom: { secretKeyRef: { name: "env" } } },
          { valueFrom: { configMapKeyRef: { name: "settings" } } },
        ],
        envFrom: [{ secretRef: { name: "envfrom" } }],
      },
    ],
    volumes: [{ secret: { secretName: "vol" } }, { projected: { sources: [{ secret: { name: "projected" } }] } }],
  });
  world.pod("theirs", "n2", secretEnv("other"));
  const view = new AssignmentView("n1", world);
  const told = view.complete({ maxBytes: 1 << 20 }).map(({ reference }) => `${reference.resource}/${reference.name}`);
  assert.deepEqual(told.sort(), [
    "configmaps/settings",
    "pods/mine",
    "secrets/env",
    "secrets/envfrom",
    "secrets/init",
    "secrets/projected",
    "secrets/pull",
    "secrets/vol",
  ]);
  assert.equal(view.hasChanges, false);
});

test("a new pod comes after the Secret it names, and takes it along when it leaves", () => {
  const world = new World();
  world.put("secrets", "s", { data: {} });
  const view = new AssignmentView("n1", world);
  view.complete(all);
  world.pod("p", "n1", secretEnv("s"));
  view.touchPod("default", "p");
  assert.deepEqual(names(view.take(all)), { up: ["secrets/s", "pods/p"], gone: [] });
  world.objects.delete("pods/p");
  view.touchPod("default", "p");
  assert.deepEqual(names(view.take(all)), { up: [], gone: ["secrets/s", "pods/p"] });
});

test("a Secret that two pods share stays until the second has left", () => {
  const world = new World();
  world.put("secrets", "s", { data: {} });
  world.pod("a", "n1", secretEnv("s"));
  world.pod("b", "n1", secretEnv("s"));
  const view = new AssignmentView("n1", world);
  view.complete(all);
  world.objects.delete("pods/a");
  view.touchPod("default", "a");
  assert.deepEqual(names(view.take(all)), { up: [], gone: ["pods/a"] });
  world.objects.delete("pods/b");
  view.touchPod("default", "b");
  assert.deepEqual(names(view.take(all)), { up: [], gone: ["secrets/s", "pods/b"] });
});

test("an object that did not exist when it was named is told when it comes, and when it changes or goes", () => {
  const world = new World();
  world.pod("p", "n1", secretEnv("late"));
  const view = new AssignmentView("n1", world);
  view.complete(all);
  world.put("secrets", "late", { data: { a: "1" } });
  assert.equal(view.touchReferred("secrets", "default", "late"), true);
  assert.deepEqual(names(view.take(all)), { up: ["secrets/late"], gone: [] });
  world.put("secrets", "late", { data: { a: "2" } });
  view.touchReferred("secrets", "default", "late");
  assert.deepEqual(names(view.take(all)), { up: ["secrets/late"], gone: [] });
  world.objects.delete("secrets/late");
  view.touchReferred("secrets", "default", "late");
  assert.deepEqual(names(view.take(all)), { up: [], gone: ["secrets/late"] });
  assert.equal(view.touchReferred("secrets", "default", "nobody"), false);
});

const changes: readonly [string, Record<string, unknown>, boolean][] = [
  ["status", { status: { phase: "Running" } }, false],
  ["managed fields", { metadata: { managedFields: [{ manager: "x" }] } }, false],
  ["deletion", { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } }, true],
  ["labels", { metadata: { labels: { a: "b" } } }, true],
];
for (const [what, change, told] of changes) {
  test(`a change of ${what} is ${told ? "" : "not "}told`, () => {
    const world = new World();
    world.pod("p", "n1");
    const view = new AssignmentView("n1", world);
    view.complete(all);
    world.pod("p", "n1", {}, change);
    view.touchPod("default", "p");
    assert.equal(view.take(all).upserts.length, told ? 1 : 0);
  });
}

test("a pod made anew under the same name replaces the old one", () => {
  const world = new World();
  world.pod("p", "n1");
  const view = new AssignmentView("n1", world);
  view.complete(all);
  world.pod("p", "n1", {}, { uid: "second" });
  view.touchPod("default", "p");
  const { upserts, removals } = view.take(all);
  assert.deepEqual([removals[0]?.uid, upserts[0]?.reference.uid], ["p", "second"]);
});

test("a pod moved to another node leaves this one", () => {
  const world = new World();
  world.pod("p", "n1");
  const view = new AssignmentView("n1", world);
  view.complete(all);
  world.pod("p", "n2");
  view.touchPod("default", "p");
  assert.deepEqual(names(view.take(all)), { up: [], gone: ["pods/p"] });
});

test("changes come in portions, none lost", () => {
  const world = new World();
  const view = new AssignmentView("n1", world);
  view.complete(all);
  for (let i = 0; i < 250; i++) {
    world.pod(`p${i}`, "n1");
    view.touchPod("default", `p${i}`);
  }
  const sizes: number[] = [];
  while (view.hasChanges) sizes.push(view.take(all).upserts.length);
  assert.deepEqual(sizes, [100, 100, 50]);
});

test("a COMPLETE set holds every pod even when the Secrets do not fit; those follow", () => {
  const world = new World();
  for (let i = 0; i < 5; i++) {
    world.put("secrets", `s${i}`, { data: { k: "x".repeat(1000) } });
    world.pod(`p${i}`, "n1", secretEnv(`s${i}`));
  }
  const view = new AssignmentView("n1", world);
  const first = view.complete({ maxBytes: 3000 });
  assert.equal(first.filter(({ reference }) => reference.resource === "pods").length, 5);
  const sent = first.length - 5;
  assert.ok(sent < 5 && view.hasChanges);
  assert.equal(view.take({ maxChanges: 100, maxBytes: 1 << 20 }).upserts.length, 5 - sent);
});

test("a pod that is over needs no Secrets any more", () => {
  const world = new World();
  world.put("secrets", "s", { data: {} });
  world.pod("p", "n1", secretEnv("s"), { status: { phase: "Succeeded" } });
  const view = new AssignmentView("n1", world);
  assert.equal(view.complete(all).length, 1);
});

test("every node is told the Registries, and their Secrets only where a pod's image is theirs", () => {
  const world = new World();
  const registry = (host: string, secret: string): Record<string, unknown> => ({
    metadata: { namespace: "" },
    spec: {
      hosts: [host],
      mirrors: [{ url: "https://m", credentialsSecretRef: { name: secret, namespace: "default" } }],
    },
  });
  for (const name of ["a", "b"]) world.put("secrets", name, { data: { k: "dg==" } });
  world.put("registries.orch", "ra", registry("a.example", "a"));
  world.pod("p", "n1", { containers: [{ image: "a.example/web:1" }] });
  const view = new AssignmentView("n1", world);
  const told = view.complete({ maxBytes: 1 << 20 }).map(({ reference }) => `${reference.resource}/${reference.name}`);
  assert.deepEqual(told.sort(), ["pods/p", "registries.orch/ra", "secrets/a"]);

  world.put("registries.orch", "rb", registry("b.example", "b"));
  view.touchRegistry("rb");
  assert.deepEqual(names(view.take(all)), { up: ["registries.orch/rb"], gone: [] });
  world.pod("q", "n1", { containers: [{ image: "b.example/team/db" }] });
  view.touchPod("default", "q");
  assert.deepEqual(names(view.take(all)), { up: ["secrets/b", "pods/q"], gone: [] });

  world.objects.delete("registries.orch/ra");
  view.touchRegistry("ra");
  assert.deepEqual(names(view.take(all)).gone.sort(), ["registries.orch/ra", "secrets/a"]);
});
