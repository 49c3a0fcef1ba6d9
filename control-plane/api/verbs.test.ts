import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { apiService } from "#proto/wire/generated/services.ts";
import { ApiCalls } from "#test/support/api-calls.ts";
import { startTestApi, type TestApi } from "#test/support/api-server.ts";

let api: TestApi;
let calls: ApiCalls;

before(async () => {
  api = await startTestApi();
  calls = new ApiCalls(api.client);
});
after(() => api.stop());

let spaces = 0;
/** A namespace of its own for each test. */
async function newNamespace(): Promise<string> {
  const name = `space-${spaces++}`;
  await calls.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  return name;
}

const configMap = (namespace: string, name: string, data: Record<string, string> = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace },
  data,
});
const pod = (namespace: string, name: string, metadata: Partial<KubeObject["metadata"]> = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace, ...metadata },
  spec: { containers: [{ name: "main", image: "busybox" }] },
});
const deployment = (namespace: string, name: string, replicas = 1): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "main", image: "busybox" }] } },
  },
});
const rejects = (promise: Promise<unknown>, code: string, message: RegExp): Promise<void> =>
  assert.rejects(promise, (thrown) => {
    assert.ok(thrown instanceof Problem);
    assert.match(thrown.message, message);
    assert.equal(thrown.code, code);
    return true;
  });

test("the namespaces of a new cluster exist", async () => {
  const { items } = await calls.list("namespaces");
  for (const name of ["default", "kube-node-lease", "kube-public", "kube-system"]) {
    const found = items.find((item) => item.metadata.name === name);
    assert.deepEqual(found?.status, { phase: "Active" });
    assert.deepEqual(found?.spec, { finalizers: ["kubernetes"] });
  }
});

test("create sets what the server keeps and get gives it back", async () => {
  const namespace = await newNamespace();
  const { object, outcome } = await calls.create("deployments.apps", {
    ...deployment(namespace, "web"),
    status: { replicas: 99 },
  });
  assert.equal(outcome, "created");
  assert.match(object.metadata.uid ?? "", /^[0-9a-f-]{36}$/);
  assert.match(object.metadata.creationTimestamp ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.match(object.metadata.resourceVersion ?? "", /^\d+$/);
  assert.equal(object.metadata.generation, 1);
  assert.equal(object.status, undefined);
  assert.deepEqual(await calls.get("deployments.apps", namespace, "web"), object);
});

test("create fills in a generated name and refuses a taken one", async () => {
  const namespace = await newNamespace();
  const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "cm-", namespace } };
  const { object } = await calls.create("configmaps", body);
  assert.match(object.metadata.name, /^cm-[a-z0-9]{5}$/);
  await rejects(
    calls.create("configmaps", configMap(namespace, object.metadata.name)),
    "already-exists",
    /already exists/,
  );
});

test("create is refused in a namespace that is missing or going", async () => {
  await rejects(calls.create("configmaps", configMap("nowhere", "a")), "not-found", /"nowhere" does not exist/);
  const namespace = await newNamespace();
  const gone = await calls.delete("namespaces", "", namespace);
  assert.deepEqual(gone.status, { phase: "Terminating" });
  await api.env.cache.waitFor(gone.metadata.resourceVersion ?? "", 1_000);
  await rejects(calls.create("configmaps", configMap(namespace, "a")), "forbidden", /is being deleted/);
});

test("a broken object is refused with every cause", async () => {
  const namespace = await newNamespace();
  const body = { ...pod(namespace, "p"), spec: { containers: [{ name: "main", image: "x", comand: [] }], nodeNam: 3 } };
  await assert.rejects(calls.create("pods", body), (thrown) => {
    assert.ok(Problem.is(thrown, "invalid"));
    assert.deepEqual(thrown.causes.map((cause) => cause.path).sort(), ["spec.containers[0].comand", "spec.nodeNam"]);
    return true;
  });
  const { warnings, object } = await calls.create("pods", body, { options: { validation: "warn" } });
  assert.equal(warnings.length, 2);
  assert.equal((object.spec as { nodeNam?: unknown }).nodeNam, undefined);
});

