import assert from "node:assert/strict";
import { test } from "node:test";
import { secretCredentials } from "./docker-config.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const config = (auths: object): object => ({ ".dockerconfigjson": base64(JSON.stringify({ auths })) });

test("user names and passwords, plain or in `auth`, in both kinds of Secrets", () => {
  const auths = {
    "r.example": { auth: base64("ada:pass:word") },
    "https://index.docker.io/v1/": { username: "u", password: "p" },
  };
  assert.deepEqual(secretCredentials(config(auths), "r.example/web"), [{ username: "ada", password: "pass:word" }]);
  assert.deepEqual(secretCredentials(config(auths), "docker.io/library/web"), [{ username: "u", password: "p" }]);
  const legacy = { ".dockercfg": base64(JSON.stringify(auths)) };
  assert.deepEqual(secretCredentials(legacy, "r.example/web"), [{ username: "ada", password: "pass:word" }]);
});

test("the most specific entry comes first, entries of other registries not at all", () => {
  const auths = {
    "r.example": { username: "all", password: "1" },
    "r.example/team": { username: "team", password: "2" },
    "other.example": { username: "other", password: "3" },
  };
  const users = secretCredentials(config(auths), "r.example/team/web").map(({ username }) => username);
  assert.deepEqual(users, ["team", "all"]);
});

test("identity tokens, as the file and as helpers give them", () => {
  const auths = {
    "a.example": { auth: base64("ada:"), identitytoken: "t1" },
    "b.example": { auth: base64("<token>:t2") },
  };
  assert.deepEqual(secretCredentials(config(auths), "a.example/web"), [
    { username: "ada", password: "", identityToken: "t1" },
  ]);
  assert.deepEqual(secretCredentials(config(auths), "b.example/web"), [
    { username: "<token>", password: "", identityToken: "t2" },
  ]);
});

test("a basic-auth Secret is for whatever refers to it", () => {
  const data = { username: base64("u"), password: base64("p") };
  assert.deepEqual(secretCredentials(data, "r.example/web"), [{ username: "u", password: "p" }]);
});

test("what cannot be read gives none", () => {
  for (const data of [
    undefined,
    null,
    {},
    { ".dockerconfigjson": "%%%" },
    config({ "r.example": null }),
    { username: 1 },
  ])
    assert.deepEqual(secretCredentials(data, "r.example/web"), []);
});
