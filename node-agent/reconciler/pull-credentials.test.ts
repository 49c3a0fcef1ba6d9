import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject } from "#proto/resources/object.ts";
import { testPod } from "./pod-builder.ts";
import { pullCredentials } from "./pull-credentials.ts";

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64");

function users(reference: string, auths: Readonly<Record<string, unknown>>): readonly string[] {
  const secret: KubeObject = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "registry" },
    data: { ".dockerconfigjson": base64({ auths }) },
  };
  const pod = testPod({ spec: { imagePullSecrets: [{ name: "registry" }, { name: "missing" }] } });
  const objects = { configMap: () => undefined, secret: (name: string) => (name === "registry" ? secret : undefined) };
  return pullCredentials(pod, reference, objects).map(({ username }) => username);
}

const login = (username: string): unknown => ({ username, password: "p" });

test("only entries of the image's registry are given, the most specific first", () => {
  const auths = {
    "registry.test": login("host"),
    "registry.test/team": login("path"),
    "other.test": login("other"),
  };
  assert.deepEqual(users("registry.test/team/app:1", auths), ["path", "host"]);
  assert.deepEqual(users("registry.test/teamwork/app", auths), ["host"]);
  assert.deepEqual(users("elsewhere.test/app", auths), []);
});

test("ports, schemes and Docker Hub's old names are understood", () => {
  assert.deepEqual(users("registry.test:5000/app", { "https://registry.test:5000/v2/": login("a") }), ["a"]);
  assert.deepEqual(users("nginx", { "https://index.docker.io/v1/": login("hub") }), ["hub"]);
  assert.deepEqual(users("registry.test:5000/app", { "registry.test": login("a") }), []);
});

test("an auth field is user and password in base64; what cannot be read gives nothing", () => {
  const auth = Buffer.from("ada:pass:word").toString("base64");
  assert.deepEqual(users("r.test/a", { "r.test": { auth } }), ["ada"]);
  assert.deepEqual(users("r.test/a", { "r.test": { auth: "!!" } }), []);
  assert.deepEqual(users("r.test/a", { "r.test": null }), []);
});