test("update bumps generation only when the desired state changes, and does not write when nothing does", async () => {
  const namespace = await newNamespace();
  const { object } = await calls.create("deployments.apps", deployment(namespace, "web"));
  const same = await calls.update("deployments.apps", object);
  assert.equal(same.outcome, "unchanged");
  assert.equal(same.object.metadata.resourceVersion, object.metadata.resourceVersion);
  const labelled = await calls.update("deployments.apps", {
    ...object,
    metadata: { ...object.metadata, labels: { tier: "a" } },
  });
  assert.equal(labelled.outcome, "configured");
  assert.equal(labelled.object.metadata.generation, 1);
  const scaled = await calls.update("deployments.apps", {
    ...labelled.object,
    spec: { ...(labelled.object.spec as object), replicas: 3 },
  });
  assert.equal(scaled.object.metadata.generation, 2);
});

test("a lost update is refused, one without a version is not", async () => {
  const namespace = await newNamespace();
  const { object } = await calls.create("configmaps", configMap(namespace, "a", { x: "1" }));
  await calls.update("configmaps", { ...object, data: { x: "2" } });
  await rejects(calls.update("configmaps", { ...object, data: { x: "3" } }), "conflict", /changed by somebody else/);
  const blind = configMap(namespace, "a", { x: "4" });
  assert.deepEqual((await calls.update("configmaps", blind)).object.data, { x: "4" });
});

test("status and spec have separate write paths", async () => {
  const namespace = await newNamespace();
  const { object } = await calls.create("deployments.apps", deployment(namespace, "web"));
  const body = {
    ...object,
    spec: { ...(object.spec as object), replicas: 7 },
    status: { replicas: 2, observedGeneration: 1 },
  };
  const status = await calls.update("deployments.apps", body, { subresource: "status" });
  assert.deepEqual(status.object.status, { replicas: 2, observedGeneration: 1 });
  assert.equal((status.object.spec as { replicas: number }).replicas, 1);
  assert.equal(status.object.metadata.generation, 1);
  const main = await calls.update("deployments.apps", {
    ...status.object,
    spec: body.spec,
    status: { replicas: 50 },
  });
  assert.deepEqual(main.object.status, { replicas: 2, observedGeneration: 1 });
  assert.equal((main.object.spec as { replicas: number }).replicas, 7);
});

test("dry run answers as the write would and writes nothing", async () => {
  const namespace = await newNamespace();
  const options = { dryRun: true };
  const made = await calls.create("configmaps", configMap(namespace, "a"), { options });
  assert.equal(made.outcome, "created");
  await rejects(calls.get("configmaps", namespace, "a"), "not-found", /does not exist/);
  const { object } = await calls.create("configmaps", configMap(namespace, "a", { x: "1" }));
  await rejects(calls.create("configmaps", configMap(namespace, "a"), { options }), "already-exists", /exists/);
  const changed = await calls.update("configmaps", { ...object, data: { x: "2" } }, { options });
  assert.equal(changed.outcome, "configured");
  await calls.delete("configmaps", namespace, "a", { dryRun: true });
  assert.deepEqual(await calls.get("configmaps", namespace, "a"), object);
});

test("scale reads and writes replicas alone", async () => {
  const namespace = await newNamespace();
  await calls.create("deployments.apps", deployment(namespace, "web", 2));
  const scale = await calls.get("deployments.apps", namespace, "web", "scale");
  assert.equal(scale.kind, "Scale");
  assert.deepEqual(scale.spec, { replicas: 2 });
  assert.deepEqual(scale.status, { replicas: 0, selector: "app=web" });
  const changed = await calls.update("deployments.apps", { ...scale, spec: { replicas: 5 } }, { subresource: "scale" });
  assert.deepEqual(changed.object.spec, { replicas: 5 });
  const stored = await calls.get("deployments.apps", namespace, "web");
  assert.equal((stored.spec as { replicas: number }).replicas, 5);
  assert.equal(stored.metadata.generation, 2);
  const address = { resource: "deployments.apps", namespace, name: "web", subresource: "scale" };
  const patched = await calls.patch(address, "merge", { spec: { replicas: 0 } });
  assert.deepEqual(patched.object.spec, { replicas: 0 });
});

