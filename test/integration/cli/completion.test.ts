/** orchctl completion: what it offers, and that the shells that are here can use it. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, readFileSync } from "node:fs";
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
    .filter((line) => line !== "" && line !== files)
    .map((one) => one.split("\t")[0] ?? "");
};

/** Says that names of files may stand there. */
const files = ":files";
const takesFiles = async (...line: readonly string[]): Promise<boolean> =>
  (await cli.run(["__complete", "--", ...line])).out.endsWith(`${files}\n`);

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

test("Docker's verbs, KIND/NAME of those that take it, fields of explain; what was named is not offered again", async () => {
  assert.deepEqual(await words("-n", "shop", "stop", ""), ["web-1"]);
  assert.deepEqual(await words("-n", "shop", "stop", "web-1", ""), []);
  assert.deepEqual(await words("-n", "shop", "cp", "w"), ["web-1:"]);
  assert.deepEqual(await words("-n", "shop", "logs", "pod/"), ["pod/web-1"]);
  assert.deepEqual(await words("-n", "shop", "exec", "web-1", ""), []);
  assert.deepEqual(await words("debug", "node/"), ["node/n1"]);
  assert.deepEqual(await words("node", "remove", ""), ["n1"]);
  assert.deepEqual(await words("explain", "pod.spec.containers.liveness"), ["pod.spec.containers.livenessProbe"]);
  assert.deepEqual(await words("explain", "nothing.x"), []);
});

test("files where a command reads or writes one, and nowhere else", async () => {
  for (const line of [
    ["apply", "-f", ""],
    ["create", "configmap", "x", "--from-file", ""],
    ["-n", "shop", "cp", ""],
    ["cluster", "backup", ""],
    ["image", "load", ""],
    ["get", "pods", "--config", ""],
  ])
    assert.ok(await takesFiles(...line), line.join(" "));
  for (const line of [
    ["get", "pods", "nothing-of-that-name"],
    ["get", "pods", "--sort-by", ""],
    ["explain", "p"],
    ["drain", ""],
    ["apply", "-"],
  ])
    assert.ok(!(await takesFiles(...line)), line.join(" "));
});

test("values of flags; nothing, in silence, where nobody answers", async () => {
  assert.deepEqual(await words("get", "pods", "-o", "j"), ["json", "jsonpath-file=", "jsonpath="]);
  assert.deepEqual(await words("patch", "--type", "m"), ["merge"]);
  assert.deepEqual(await words("get", "pods", "--field-selector", "status.ph"), ["status.phase="]);
  assert.deepEqual(await words("get", "pods", "--config", "/nonexistent", ""), []);
});

const installed = (shell: string): boolean => spawnSync("sh", ["-c", `command -v ${shell}`]).status === 0;

/** A program `orchctl` that answers as ours does, without the time it takes to start; files only to `cp`. */
function shim(): string {
  const answer = `printf "alpha\\tthe first\\nal:pine\\tsecond\\n--ns=alps\\n"`;
  const program = `#!/bin/sh\nprintf "%s|" "$@" >${join(cli.folder, "asked")}\n${answer}\n[ "$3" != cp ] || echo :files\n`;
  const path = join(cli.folder, cli.file("orchctl", program));
  chmodSync(path, 0o755);
  return cli.folder;
}

const shells = {
  /** As bash calls it: its words are cut at = and :, the whole line stands beside. */
  bash: (line: string, ...words: readonly string[]) =>
    `COMP_LINE=${quoted(line)}; COMP_WORDS=(${words.map(quoted).join(" ")}); COMP_CWORD=${words.length - 1}; _orchctl; printf "%s\\n" "\${COMPREPLY[@]}"`,
  zsh: (line: string) =>
    `compdef() { :; }; _describe() { print -l -- "\${(@)described}" "\${(@)open}"; }; _files() { print -l -- \${words[-1]}*; }; words=(${line}); CURRENT=\${#words}; _orchctl`,
  fish: (line: string) => `complete -C ${quoted(line)}`,
};
const quoted = (text: string): string => `'${text}'`;

for (const [shell, once, cut, file] of [
  [
    "bash",
    shells.bash("orchctl get a", "orchctl", "get", "a"),
    shells.bash("orchctl get --ns=al", "orchctl", "get", "--ns", "=", "al"),
    shells.bash("orchctl cp readm", "orchctl", "cp", "readm"),
  ],
  ["zsh", shells.zsh("orchctl get a"), shells.zsh("orchctl get --ns=al"), shells.zsh("orchctl cp readm")],
  ["fish", shells.fish("orchctl get a"), shells.fish("orchctl get --ns=al"), shells.fish("orchctl cp readm")],
] as const) {
  test(`the script for ${shell} is read by it and offers what we say`, { skip: !installed(shell) }, async () => {
    const { out } = await cli.run(["completion", shell]);
    const script = join(
      cli.folder,
      cli.file(`completion.${shell}`, shell === "zsh" ? `compdef() { :; }\n${out}` : out),
    );
    cli.file("readme.txt", "");
    const env = { ...process.env, PATH: `${shim()}:${process.env.PATH}`, HOME: cli.folder };
    const ask = (text: string): string =>
      execFileSync(shell, ["-c", `source ${script}; cd ${cli.folder}; ${text}`], {
        ...{ env, encoding: "utf8", timeout: 30_000, stdio: ["ignore", "pipe", "pipe"] },
      });
    assert.match(ask(once), /alpha/);
    assert.match(ask(once), /al\\?:pine/);
    assert.doesNotMatch(ask(once), /readme|:files/);
    assert.match(ask(cut), shell === "bash" ? /^alps$/m : /--ns=alps/);
    assert.match(readFileSync(join(cli.folder, "asked"), "utf8"), /\|--ns=al\|$/, "one word, whole");
    assert.match(ask(file), /readme\.txt/);
  });
}
