import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
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

const head = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x","namespace":"default"}';
const bodies: readonly (readonly [string, string | Buffer, string, RegExp])[] = [
  ["empty", "", "bad-request", /empty/],
  ["no JSON", "{", "bad-request", /not JSON/],
  ["no object", "[1]", "bad-request", /JSON object/],
  ["null", "null", "bad-request", /JSON object/],
  ["no UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), "bad-request", /UTF-8/],
  ["a deep nest", `${head},"data":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, "bad-request", /deeper|JSON/],
  ["__proto__", `${head},"data":{"__proto__":"x"}}`, "bad-request", /__proto__/],
  ["__proto__ in metadata", '{"metadata":{"__proto__":{"name":"x"}}}', "bad-request", /__proto__/],
  ["a mebibyte and one", `${head},"data":{"a":"${"x".repeat(1024 * 1024)}"}}`, "too-large", /1048576/],
  [
    "mostly one field",
    `${head},"data":{"b":"y","a":"${"x".repeat(1 << 20)}"}}`,
    "too-large",
    /data\.a alone takes 1048578/,
  ],
  ["large and deep", `${head},"data":${"[".repeat(600_000)}${"]".repeat(600_000)}}`, "bad-request", /deeper/],
  ["another kind", '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"x"}}', "bad-request", /"Secret"/],
  ["no metadata object", '{"apiVersion":"v1","kind":"ConfigMap","metadata":[]}', "invalid", /metadata must be/],
  ["a number as name", '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":7}}', "invalid", /must be text/],
  ["a path as name", '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"../../cluster/ca"}}', "", /name/],
  ["labels as list", '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x","labels":[]}}', "invalid", /labels/],
  ["data of numbers", `${head},"data":{"a":1}}`, "invalid", /data/],
  ["an unknown field", `${head},"dta":{}}`, "invalid", /dta/],
];

for (const [name, body, code, message] of bodies) {
  test(`a body that is ${name} is refused in words`, async () => {
    const object = Buffer.from(body);
    await assert.rejects(api.client.unary(apiService.create, { resource: "configmaps", object }), (thrown) => {
      assert.ok(thrown instanceof Problem);
      if (code !== "") assert.equal(thrown.code, code, thrown.message);
      assert.notEqual(thrown.code, "internal", thrown.message);
      assert.match(thrown.message, message);
      return true;
    });
  });
}

test("addresses that are no names are refused", async () => {
  for (const name of ["../x", "a/b", "", "A", "x".repeat(300), "a\u0000"]) {
    await assert.rejects(calls.get("configmaps", "default", name), { code: "bad-request" });
  }
  await assert.rejects(calls.get("configmaps", "../default", "x"), { code: "bad-request" });
  await assert.rejects(calls.get("confgmaps", "default", "x"), { code: "not-found" });
  await assert.rejects(calls.get("__proto__", "default", "x"), { code: "not-found" });
  await assert.rejects(calls.get("configmaps", "default", "x", "status"), { code: "not-found" });
});

test("patches from strangers are refused in words", async () => {
  await calls.create("configmaps", {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "target" },
    data: { a: "1" },
  });
  const target = { resource: "configmaps", namespace: "default", name: "target" };
  const table: readonly (readonly [string, unknown, string])[] = [
    ["merge", [], "bad-request"],
    ["merge", "x", "bad-request"],
    ["strategic", null, "bad-request"],
    ["json", {}, "bad-request"],
    ["json", [{ op: "remove", path: "" }], "invalid"],
    ["json", [{ op: "replace", path: "/metadata/name", value: "other" }], "bad-request"],
    ["json", [{ op: "replace", path: "/kind", value: "Secret" }], "bad-request"],
    ["merge", { metadata: { uid: "other" } }, "conflict"],
    ["merge", { data: { a: { b: 1 } } }, "invalid"],
    ["apply", { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "other" } }, "bad-request"],
    ["apply", { apiVersion: "v1", kind: "ConfigMap", metadata: { managedFields: [{}] } }, "bad-request"],
    ["evil", {}, "bad-request"],
  ];
  for (const [type, patch, code] of table) {
    await assert.rejects(calls.patch(target, type, patch), (thrown) => {
      assert.ok(thrown instanceof Problem);
      assert.equal(thrown.code, code, `${type} ${JSON.stringify(patch)}: ${thrown.message}`);
      return true;
    });
  }
  const { object } = await calls.patch(target, "merge", { metadata: { managedFields: null, uid: null } });
  assert.ok(object.metadata.managedFields);
});

test("groups may do what they are for, and no more", async () => {
  await calls.create("configmaps", { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "guarded" } });
  const viewer = new ApiCalls(await api.connect("CN=vic, O=orch:viewers"));
  const editor = new ApiCalls(await api.connect("CN=eve, O=orch:editors"));
  const node = new ApiCalls(await api.connect("CN=system:node:a, O=system:nodes"));
  const nobody = new ApiCalls(await api.connect("CN=no"));
  const configMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "mine" } };
  assert.equal((await viewer.get("configmaps", "default", "guarded")).metadata.name, "guarded");
  await editor.create("configmaps", configMap);
  const forbidden: readonly (readonly [() => Promise<unknown>, RegExp])[] = [
    [
      () => viewer.create("configmaps", configMap),
      /user "vic" cannot create configmaps "mine" in namespace "default".*only read/,
    ],
    [() => viewer.list("secrets"), /may not read secrets/],
    [() => editor.delete("nodes", "", "a"), /may not use nodes/],
    [() => editor.list("secrets", { namespace: "kube-system" }), /secrets of kube-system/],
    [() => editor.list("secrets"), /secrets of all namespaces/],
    [() => node.get("configmaps", "default", "guarded"), /their own session/],
    [() => nobody.list("pods"), /may do nothing/],
    [() => nobody.watch("pods", {}, {}).next(), /may do nothing/],
  ];
  for (const [attempt, message] of forbidden) await assert.rejects(attempt, { code: "forbidden", message });
  const hello = await node.client.unary(apiService.hello, {});
  assert.equal(hello.user, "system:node:a");
});