test("a pod is bound to a node once", async () => {
  const namespace = await newNamespace();
  const node = `node-${namespace}`;
  await calls.create("nodes", { apiVersion: "v1", kind: "Node", metadata: { name: node } });
  await api.env.cache.waitFor((await calls.list("nodes")).resourceVersion, 1_000);
  await calls.create("pods", pod(namespace, "p"));
  const binding = { apiVersion: "v1", kind: "Binding", metadata: { name: "p" }, target: { kind: "Node", name: node } };
  const more = { namespace, name: "p", subresource: "binding" };
  const { object } = await calls.create("pods", binding, more);
  assert.equal((object.spec as { nodeName: string }).nodeName, node);
  await rejects(calls.create("pods", binding, more), "conflict", /already on node/);
  const elsewhere = { ...binding, target: { kind: "Node", name: "nowhere" } };
  await rejects(calls.create("pods", elsewhere, more), "not-found", /nowhere/);
});

test("pods on a node are marked and wait for their agent, others leave at once", async () => {
  const namespace = await newNamespace();
  await calls.create("pods", pod(namespace, "free"));
  await calls.delete("pods", namespace, "free");
  await rejects(calls.get("pods", namespace, "free"), "not-found", /does not exist/);

  const spec = { containers: [{ name: "main", image: "x" }], nodeName: "n1" };
  await calls.create("pods", { ...pod(namespace, "placed"), spec });
  const marked = await calls.delete("pods", namespace, "placed");
  assert.equal(marked.metadata.deletionGracePeriodSeconds, 30);
  const shorter = await calls.delete("pods", namespace, "placed", { graceSeconds: 5 });
  assert.equal(shorter.metadata.deletionGracePeriodSeconds, 5);
  const earlierMs =
    Date.parse(marked.metadata.deletionTimestamp ?? "") - Date.parse(shorter.metadata.deletionTimestamp ?? "");
  assert.equal(earlierMs, 25_000);
  const longer = await calls.delete("pods", namespace, "placed", { graceSeconds: 500 });
  assert.equal(longer.metadata.deletionGracePeriodSeconds, 5);
  await calls.delete("pods", namespace, "placed", { graceSeconds: 0 });
  await rejects(calls.get("pods", namespace, "placed"), "not-found", /does not exist/);
});

test("an eviction is a deletion with the pod's own grace", async () => {
  const namespace = await newNamespace();
  const spec = { containers: [{ name: "main", image: "x" }], nodeName: "n1", terminationGracePeriodSeconds: 7 };
  await calls.create("pods", { ...pod(namespace, "p"), spec });
  const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "p", namespace } };
  const more = { namespace, name: "p", subresource: "eviction" };
  const wrong = { ...eviction, deleteOptions: { preconditions: { uid: "other" } } };
  await rejects(calls.create("pods", wrong, more), "conflict", /has uid/);
  const { object } = await calls.create("pods", eviction, more);
  assert.equal(object.metadata.deletionGracePeriodSeconds, 7);
});

