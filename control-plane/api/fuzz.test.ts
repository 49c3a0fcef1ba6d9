/** Bodies that were valid once and then got broken at random: every answer is an object or a refusal in words, never a crash. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryKv } from "#control-plane/store/memory-kv.ts";
import { systemClock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { type Random, seededRandom } from "#proto/kit/random.ts";
import { createEnvironment } from "#test/support/api-server.ts";
import { createDefaultObjects } from "./bootstrap.ts";
import type { ApiEnvironment, Call } from "./environment.ts";
import type { JsonRecord } from "./patch/json.ts";
import { create } from "./verbs/create.ts";
import { deleteObject } from "./verbs/delete.ts";
import { patchObject } from "./verbs/patch.ts";
import { update } from "./verbs/update.ts";

const call: Call = {
  caller: { user: "ada", groups: ["system:masters"] },
  signal: new AbortController().signal,
};
const options = { dryRun: false, fieldManager: "fuzz", mode: "strict" } as const;
const template = {
  metadata: { labels: { app: "web" }, annotations: { a: "b" } },
  spec: {
    containers: [
      {
        name: "main",
        image: "busybox",
        env: [{ name: "A", value: "1" }],
        ports: [{ containerPort: 80, protocol: "TCP" }],
        resources: { limits: { cpu: "1", memory: "64Mi" } },
        readinessProbe: { httpGet: { path: "/", port: 80 } },
        volumeMounts: [{ name: "v", mountPath: "/v" }],
      },
    ],
    volumes: [{ name: "v", emptyDir: {} }],
    tolerations: [{ key: "a", operator: "Exists" }],
  },
};
const metadata = { name: "x", namespace: "default", labels: { app: "web" }, finalizers: ["example.com/f"] };
const owner = { apiVersion: "v1", kind: "Pod", name: "o", uid: "u", controller: true };
const bodies: readonly (readonly [string, JsonRecord])[] = [
  ["pods", { apiVersion: "v1", kind: "Pod", metadata: { ...metadata, ownerReferences: [owner] }, spec: template.spec }],
  [
    "deployments.apps",
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: { replicas: 1, selector: { matchLabels: { app: "web" } }, template },
    },
  ],
  ["configmaps", { apiVersion: "v1", kind: "ConfigMap", metadata, data: { a: "b" }, binaryData: { c: "YQ==" } }],
  ["secrets", { apiVersion: "v1", kind: "Secret", metadata, data: { a: "YQ==" }, stringData: { b: "c" } }],
  [
    "namespaces",
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "x" }, spec: { finalizers: ["kubernetes"] } },
  ],
  [
    "nodes",
    { apiVersion: "v1", kind: "Node", metadata: { name: "x" }, spec: { taints: [{ key: "a", effect: "NoSchedule" }] } },
  ],
];
const junk: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e300,
  "",
  "x",
  "a/b",
  "\ud800",
  [],
  [null],
  [[]],
  ["x", "x"],
  [{}],
  [{ name: "main" }, { name: "main" }],
  {},
  { "": "" },
  { constructor: 1 },
  { name: {} },
  { $patch: "delete" },
];

/** A copy with one place replaced, removed or doubled. */
function broken(random: Random, value: unknown): unknown {
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random.next() * items.length)];
  if (typeof value !== "object" || value === null || random.next() < 0.15) return structuredClone(pick(junk));
  if (Array.isArray(value)) {
    const at = Math.floor(random.next() * value.length);
    if (random.next() < 0.2) return [...value, structuredClone(value[at])];
    return value.map((item, i) => (i === at ? broken(random, item) : item));
  }
  const record = { ...value } as JsonRecord;
  const name = pick(Object.keys(record));
  const dice = random.next();
  if (name === undefined || dice < 0.1) record.stray = structuredClone(pick(junk));
  else if (dice < 0.2) delete record[name];
  else record[name] = broken(random, record[name]);
  return record;
}

async function attempt(env: ApiEnvironment, random: Random): Promise<void> {
  const [resource, valid] = bodies[Math.floor(random.next() * bodies.length)] ?? ["pods", {}];
  let body = valid;
  for (let i = 0; i < 1 + random.next() * 3; i++) {
    const next = broken(random, body);
    if (typeof next === "object" && next !== null && !Array.isArray(next)) body = next as JsonRecord;
  }
  const address = {
    resource,
    namespace: resource === "namespaces" || resource === "nodes" ? "" : "default",
    name: "x",
  };
  const existing = { ...address, subresource: "", options };
  const way = Math.floor(random.next() * 6);
  const types = ["apply", "merge", "strategic", "json"];
  if (way < 2) await create(env, call, { ...address, body, options });
  else if (way === 2) await update(env, call, { ...existing, body });
  else {
    const type = types[Math.floor(random.next() * types.length)] ?? "apply";
    await patchObject(env, call, { ...existing, type, patch: body, force: random.next() < 0.5 });
  }
}

async function remove(env: ApiEnvironment, resource: string, namespace: string): Promise<void> {
  const options = { propagation: undefined, graceSeconds: 0 };
  const request = { preconditionUid: "", preconditionResourceVersion: "", options, dryRun: false };
  await deleteObject(env, call, { ...request, resource, namespace, name: "x" }).catch(() => undefined);
}

test("broken bodies are refused in words", async () => {
  const kv = new MemoryKv({ clock: systemClock });
  const env = createEnvironment(kv);
  await createDefaultObjects(env, call.signal);
  const refusals = new Set<string>();
  for (let seed = 1; seed <= 1_500; seed++) {
    const random = seededRandom(seed);
    if (seed % 50 === 0)
      for (const [resource] of bodies) await remove(env, resource, resource === "nodes" ? "" : "default");
    try {
      await attempt(env, random);
    } catch (thrown) {
      assert.ok(thrown instanceof Problem, `seed ${seed}: ${thrown instanceof Error ? thrown.stack : thrown}`);
      assert.notEqual(thrown.code, "internal", `seed ${seed}: ${thrown.stack}`);
      refusals.add(thrown.code);
    }
  }
  assert.ok(refusals.has("invalid") && refusals.has("bad-request"));
  await kv.close();
});
