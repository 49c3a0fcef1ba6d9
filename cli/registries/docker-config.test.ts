import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { serverName } from "./credentials.ts";
import { DockerConfig } from "./docker-config.ts";

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "orch-login-"));
  file = join(directory, "config.json");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const load = (): DockerConfig =>
  DockerConfig.load({ variables: { DOCKER_CONFIG: directory }, homeDirectory: "/nonexistent" });

test("credentials are written as docker writes them, for their owner only, and other keys stay", () => {
  writeFileSync(file, '{"psFormat":"x","auths":{"other.example":{"auth":"YTpi"}}}', { mode: 0o644 });
  load().set("r.example", { username: "ada", password: "pass:word" });
  const content = JSON.parse(readFileSync(file, "utf8"));
  assert.equal(content.psFormat, "x");
  assert.deepEqual(content.auths, {
    "other.example": { auth: "YTpi" },
    "r.example": { auth: Buffer.from("ada:pass:word").toString("base64") },
  });
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(load().get("r.example"), { username: "ada", password: "pass:word" });
});

test("what docker wrote is read, identity tokens too", () => {
  const auth = Buffer.from("u:").toString("base64");
  writeFileSync(file, JSON.stringify({ auths: { a: { auth, identitytoken: "t" }, b: {} } }));
  assert.deepEqual(load().get("a"), { username: "u", password: "", identityToken: "t" });
  assert.equal(load().get("b"), undefined);
  assert.equal(load().get("none"), undefined);
});

test("removing says whether there was anything", () => {
  load().set("r.example", { username: "u", password: "p" });
  assert.equal(load().remove("r.example"), true);
  assert.equal(load().remove("r.example"), false);
  assert.equal(load().get("r.example"), undefined);
});

test("a helper of its own comes before the one for all; a path is no helper", () => {
  writeFileSync(file, JSON.stringify({ credsStore: "pass", credHelpers: { "a.example": "gcr", "b.example": "../x" } }));
  assert.deepEqual(
    ["a.example", "other.example", "b.example"].map((server) => load().helperFor(server)),
    ["gcr", "pass", undefined],
  );
});

test("a file that is no JSON object is an error, never an empty file", () => {
  for (const text of ["{", "[]", '"x"', ""]) {
    writeFileSync(file, text);
    assert.throws(load, { code: "invalid", message: /config.json is no JSON object/ });
  }
});

test("servers are called by one name, however they are typed", () => {
  for (const text of ["https://r.example/v2/", "r.example", "http://r.example/"])
    assert.equal(serverName(text), "r.example");
  for (const text of [undefined, "docker.io", "https://index.docker.io/v1/", "registry-1.docker.io"])
    assert.equal(serverName(text), "docker.io");
});