test("finalizers hold an object until the last is removed", async () => {
  const namespace = await newNamespace();
  const held = { ...configMap(namespace, "a"), metadata: { name: "a", namespace, finalizers: ["example.com/hold"] } };
  await calls.create("configmaps", held);
  const marked = await calls.delete("configmaps", namespace, "a", { propagation: "Foreground" });
  assert.deepEqual(marked.metadata.finalizers, ["example.com/hold", "foregroundDeletion"]);
  const again = await calls.delete("configmaps", namespace, "a");
  assert.equal(again.metadata.resourceVersion, marked.metadata.resourceVersion);
  const adding = { ...marked, metadata: { ...marked.metadata, finalizers: ["example.com/hold", "example.com/more"] } };
  await rejects(calls.update("configmaps", adding), "invalid", /no new finalizers/);
  const { finalizers: _, ...metadata } = marked.metadata;
  await calls.update("configmaps", { ...marked, metadata });
  await rejects(calls.get("configmaps", namespace, "a"), "not-found", /does not exist/);
});

test("preconditions guard a deletion", async () => {
  const namespace = await newNamespace();
  const { object } = await calls.create("configmaps", configMap(namespace, "a"));
  const { uid = "", resourceVersion = "" } = object.metadata;
  await rejects(calls.delete("configmaps", namespace, "a", { preconditionUid: "other" }), "conflict", /has uid/);
  const stale = { preconditionResourceVersion: "1" };
  await rejects(calls.delete("configmaps", namespace, "a", stale), "conflict", /has resourceVersion/);
  const right = { preconditionUid: uid, preconditionResourceVersion: resourceVersion };
  await calls.delete("configmaps", namespace, "a", right);
});

test("the namespaces of the cluster cannot be deleted", async () => {
  await rejects(calls.delete("namespaces", "", "kube-system"), "forbidden", /part of the cluster/);
});

test("secrets keep what stringData said, in data", async () => {
  const namespace = await newNamespace();
  const body = { apiVersion: "v1", kind: "Secret", metadata: { name: "s", namespace }, data: { a: "YQ==" } };
  await calls.create("secrets", body);
  assert.deepEqual((await calls.get("secrets", namespace, "s")).data, { a: "YQ==" });
  const { items } = await api.kv.list({ prefix: `registry/core/secrets/${namespace}/` });
  assert.doesNotMatch(Buffer.from(items[0]?.value ?? []).toString(), /YQ==/);
});

test("a namespace leaves when its own finalizer is taken away", async () => {
  const name = await newNamespace();
  const created = await calls.get("namespaces", "", name);
  assert.deepEqual(created.metadata.labels, { "kubernetes.io/metadata.name": name });
  const emptied = { ...created, spec: { finalizers: [] } };
  assert.deepEqual((await calls.update("namespaces", emptied)).object.spec, { finalizers: ["kubernetes"] });
  const marked = await calls.delete("namespaces", "", name);
  const { resourceVersion: _, ...metadata } = marked.metadata;
  await calls.update("namespaces", { ...marked, metadata, spec: { finalizers: [] } }, { subresource: "finalize" });
  await rejects(calls.get("namespaces", "", name), "not-found", /does not exist/);
});

test("a deletion by selector takes what it finds and nothing else", async () => {
  const namespace = await newNamespace();
  for (let i = 0; i < 30; i++) {
    const metadata = { name: `cm-${i}`, namespace, labels: { even: `${i % 2 === 0}` } };
    await calls.create("configmaps", { ...configMap(namespace, `cm-${i}`), metadata });
  }
  const request = { resource: "configmaps", namespace, labelSelector: "even=true", graceSeconds: -1 };
  const dry = await api.client.unary(apiService.deleteCollection, { ...request, dryRun: true });
  assert.equal(dry.count, 15);
  const { count } = await api.client.unary(apiService.deleteCollection, request);
  assert.equal(count, 15);
  assert.equal((await calls.list("configmaps", { namespace })).items.length, 15);
  await rejects(
    api.client.unary(apiService.deleteCollection, { resource: "configmaps", graceSeconds: -1 }),
    "bad-request",
    /which namespace/,
  );
});

