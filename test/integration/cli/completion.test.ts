/** orchctl completion: what it offers, and that the shells that are here can use it. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { OrchctlUnderTest } from "../../support/orchctl.ts";

let cli: OrchctlUnderTest;
before(async () => {
  cli = await OrchctlUnderTest.start();
  await cli.calls.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
  for (const name of ["settings", "site"])
    await cli.calls.create("configmaps", {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace: "shop" },
    });
  const spec = {
    containers: [
      { name: "main", image: "x" },
      { name: "side", image: "y" },
    ],
  };
  await cli.calls.create("pods", {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web-1", namespace: "shop" },
    spec,
  });
  await cli.calls.create("nodes", { apiVersion: "v1", kind: "Node", metadata: { name: "n1" } });
});
after(() => cli.stop());

const words = async (...line: readonly string[]): Promise<readonly string[]> => {
  const { out, code } = await cli.run(["__complete", "--", ...line]);
  assert.equal(code, 0);
  return out
    .split("\n")
    .filter(Boolean)
    .map((one) => one.split("\t")[0] ?? "");
};

test("commands, subcommands, flags, kinds", async () => {
  assert.deepEqual(await words("des"), ["describe"]);
  assert.deepEqual(await words("rollout", "re"), ["restart", "resume"]);
  assert.deepEqual(await words("get", "--field"), ["--field-selector"]);
  assert.deepEqual(await words("get", "dep"), ["deployments"]);
  assert.deepEqual(await words("create", "secret", "t"), ["tls"]);
  assert.ok((await words("")).length > 25);
  assert.ok(!(await words("")).includes("__complete"));
});

test("names out of the cluster, in the namespace that stands before", async () => {
  assert.deepEqual(await words("get", "cm", "-n", "shop", "s"), ["settings", "site"]);
  assert.deepEqual(await words("get", "cm", "s"), []);
  assert.deepEqual(await words("-n", "shop", "edit", "cm/se"), ["cm/settings"]);
  assert.deepEqual(await words("logs", "--namespace=shop", ""), ["web-1"]);
  assert.deepEqual(await words("logs", "-n", "shop", "web-1", "-c", ""), ["main", "side"]);
  assert.deepEqual(await words("drain", ""), ["n1"]);
  assert.deepEqual(await words("taint", "node", ""), ["n1"]);
  assert.deepEqual(await words("get", "pods", "-n", "sh"), ["shop"]);
  assert.deepEqual(await words("get", "pods", "--namespace=sh"), ["--namespace=shop"]);
  assert.deepEqual(await words("config", "use-context", ""), ["admin"]);
});

test("values of flags; nothing, in silence, where nobody answers", async () => {
  assert.deepEqual(await words("get", "pods", "-o", "j"), ["json", "jsonpath-file=", "jsonpath="]);
  assert.deepEqual(await words("patch", "--type", "m"), ["merge"]);
  assert.deepEqual(await words("get", "pods", "--field-selector", "status.ph"), ["status.phase="]);
  assert.deepEqual(await words("get", "pods", "--config", "/nonexistent", ""), []);
});

const installed = (shell: string): boolean => spawnSync("sh", ["-c", `command -v ${shell}`]).status === 0;

/** A program `orchctl` that answers as ours does, without the time it takes to start. */
function shim(): string {
  const path = join(cli.folder, cli.file("orchctl", '#!/bin/sh\nprintf "alpha\\tthe first\\nal:pine\\tsecond\\n"\n'));
  chmodSync(path, 0o755);
  return cli.folder;
}

for (const [shell, ask] of [
  ["bash", `COMP_WORDS=(orchctl get a); COMP_CWORD=2; _orchctl; printf "%s\\n" "\${COMPREPLY[@]}"`],
  [
    "zsh",
    `compdef() { :; }; _describe() { print -l -- "\${(@)described}"; }; words=(orchctl get a); CURRENT=3; _orchctl`,
  ],
  ["fish", 'complete -C "orchctl get a"'],
] as const) {
  test(`the script for ${shell} is read by it and offers what we say`, { skip: !installed(shell) }, async () => {
    const { out } = await cli.run(["completion", shell]);
    const file = join(cli.folder, cli.file(`completion.${shell}`, shell === "zsh" ? `compdef() { :; }\n${out}` : out));
    const said = execFileSync(shell, ["-c", `source ${file} 2>/dev/null; ${ask}`], {
      env: { ...process.env, PATH: `${shim()}:${process.env.PATH}`, HOME: cli.folder },
      encoding: "utf8",
      timeout: 30_000,
    });
    assert.match(said, /alpha/);
    assert.match(said, /al\\?:pine/);
  });
}
