import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { KubeObject } from "#proto/resources/object.ts";
import { ApiCalls } from "#test/support/api-calls.ts";
import { startTestApi, type TestApi } from "#test/support/api-server.ts";

const sizes = { objectBytes: 20_000, listBytes: 50_000 };
let api: TestApi;
let calls: ApiCalls;
before(async () => {
  api = await startTestApi({ sizes });
  calls = new ApiCalls(api.client);
});
after(() => api.stop());

const namespace = "default";
const configMap = (name: string, dataBytes: number): KubeObject & { data: object } => ({
  ...{ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace } },
  data: { x: "x".repeat(dataBytes) },
});

test("a body beyond the limit is refused with both sizes, one within it is taken", async () => {
  await assert.rejects(calls.create("configmaps", configMap("large", 20_000)), {
    code: "too-large",
    message: /the body has 20\d\d\d bytes; an object may have 20000: data\.x alone takes 20002/,
  });
  await calls.create("configmaps", configMap("fits", 19_000));
});

test("patches, each within the limit, do not add up to more; an object may shrink again", async () => {
  await calls.create("configmaps", configMap("grows", 15_000));
  const address = { resource: "configmaps", namespace, name: "grows" };
  const more = { data: { y: "y".repeat(15_000) } };
  for (const type of ["merge", "apply"]) {
    const body = type === "apply" ? { ...configMap("grows", 1), ...more } : more;
    await assert.rejects(calls.patch(address, type, body, { force: true, options: { fieldManager: "other" } }), {
      code: "too-large",
      message: /would grow to 3\d\d\d\d bytes; with what the cluster adds it may have 26666/,
    });
  }
  await calls.patch(address, "merge", { data: { x: "x".repeat(10) } });
  await calls.patch(address, "merge", more);
});

test("a list beyond the limit is refused, its pages are not", async () => {
  for (const name of ["a", "b", "c"]) await calls.create("configmaps", configMap(name, 18_000));
  await assert.rejects(calls.list("configmaps", { namespace }), {
    code: "too-large",
    message: /list of configmaps takes more than 50000 bytes/,
    hint: /pages/,
  });
  assert.equal((await calls.list("configmaps", { namespace, limit: 1 })).items.length, 1);
});
