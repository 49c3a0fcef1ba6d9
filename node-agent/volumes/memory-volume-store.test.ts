import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryVolumeStore } from "./memory-volume-store.ts";
import { volumePayload } from "./payload.ts";
import { objectsOf, podWith, volumeStoreContract } from "./volume-store.contract.ts";

volumeStoreContract("memory", async () => {
  const store = new MemoryVolumeStore();
  return { store, read: (path, file) => store.read(path, file), close: async () => undefined };
});

const payloadOf = (...[volume, objects]: [Parameters<typeof volumePayload>[0], ReturnType<typeof objectsOf>]) =>
  volumePayload(volume, {
    pod: podWith([volume]),
    objects,
    resourceValue: (_, { resource }) => `value of ${resource}`,
  });

test("modes come from the item, else the volume, else 0644", () => {
  const objects = objectsOf({ c: { a: "", b: "" } });
  const items = [
    { key: "a", path: "a", mode: 0o400 },
    { key: "b", path: "b" },
  ];
  const modes = (payload: ReturnType<typeof volumePayload>): unknown =>
    [...(payload?.values() ?? [])].map(({ mode }) => mode);
  assert.deepEqual(
    modes(payloadOf({ name: "v", configMap: { name: "c", items, defaultMode: 0o600 } }, objects)),
    [0o400, 0o600],
  );
  assert.deepEqual(modes(payloadOf({ name: "v", configMap: { name: "c" } }, objects)), [0o644, 0o644]);
});

test("binary data of a ConfigMap is decoded", () => {
  const objects = {
    ...objectsOf({}),
    configMap: () => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" }, binaryData: { k: "/wA=" } }),
  };
  assert.deepEqual(
    payloadOf({ name: "v", configMap: { name: "c" } }, objects)?.get("k")?.content,
    Buffer.from([0xff, 0]),
  );
});

test("a path cannot be a file and a directory at once", () => {
  const items = [
    { key: "k", path: "a" },
    { key: "k", path: "a/b" },
  ];
  const volume = { name: "v", configMap: { name: "c", items } };
  assert.throws(() => payloadOf(volume, objectsOf({ c: { k: "" } })), { code: "invalid", message: /both/ });
});

test("resources of a container are files too, unknown fields are refused", () => {
  const resourceFieldRef = { containerName: "c", resource: "limits.cpu", divisor: "1m" };
  const volume = { name: "v", downwardAPI: { items: [{ path: "cpu", resourceFieldRef }] } };
  assert.equal(payloadOf(volume, objectsOf({}))?.get("cpu")?.content.toString(), "value of limits.cpu");
  const unknown = {
    name: "v",
    downwardAPI: { items: [{ path: "x", fieldRef: { apiVersion: "v1", fieldPath: "status.podIP" } }] },
  };
  assert.throws(() => payloadOf(unknown, objectsOf({})), { code: "invalid", message: /status.podIP/ });
});

test("other kinds are not ours", () => {
  assert.equal(payloadOf({ name: "v", emptyDir: {} }, objectsOf({})), undefined);
});
