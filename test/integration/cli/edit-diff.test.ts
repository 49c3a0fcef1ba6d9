/** orchctl edit and diff against the real API. The editor is a shell script. */
import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { OrchctlUnderTest, type Ran } from "../../support/orchctl.ts";

let cli: OrchctlUnderTest;
before(async () => {
  cli = await OrchctlUnderTest.start();
});
after(() => cli.stop());

let spaces = 0;
async function newSpace(data: string): Promise<string> {
  const name = `edit-${spaces++}`;
  await cli.calls.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  const input = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: ${data}\n`;
  assert.equal((await cli.run(["apply", "-f", "-", "-n", name], { input })).code, 0);
  return name;
}

/** Runs edit with `script` as editor: $1 is the file, $round counts from 1. */
function edit(space: string, script: string, ...more: readonly string[]): Promise<Ran> {
  cli.file(
    `${space}.sh`,
    `#!/bin/sh\nround=$(cat ${space}.round 2>/dev/null || echo 0); round=$((round+1)); echo $round >${space}.round\ncp "$1" ${space}.seen$round\n${script}\n`,
  );
  const path = join(cli.folder, `${space}.sh`);
  chmodSync(path, 0o755);
  return cli.run(["edit", "cm/a", "-n", space, ...more], { variables: { EDITOR: `cd ${cli.folder} && ${path}` } });
}
const dataOf = async (space: string): Promise<unknown> => (await cli.calls.get("configmaps", space, "a")).data;
const seen = (space: string, round: number): string => readFileSync(join(cli.folder, `${space}.seen${round}`), "utf8");

test("edit sends what was changed, and only that", async () => {
  const space = await newSpace("{x: '1', z: '2'}");
  const ran = await edit(space, `sed -i "s/x: .*/x: changed/" "$1"`);
  assert.deepEqual(ran, { code: 0, err: "", out: "configmap/a edited\n" });
  assert.deepEqual(await dataOf(space), { x: "changed", z: "2" });
  assert.doesNotMatch(seen(space, 1), /managedFields|resourceVersion/);
});

test("edit without a change, or with an empty file, changes nothing", async () => {
  const space = await newSpace("{x: '1'}");
  assert.equal((await edit(space, "true")).err, "configmap/a: nothing was changed.\n");
  assert.equal((await edit(space, ': >"$1"')).err, "configmap/a: nothing was changed.\n");
  assert.deepEqual(await dataOf(space), { x: "1" });
});

