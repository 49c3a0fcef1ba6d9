import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { imagePins } from "#proto/resources/image-pins.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { ObjectWrite, ObjectWriteResult } from "../store/object-store.ts";
import { ImageDesk } from "./image-desk.ts";

const named = (letter: string): string => `sha256:${letter.repeat(64)}`;
const digestOf = (bytes: Uint8Array): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
const never = new AbortController().signal;

/** A cache and store of one moment: what is written is seen only by the store until `catchUp`. */
class World {
  readonly clock = new ManualClock();
  readonly stored = new Map<string, KubeObject>();
  #seen = new Map<string, KubeObject>();
  readonly desk: ImageDesk;
  #revision = 1;
  writes = 0;

  constructor() {
    const keyOf = (resource: string, namespace: string, name: string): string => `${resource}/${namespace}/${name}`;
    this.desk = new ImageDesk({
      cache: {
        get: (resource, namespace, name) => this.#seen.get(keyOf(resource, namespace, name)),
        list: () => [],
        byIndex: (_resource, _index, node) =>
          [...this.#seen.values()].filter((one) => (one.spec as { nodeName?: string } | undefined)?.nodeName === node),
      },
      store: {
        get: async (key) => this.stored.get(keyOf(`${key.plural}.${key.group}`, key.namespace, key.name)),
        write: async (write) => this.#write(write),
      },
      signer: () => undefined,
      clock: this.clock,
    });
  }

  add(resource: string, object: KubeObject): void {
    const whole = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#revision++) } };
    this.stored.set(`${resource}/default/${object.metadata.name}`, whole);
    this.catchUp();
  }

  catchUp(): void {
    this.#seen = new Map(this.stored);
  }

  replicaSet(name: string): void {
    this.add("replicasets.apps", {
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      metadata: { name, namespace: "default", uid: `${name}-uid` },
    });
  }

  pod(
    name: string,
    node: string,
    image: string,
    more: { readonly owner?: string; readonly policy?: string } = {},
  ): void {
    const ownerReferences = more.owner
      ? [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: more.owner, uid: `${more.owner}-uid`, controller: true }]
      : [];
    const imagePullPolicy = more.policy ?? "IfNotPresent";
    this.add("pods", {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "default", uid: `${name}-uid`, ownerReferences },
      spec: { nodeName: node, containers: [{ name: "main", image, imagePullPolicy }] },
    });
  }

  ask(
    node: string,
    pod: string,
    more: { present?: string; resolved?: string; failed?: boolean } = {},
    image = "web:1",
  ) {
    const request = {
      namespace: "default",
      pod,
      uid: `${pod}-uid`,
      image,
      name: `docker.io/library/${image}`,
      ...more,
    };
    return this.desk.pin(node, request, never);
  }

  pins(replicaSet: string): unknown {
    return imagePins(this.stored.get(`replicasets.apps/default/${replicaSet}`));
  }

  #write(write: ObjectWrite): ObjectWriteResult {
    const key = `${write.key.plural}.${write.key.group}/${write.key.namespace}/${write.key.name}`;
    const current = this.stored.get(key);
    if (write.kind !== "update" || !current) return { ok: false, reason: "missing", current: undefined };
    if (current.metadata.resourceVersion !== write.guard) return { ok: false, reason: "conflict", current };
    this.writes++;
    const object = {
      ...write.object,
      metadata: { ...write.object.metadata, resourceVersion: String(this.#revision++) },
    };
    this.stored.set(key, object);
    return { ok: true, object };
  }
}

function threePods(policy?: string): World {
  const world = new World();
  world.replicaSet("web");
  for (const node of ["n1", "n2", "n3"])
    world.pod(`web-${node}`, node, "web:1", { owner: "web", ...(policy && { policy }) });
  return world;
}

test("one node asks the registry, the others wait for its answer, and the revision keeps it", async () => {
  const world = threePods();
  assert.deepEqual(await world.ask("n1", "web-n1"), { digest: "" });
  const others = [world.ask("n2", "web-n2"), world.ask("n3", "web-n3")];
  assert.deepEqual(await world.ask("n1", "web-n1", { resolved: named("a") }), { digest: named("a") });
  assert.deepEqual(await Promise.all(others), [{ digest: named("a") }, { digest: named("a") }]);
  assert.deepEqual(world.pins("web"), { "web:1": named("a") });
  assert.equal(world.writes, 1);
});