test("apply creates, changes, leaves alone and explains conflicts", async () => {
  const namespace = await newNamespace();
  const body = deployment(namespace, "web", 2);
  const first = await calls.apply("deployments.apps", body, "ada");
  assert.equal(first.outcome, "created");
  assert.equal((await calls.apply("deployments.apps", body, "ada")).outcome, "unchanged");
  const scaled = await calls.apply("deployments.apps", deployment(namespace, "web", 4), "ada");
  assert.equal(scaled.outcome, "configured");
  assert.equal(scaled.object.metadata.generation, 2);
  await rejects(calls.apply("deployments.apps", deployment(namespace, "web", 5), "bob"), "conflict", /owned by "ada"/);
  const forced = await calls.apply("deployments.apps", deployment(namespace, "web", 5), "bob", true);
  assert.equal((forced.object.spec as { replicas: number }).replicas, 5);
  const { replicas: _, ...spec } = body.spec as { replicas?: number };
  const released = await calls.apply("deployments.apps", { ...body, spec }, "bob");
  assert.equal((released.object.spec as { replicas: number }).replicas, 1, "the default returns when nobody owns it");
});

test("what a live cluster exports is applied as it is", async () => {
  const namespace = await newNamespace();
  const exported = {
    ...deployment(namespace, "web"),
    metadata: { name: "web", namespace, uid: "", creationTimestamp: null, generation: 7, labels: null },
    status: { replicas: 3, conditions: [] },
  } as unknown as KubeObject;
  const { object, outcome } = await calls.apply("deployments.apps", exported, "ada");
  assert.equal(outcome, "created");
  assert.equal(object.status, undefined);
  assert.equal(object.metadata.generation, 1);
});

test("patches that meet other writes are decided anew", async () => {
  const namespace = await newNamespace();
  await calls.create("configmaps", configMap(namespace, "a"));
  const target = { resource: "configmaps", namespace, name: "a" };
  await Promise.all(Array.from({ length: 6 }, (_, i) => calls.patch(target, "merge", { data: { [`k${i}`]: "v" } })));
  assert.equal(Object.keys((await calls.get("configmaps", namespace, "a")).data as object).length, 6);
});

test("keys of an applied Secret's stringData leave when they are no longer applied", async () => {
  const namespace = await newNamespace();
  const secret = (stringData: Record<string, string>): KubeObject => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "s", namespace },
    stringData,
  });
  await calls.apply("secrets", secret({ a: "1", b: "2" }), "ada");
  const { object } = await calls.apply("secrets", secret({ b: "3" }), "ada");
  assert.deepEqual(object.data, { b: Buffer.from("3").toString("base64") });
  assert.equal(object.stringData, undefined);
});

test("eviction: a deletion with its options, refused for another pod, tried without harm", async () => {
  const namespace = await newNamespace();
  const spec = { nodeName: "n", containers: [{ name: "c", image: "x" }] };
  const made = await calls.create("pods", { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace }, spec });
  const evict = (body: object) =>
    calls.create(
      "pods",
      { apiVersion: "policy/v1", kind: "Eviction", ...body },
      { namespace, name: "p", subresource: "eviction" },
    );
  await rejects(evict({ kind: "Pod" }), "bad-request", /an Eviction of policy\/v1/);
  await rejects(evict({ metadata: { name: "other" } }), "bad-request", /names "p", the body "other"/);
  await rejects(
    evict({ deleteOptions: { preconditions: { uid: "11111111-1111-4111-8111-111111111111" } } }),
    "conflict",
    /uid/,
  );
  await rejects(evict({ deleteOptions: { preconditions: { resourceVersion: "1" } } }), "conflict", /resourceVersion/);
  await evict({ deleteOptions: { dryRun: ["All"] } });
  assert.equal((await calls.get("pods", namespace, "p")).metadata.deletionTimestamp, undefined);
  await evict({
    metadata: { name: "p" },
    deleteOptions: { gracePeriodSeconds: 7, preconditions: { uid: made.object.metadata.uid } },
  });
  assert.equal((await calls.get("pods", namespace, "p")).metadata.deletionGracePeriodSeconds, 7);
});
