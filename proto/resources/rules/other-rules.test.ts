import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject } from "../object.ts";
import { changed, checkCases, examine } from "./check.fixture.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const config: KubeObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "c", namespace: "default" },
  data: { a: "1" },
};
const secret: KubeObject = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "s", namespace: "default" },
  data: { a: "MQ==" },
};

test("ConfigMaps", () => {
  checkCases(config, [
    ["data", { "a/b": "c" }, /data\["a\/b"\]: the key must be letters/],
    ["data", { a: 1 }, /data.a: must be text, not the number 1/],
    ["binaryData", { a: "MQ==" }, /binaryData.a: is in `data` too/],
    ["binaryData", { b: "plain text" }, /is not base64/],
    ["data", { a: "x".repeat(1024 * 1024 + 1) }, /no more than 1048576 bytes/],
    ["data", ["a"], /data: must be an object, not a list/],
    ["immutable", true, undefined],
  ]);
});

test("an immutable ConfigMap or Secret keeps its content", () => {
  for (const object of [config, secret]) {
    const stored = changed(object, "immutable", true);
    checkCases(
      stored,
      [
        ["data.a", "Mg==", /^data.a: cannot change: the object is immutable/],
        ["data.b", "Mg==", /^data.b: cannot change/],
        ["immutable", false, /^immutable: cannot be taken back/],
        ["metadata.labels", { a: "b" }, undefined],
      ],
      { previous: stored },
    );
  }
});

test("Secrets", () => {
  const docker = base64('{"auths":{}}');
  checkCases(secret, [
    ["data", { a: "not base64!" }, /is not base64; for plain text use `stringData`/],
    ["data", { a: "MQ==\n" }, undefined],
    ["type", "kubernetes.io/basic-auth", /`password` is required/],
    ["type", "example.com/own", undefined],
  ]);
  const pull = changed(changed(secret, "type", "kubernetes.io/dockerconfigjson"), "data", {
    ".dockerconfigjson": docker,
  });
  assert.deepEqual(examine(pull).causes, []);
  const broken = examine(changed(pull, "data", { ".dockerconfigjson": base64("hunter2") }));
  assert.match(broken.causes.join(), /must be base64 of a JSON object/);
  assert.ok(!broken.causes.join().includes("hunter2"), "no secret in a message");
  assert.equal(examine(changed(secret, "type", "kubernetes.io/tls")).causes.length, 2);
  assert.match(
    examine(changed(secret, "type", "a"), { previous: secret }).causes.join(),
    /type: cannot change: it is `Opaque`/,
  );
});

test("no value of a Secret appears in what validation says", () => {
  const leaky = { ...secret, data: { "bad key": "aHVudGVyMg==", b: "hunter2!" }, stringData: { c: 5 } };
  const { causes, warnings } = examine(leaky);
  assert.ok(causes.length >= 2);
  assert.ok(![...causes, ...warnings].join().includes("hunter2"));
});

test("Namespaces", () => {
  const object: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
  checkCases(object, [
    ["metadata.name", "a.b", /must be lower case/],
    ["metadata.namespace", "default", /a Namespace is in no namespace/],
    ["metadata.namespace", "", undefined],
  ]);
  assert.deepEqual(examine(object).filled.metadata.labels, { "kubernetes.io/metadata.name": "shop" });
});

test("Nodes", () => {
  const node: KubeObject = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "node-1" },
    spec: { podCIDR: "10.128.1.0/24" },
  };
  const taint = { key: "a", effect: "NoSchedule" };
  checkCases(node, [
    ["spec.taints", [{ key: "a b", effect: "NoSchedule" }], /key: must/],
    ["spec.taints", [{ key: "a", effect: "Never" }], /must be one of `NoSchedule`/],
    ["spec.taints", [taint, { ...taint, value: "x" }], /taints\[1\]: `a:NoSchedule` is there already/],
    ["status.allocatable", { cpu: "-1" }, /status.allocatable.cpu: must not be negative/],
    ["status.conditions", [{ type: "Ready", status: "Yes" }], /must be one of `True`/],
  ]);
  checkCases(
    node,
    [
      ["spec.podCIDR", "10.128.2.0/24", /spec.podCIDR: cannot change/],
      ["spec.unschedulable", true, undefined],
    ],
    { previous: node },
  );
});

test("a node without reservations offers pods all it has", () => {
  const metadata = { name: "node-1" };
  const capacity = { cpu: "2", memory: "1Gi" };
  const { filled } = examine({ apiVersion: "v1", kind: "Node", metadata, status: { capacity } });
  assert.deepEqual(filled.status, { capacity, allocatable: capacity });
});

test("Events", () => {
  const event: KubeObject = {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: "e", namespace: "shop" },
    involvedObject: { kind: "Pod", name: "p", namespace: "shop" },
  };
  checkCases(event, [
    ["involvedObject.namespace", "other", /must be the namespace of the event, `shop`/],
    ["involvedObject", undefined, /involvedObject: is required/],
    ["count", "2", /must be a whole number/],
    ["firstTimestamp", "yesterday", /`yesterday` is not a time/],
    ["firstTimestamp", "2026-01-01T00:00:00.123456Z", undefined],
  ]);
});
