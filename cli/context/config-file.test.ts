import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  type Context,
  chooseContext,
  configPath,
  emptyConfig,
  mergeContexts,
  readConfig,
  removeContext,
  setAside,
  writeConfig,
} from "./config-file.ts";

const contextOf = (name: string): Context => ({
  ...{ name, server: "127.0.0.1:7443", cluster: name },
  ...{ certificateAuthority: "a", clientCertificate: "b", clientKey: "c" },
});
function folderOf(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "orchctl-config-"));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("the flag wins over the variable, the variable over the home directory", () => {
  assert.equal(configPath("a", "b", "/home/x"), "a");
  assert.equal(configPath(undefined, "b", "/home/x"), "b");
  assert.equal(configPath(undefined, "", "/home/x"), "/home/x/.config/orch/config");
});

test("a file is written for its owner only, whole or not at all, and never through a link", async (context) => {
  const folder = folderOf(context);
  const path = join(folder, "deep/config");
  const config = mergeContexts(emptyConfig, [contextOf("one")], true);
  writeConfig(path, config);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(await readConfig(path), config);
  writeFileSync(join(folder, "victim"), "precious");
  symlinkSync(join(folder, "victim"), `${path}.new`);
  writeConfig(path, config);
  assert.equal(readFileSync(join(folder, "victim"), "utf8"), "precious");
});

test("an absent file is empty; YAML is read; what is neither is refused by name", async (context) => {
  const folder = folderOf(context);
  assert.deepEqual(await readConfig(join(folder, "none")), emptyConfig);
  const path = join(folder, "config");
  writeFileSync(path, "apiVersion: orch/v1\nkind: Config\ncurrentContext: ''\ncontexts: []\n");
  assert.deepEqual((await readConfig(path)).contexts, []);
  for (const text of [
    "{",
    "a: [",
    "kind: Config\ncontexts: [null]",
    "kind: Config\ncontexts: [{name: a}]",
    "apiVersion: v1\nkind: Config\nclusters: []",
  ]) {
    writeFileSync(path, text);
    await assert.rejects(readConfig(path), (thrown: Error) => thrown.message.includes(path), text);
  }
});

test("a context of another cluster that has the name of a new one is kept under its address", () => {
  const remote = { ...contextOf("local"), server: "control.example.com:7443", certificateAuthority: "theirs" };
  const local = { ...contextOf("local"), server: "10.1.0.1:7443", certificateAuthority: "ours" };
  const names = (...added: readonly Context[]): readonly string[] =>
    setAside({ ...emptyConfig, contexts: [remote] }, added).contexts.map(({ name }) => name);
  assert.deepEqual(names(local), ["local@control.example.com:7443"]);
  assert.deepEqual(names({ ...local, server: remote.server }), ["local"], "made anew at the same place");
  assert.deepEqual(names({ ...local, certificateAuthority: "theirs" }), ["local"], "moved");
  assert.deepEqual(names({ ...local, name: "other" }), ["local"]);
});

test("contexts are added, replaced, chosen and forgotten", () => {
  const two = mergeContexts(mergeContexts(emptyConfig, [contextOf("a")], true), [contextOf("b")], true);
  assert.equal(two.currentContext, "b");
  assert.equal(mergeContexts(two, [{ ...contextOf("a"), server: "new:1" }], false).contexts.length, 2);
  assert.equal(chooseContext(two, undefined, "file").name, "b");
  assert.equal(chooseContext(two, "a", "file").name, "a");
  assert.throws(() => chooseContext(two, "c", "file"), /no context "c" in file/);
  assert.throws(() => chooseContext(emptyConfig, undefined, "file"), /no cluster to talk to: file has no contexts/);
  assert.equal(removeContext(two, "b").currentContext, "a");
  assert.equal(removeContext(two, "a").currentContext, "b");
});