test("what is refused opens again with the reason on top; the text stays", async () => {
  const space = await newSpace("{x: '1'}");
  const ran = await edit(
    space,
    `if [ $round = 1 ]; then sed -i 's/^data:/datas:/' "$1"; else sed -i 's/^datas:/data:/; s/x: .*/x: "2"/' "$1"; fi`,
  );
  assert.equal(ran.code, 0, ran.err);
  assert.match(seen(space, 2), /^# Edit configmap\/a\..*\n#\n# error: .*datas: unknown field; did you mean `data`\?/);
  assert.match(seen(space, 2), /^datas:$/m);
  assert.deepEqual(await dataOf(space), { x: "2" });
});

test("given up, the text is kept in a file that is named", async () => {
  const space = await newSpace("{x: '1'}");
  const ran = await edit(space, `sed -i 's/^data:/ data: [/' "$1"`);
  assert.equal(ran.code, 5, ran.err);
  const path = /your text is in (\S+);/.exec(ran.err)?.[1] ?? "";
  assert.match(readFileSync(path, "utf8"), /^ data: \[/m);
  const ended = await edit(space, "exit 3");
  assert.match(ended.err, /the editor \(.*\) ended with 3\n {2}→ ORCH_EDITOR, VISUAL or EDITOR name the editor/);
  assert.doesNotMatch(ended.err, /your text is in/, "nothing was written");
  const none = await cli.run(["edit", "cm/a", "-n", space]);
  assert.match(none.err, /there is no terminal to edit in/);
});

test("what others change meanwhile stays; the same field is shown and can be taken", async () => {
  const space = await newSpace("{x: '1', z: '2'}");
  let running = edit(space, `while [ ! -e ${space}.go ]; do sleep 0.02; done; sed -i 's/x: .*/x: mine/' "$1"`);
  await opened(space, 1);
  await cli.calls.patch({ resource: "configmaps", namespace: space, name: "a" }, "merge", { data: { z: "theirs" } });
  cli.file(`${space}.go`, "");
  assert.equal((await running).code, 0);
  assert.deepEqual(await dataOf(space), { x: "mine", z: "theirs" });

  const clash = await newSpace("{x: '1', z: '2'}");
  running = edit(
    clash,
    `while [ ! -e ${clash}.go ]; do sleep 0.02; done; if [ $round = 1 ]; then sed -i 's/x: .*/x: mine/' "$1"; else echo '# yes' >>"$1"; fi`,
  );
  await opened(clash, 1);
  await cli.calls.patch({ resource: "configmaps", namespace: clash, name: "a" }, "merge", {
    data: { x: "theirs", z: "new" },
  });
  cli.file(`${clash}.go`, "");
  assert.equal((await running).code, 0);
  assert.match(
    seen(clash, 2),
    /# error: somebody else changed the same fields meanwhile.*\n# {3}data\.x: is "theirs" there now/,
  );
  assert.deepEqual(await dataOf(clash), { x: "mine", z: "new" });
});

async function opened(space: string, round: number): Promise<void> {
  const { sleep, systemClock } = await import("#proto/kit/clock.ts");
  for (let i = 0; i < 1_000 && !existsSync(join(cli.folder, `${space}.seen${round}`)); i++)
    await sleep(systemClock, 10);
}

test("diff: 0 and nothing when equal, 1 and the lines when not, more for errors", async () => {
  const space = await newSpace("{x: '1', z: '2'}");
  const file = (data: string, name = "a"): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: ${data}\n`;
  const diff = (input: string, ...flags: readonly string[]): Promise<Ran> =>
    cli.run(["diff", "-f", "-", "-n", space, ...flags], { input });
  assert.deepEqual(await diff(file("{x: '1', z: '2'}")), { code: 0, out: "", err: "" });
  const changed = await diff(file("{x: '3', z: '2'}"));
  assert.equal(changed.code, 1);
  const input = file("{x: '3', z: '2'}");
  const coloured = await cli.run(["diff", "-f", "-", "-n", space], { input, color: true });
  assert.ok(coloured.out.includes('\u001b[31m-  x: "1"\u001b[39m\n'), coloured.out);
  assert.equal(stripVTControlCharacters(coloured.out), changed.out);
  assert.equal(
    changed.out,
    [
      `--- configmap/a, namespace ${space} (live)`,
      `+++ configmap/a, namespace ${space} (stdin:1)`,
      "@@ -4,5 +4,5 @@",
      ...["   name: a", `   namespace: ${space}`, " data:", '-  x: "1"', '+  x: "3"', '   z: "2"', ""],
    ].join("\n"),
  );
  assert.deepEqual(await dataOf(space), { x: "1", z: "2" });
  const made = await diff(file("{}", "new"));
  assert.match(made.out, /^--- \/dev\/null\n\+\+\+ configmap\/new/);
  assert.equal((await diff("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nfrobs: 1\n")).code, 5);
  assert.equal((await cli.run(["diff"])).code, 2);
});

test("diff tells conflicts and shows what taking over would do; a namespace of the same files is new; quantities compare by value", async () => {
  const space = await newSpace("{x: '1'}");
  const input = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: other}\n";
  const ran = await cli.run(["diff", "-f", "-", "-n", space, "--field-manager", "someone"], { input });
  assert.equal(ran.code, 1);
  assert.match(
    ran.err,
    /warning: stdin:4:\d+: ConfigMap a: data\.x: owned by "orchctl".*apply would need --force-conflicts/,
  );
  assert.match(ran.out, /^\+ {2}x: other$/m);
  const fresh = await cli.run(["diff", "-f", "-", "-n", "not-yet"], { input });
  assert.equal(fresh.code, 1, fresh.err);
  const pod = (cpu: string): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: x, resources: {limits: {cpu: ${cpu}, memory: 1024Mi}}}]}\n`;
  await cli.run(["apply", "-f", "-", "-n", space], { input: pod("1000m") });
  assert.deepEqual(await cli.run(["diff", "-f", "-", "-n", space, "--field-manager", "someone"], { input: pod("1") }), {
    code: 0,
    out: "",
    err: "",
  });
});

test("diff never shows values of Secrets", async () => {
  const space = await newSpace("{}");
  const secret = (value: string): string =>
    `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {k: ${value}, same: z}\n`;
  await cli.run(["apply", "-f", "-", "-n", space], { input: secret("first") });
  const ran = await cli.run(["diff", "-f", "-", "-n", space], { input: secret("second") });
  assert.match(ran.out, /^- {2}k: "?\*\*\* \(before\)"?\n\+ {2}k: "?\*\*\* \(after\)"?$/m);
  for (const value of ["first", "second"]) assert.ok(!ran.out.includes(Buffer.from(value).toString("base64")), ran.out);
});

test("diff: the order in which members were written is no difference", async () => {
  const space = await newSpace("{}");
  const manifest = (metadata: string): string => `kind: Deployment
apiVersion: apps/v1
metadata: {${metadata}}
spec:
  selector: {matchLabels: {app: web}}
  replicas: 1
  template: {spec: {containers: [{image: x, name: main}]}, metadata: {labels: {app: web}}}
`;
  await cli.calls.create("deployments.apps", {
    ...{
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { annotations: { b: "1" }, labels: { a: "1" }, name: "web", namespace: space },
    },
    spec: {
      ...{ replicas: 1, selector: { matchLabels: { app: "web" } } },
      template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "main", image: "x" }] } },
    },
  });
  const ran = await cli.run(["diff", "-f", "-", "-n", space], {
    input: manifest("name: web, labels: {a: '1'}, annotations: {b: '1'}"),
  });
  assert.deepEqual(ran, { code: 0, out: "", err: "" });
});
