import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Container } from "#proto/resources/pod.ts";
import { expand, resolveEnvironment } from "./environment.ts";
import { testContainer, testPod } from "./pod-builder.ts";

const configMap: KubeObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "settings" },
  data: { COLOR: "blue", "not.a=name": "x", size: "2" },
};
const secret: KubeObject = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "keys" },
  data: { TOKEN: Buffer.from("s3cret").toString("base64") },
};

function resolve(changes: Partial<Container>): Readonly<Record<string, string>> {
  const container = testContainer(changes);
  const pod = testPod({ metadata: { labels: { app: "web" } } });
  const entries = resolveEnvironment({
    pod,
    container,
    objects: {
      configMap: (name) => (name === "settings" ? configMap : undefined),
      secret: (name) => (name === "keys" ? secret : undefined),
    },
    facts: {
      nodeName: "n1",
      podAddresses: ["10.128.1.2"],
      hostAddresses: ["192.0.2.1"],
      allocatableMilliCpu: 4_000,
      allocatableMemoryBytes: 2 ** 30,
    },
  });
  return Object.fromEntries(entries.map(({ name, value }) => [name, value]));
}

test("envFrom takes every key that can be a name, with its prefix; env wins", () => {
  const env = resolve({
    envFrom: [{ prefix: "C_", configMapRef: { name: "settings" } }, { secretRef: { name: "keys" } }],
    env: [{ name: "C_COLOR", value: "red" }],
  });
  assert.deepEqual(env, { C_COLOR: "red", C_size: "2", TOKEN: "s3cret" });
});

test("values come from ConfigMaps, Secrets, the pod, the node and its resources", () => {
  const env = resolve({
    resources: { limits: { cpu: "1500m" }, requests: { memory: "100Mi" } },
    env: [
      { name: "COLOR", valueFrom: { configMapKeyRef: { name: "settings", key: "COLOR" } } },
      { name: "TOKEN", valueFrom: { secretKeyRef: { name: "keys", key: "TOKEN" } } },
      { name: "LABEL", valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
      { name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
      { name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
      { name: "CPU", valueFrom: { resourceFieldRef: { resource: "limits.cpu" } } },
      { name: "MEMORY", valueFrom: { resourceFieldRef: { resource: "requests.memory", divisor: "1Mi" } } },
      { name: "ALL_MEMORY", valueFrom: { resourceFieldRef: { resource: "limits.memory", divisor: "1Gi" } } },
    ],
  });
  assert.deepEqual(env, {
    COLOR: "blue",
    TOKEN: "s3cret",
    LABEL: "web",
    IP: "10.128.1.2",
    NODE: "n1",
    CPU: "2",
    MEMORY: "100",
    ALL_MEMORY: "1",
  });
});

test("what is missing is named, unless it is optional", () => {
  const from = (key: string, name: string, optional?: boolean) => {
    return resolve({
      env: [{ name: "X", valueFrom: { configMapKeyRef: { name, key, ...(optional && { optional }) } } }],
    });
  };
  const says = (pattern: RegExp) => (thrown: unknown) => Problem.is(thrown, "invalid") && pattern.test(thrown.message);
  assert.throws(() => from("x", "absent"), says(/configmap "absent" not found/));
  assert.throws(() => from("x", "settings"), says(/couldn't find key x in ConfigMap default\/settings/));
  assert.deepEqual(from("x", "settings", true), {});
  assert.deepEqual(from("x", "absent", true), {});
  assert.throws(() => resolve({ envFrom: [{ secretRef: { name: "absent" } }] }), says(/secret "absent" not found/));
  assert.deepEqual(resolve({ envFrom: [{ secretRef: { name: "absent", optional: true } }] }), {});
});

test("an unknown field is refused", () => {
  assert.throws(
    () => resolve({ env: [{ name: "X", valueFrom: { fieldRef: { fieldPath: "status.phase" } } }] }),
    (thrown) => Problem.is(thrown, "invalid") && thrown.message === "unsupported fieldPath: status.phase",
  );
});

test("$(NAME) is expanded as in Kubernetes: earlier names only, $$ escapes, the unknown stays", () => {
  const values = new Map([["A", "1"]]);
  const cases: readonly (readonly [string, string])[] = [
    ["$(A)", "1"],
    ["x$(A)y$(A)", "x1y1"],
    ["$(B)", "$(B)"],
    ["$$(A)", "$(A)"],
    ["$$$(A)", "$1"],
    ["$A", "$A"],
    ["$(A", "$(A"],
    ["100$", "100$"],
    ["$$", "$"],
  ];
  for (const [text, expected] of cases) assert.equal(expand(text, values), expected, text);
  const env = resolve({
    env: [
      { name: "LATER", value: "$(FIRST)" },
      { name: "FIRST", value: "1" },
      { name: "SECOND", value: "$(FIRST)2" },
    ],
  });
  assert.deepEqual(env, { LATER: "$(FIRST)", FIRST: "1", SECOND: "12" });
});