test("a later answer and a later copy change nothing, also before the cache shows the first", async () => {
  const world = threePods();
  await world.ask("n1", "web-n1", { resolved: named("a") });
  assert.deepEqual(await world.ask("n2", "web-n2", { resolved: named("b") }), { digest: named("a") });
  assert.deepEqual(await world.ask("n3", "web-n3", { present: named("c") }), { digest: named("a") });
  world.catchUp();
  assert.deepEqual(await world.ask("n3", "web-n3", { present: named("c") }), { digest: named("a") });
});

test("what another control plane has written meanwhile counts", async () => {
  const world = threePods();
  const key = "replicasets.apps/default/web";
  const known = world.stored.get(key);
  if (!known) throw new Error("no ReplicaSet");
  const annotations = { "orch/image-digests": JSON.stringify({ "web:1": named("d") }) };
  world.stored.set(key, { ...known, metadata: { ...known.metadata, annotations, resourceVersion: "99" } });
  assert.deepEqual(await world.ask("n1", "web-n1", { resolved: named("a") }), { digest: named("d") });
});

test("a new revision finds out anew", async () => {
  const world = threePods();
  await world.ask("n1", "web-n1", { resolved: named("a") });
  world.replicaSet("web-2");
  world.pod("web-2-n1", "n1", "web:1", { owner: "web-2" });
  assert.deepEqual(await world.ask("n1", "web-2-n1"), { digest: "" });
  assert.deepEqual(await world.ask("n1", "web-2-n1", { resolved: named("b") }), { digest: named("b") });
});

test("a present image settles IfNotPresent, never Always", async () => {
  assert.deepEqual(await threePods().ask("n2", "web-n2", { present: named("a") }), { digest: named("a") });
  assert.deepEqual(await threePods("Always").ask("n2", "web-n2", { present: named("a") }), { digest: "" });
});

test("when the node whose turn it is fails, goes or stays silent, the next one asks", async () => {
  const world = threePods();
  await world.ask("n1", "web-n1");
  const second = world.ask("n2", "web-n2");
  assert.deepEqual(await world.ask("n1", "web-n1", { failed: true }), { digest: "" });
  assert.deepEqual(await second, { digest: "" });
  const third = world.ask("n3", "web-n3");
  world.desk.forget("n2");
  assert.deepEqual(await third, { digest: "" });
  const again = world.ask("n1", "web-n1");
  world.clock.advance(21_000);
  assert.deepEqual(await again, { digest: "" });
});

test("an image that was loaded on another node needs no registry; one that was pulled there is only a last resort", async () => {
  const world = threePods();
  const name = "docker.io/library/web:1";
  world.desk.report("n9", { complete: true, names: [{ name, digest: named("a"), local: false }] });
  assert.deepEqual(await world.ask("n1", "web-n1"), { digest: "" });
  world.desk.report("n9", { names: [{ name, digest: named("b"), local: true }] });
  assert.deepEqual(await world.ask("n1", "web-n1"), { digest: named("b") });
  const registryDown = threePods();
  registryDown.desk.report("n9", { complete: true, names: [{ name, digest: named("a"), local: false }] });
  assert.deepEqual(await registryDown.ask("n1", "web-n1", { failed: true }), { digest: named("a") });
});

test("a pod of another node, another uid or an image it does not run is refused", async () => {
  const world = threePods();
  const isRefused = (code: string) => (thrown: unknown) => Problem.is(thrown, code as Problem["code"]);
  await assert.rejects(world.ask("n2", "web-n1"), isRefused("forbidden"));
  await assert.rejects(world.ask("n1", "web-n1", {}, "other:1"), isRefused("bad-request"));
  await assert.rejects(world.ask("n1", "web-n1", { resolved: "sha512:x" }), isRefused("unsupported"));
});

test("a node may fetch what its pods run, and nothing else", async () => {
  const world = threePods();
  const manifest = Buffer.from(JSON.stringify({ config: { digest: named("c") }, layers: [{ digest: named("1") }] }));
  const image = digestOf(manifest);
  const locate = (node: string, digest: string): unknown =>
    world.desk.locate(node, { image, digest, documents: [manifest], avoid: [] });
  assert.throws(() => locate("n1", named("1")), { code: "forbidden" }, "nothing is pinned yet");
  await world.ask("n1", "web-n1", { resolved: image });
  world.catchUp();
  assert.deepEqual(locate("n1", named("1")), { peers: [] });
  assert.throws(() => locate("n1", named("7")), { code: "forbidden" }, "not a part of the image");
  assert.throws(() => locate("n9", named("1")), { code: "forbidden" }, "no pod there");
  const over = world.desk.grant("n9", image);
  assert.deepEqual(locate("n9", named("1")), { peers: [] });
  over();
  assert.throws(() => locate("n9", named("1")), { code: "forbidden" });
});
