/** orchctl create and replace against the real API. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { OrchctlUnderTest, type Ran } from "../../support/orchctl.ts";

let cli: OrchctlUnderTest;
before(async () => {
  cli = await OrchctlUnderTest.start();
});
after(() => cli.stop());

let spaces = 0;
async function newSpace(): Promise<{ readonly space: string; run(...words: readonly string[]): Promise<Ran> }> {
  const space = `create-${spaces++}`;
  assert.equal((await cli.run(["create", "namespace", space])).out, `namespace/${space} created\n`);
  return { space, run: (...words) => cli.run([...words, "-n", space]) };
}
const text = (encoded: unknown): string => Buffer.from(String(encoded), "base64").toString("utf8");

test("create -f makes what is new; generated names; what exists is told before anything is made", async () => {
  const { space, run } = await newSpace();
  const file = (names: readonly string[]): string =>
    names.map((name) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`).join("---\n");
  cli.file("two.yaml", file(["a", "b"]));
  assert.equal((await run("create", "-f", "two.yaml")).out, "configmap/a created\nconfigmap/b created\n");
  cli.file("three.yaml", file(["c", "b"]));
  const taken = await run("create", "-f", "three.yaml");
  assert.equal(taken.code, 4);
  assert.match(
    taken.err,
    /nothing was created: the server refused 1 of 2 documents\n {2}three\.yaml:5:1: ConfigMap b: .*already exists/,
  );
  assert.equal((await run("get", "cm", "c", "--ignore-not-found")).out, "");
  cli.file("generated.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: gen-}\n");
  for (let i = 0; i < 2; i++)
    assert.match((await run("create", "-f", "generated.yaml")).out, /^configmap\/gen-\w{5} created\n$/);
  assert.equal((await cli.calls.list("configmaps", { namespace: space })).items.length, 4);
});

test("configmap: literals, files, folders, env files and bytes that are no text", async () => {
  const { space, run } = await newSpace();
  mkdirSync(join(cli.folder, "conf"), { recursive: true });
  cli.file("conf/app.conf", "level=debug\n");
  writeFileSync(join(cli.folder, "conf/logo.png"), Buffer.from([0x89, 0x50, 0xff, 0]));
  cli.file("vars.env", "# comment\n\nA=1\nB=two words\nORCH_CONFIG\n");
  const made = await run(
    "create",
    "cm",
    "all",
    "--from-literal",
    "k=v=w",
    "--from-file",
    "conf",
    "--from-file",
    "other=conf/app.conf",
    "--from-env-file",
    "vars.env",
  );
  assert.equal(made.code, 0, made.err);
  const object = await cli.calls.get("configmaps", space, "all");
  const values = {
    k: "v=w",
    "app.conf": "level=debug\n",
    other: "level=debug\n",
    A: "1",
    B: "two words",
    ORCH_CONFIG: cli.config,
  };
  assert.deepEqual(object.data, values);
  assert.deepEqual(object.binaryData, { "logo.png": Buffer.from([0x89, 0x50, 0xff, 0]).toString("base64") });
  const dry = await run(
    "create",
    "cm",
    "hashed",
    "--from-literal",
    "a=b",
    "--append-hash",
    "--dry-run=client",
    "-o",
    "jsonpath={.metadata.name} {.metadata.namespace}",
  );
  assert.match(dry.out, new RegExp(`^hashed-[0-9a-f]{10} ${space}$`));
  for (const [flags, code] of [
    [["--from-literal", "nothing"], 2],
    [["--from-literal", "a b=c"], 2],
    [["--from-literal", "a=b", "--from-literal", "a=c"], 2],
    [["--from-file", "nowhere"], 3],
    [["--from-env-file", "conf/logo.png"], 5],
  ] as const)
    assert.equal((await run("create", "cm", "bad", ...flags)).code, code, flags.join(" "));
});

test("secrets: generic, docker-registry with its password from standard input, tls with a key that fits", async () => {
  const { space, run } = await newSpace();
  assert.equal(
    (await run("create", "secret", "generic", "db", "--from-literal", "password=p w")).out,
    "secret/db created\n",
  );
  assert.equal(text(((await cli.calls.get("secrets", space, "db")).data as Record<string, string>).password), "p w");
  const login = [
    "create",
    "secret",
    "docker-registry",
    "pull",
    "--docker-server",
    "r.example.com",
    "--docker-username",
    "ci",
  ];
  assert.equal((await run(...login)).code, 2);
  assert.equal((await cli.run([...login, "--docker-password-stdin", "-n", space], { input: "s3cret\n" })).code, 0);
  const pull = await cli.calls.get("secrets", space, "pull");
  assert.equal(pull.type, "kubernetes.io/dockerconfigjson");
  const config = JSON.parse(text((pull.data as Record<string, string>)[".dockerconfigjson"]));
  assert.deepEqual(config.auths["r.example.com"], {
    username: "ci",
    password: "s3cret",
    auth: Buffer.from("ci:s3cret").toString("base64"),
  });

  const [one, two] = await Promise.all([cli.api.authority.issue("CN=one"), cli.api.authority.issue("CN=two")]);
  cli.file("one.crt", one.certificateChain);
  cli.file("one.key", one.privateKey);
  cli.file("two.key", two.privateKey);
  const tls = (key: string): Promise<Ran> => run("create", "secret", "tls", "site", "--cert", "one.crt", "--key", key);
  assert.match((await tls("two.key")).err, /two\.key is not the key of the certificate in one\.crt/);
  assert.match((await tls("one.crt")).err, /one\.crt holds no private key/);
  assert.equal((await tls("one.key")).out, "secret/site created\n");
  assert.equal((await cli.calls.get("secrets", space, "site")).type, "kubernetes.io/tls");
});

test("deployment: from an image, with a command; as YAML without a cluster", async () => {
  const { space, run } = await newSpace();
  const made = await cli.run([
    "create",
    "deployment",
    "web",
    "-n",
    space,
    "--image",
    "registry:5000/team/nginx:1.29",
    "-r",
    "3",
    "--port",
    "80",
    "--",
    "nginx",
    "-g",
    "daemon off;",
  ]);
  assert.equal(made.out, "deployment.apps/web created\n", made.err);
  const { spec } = (await cli.calls.get("deployments.apps", space, "web")) as unknown as {
    spec: { replicas: number; template: { spec: { containers: readonly Record<string, unknown>[] } } };
  };
  assert.equal(spec.replicas, 3);
  const [container] = spec.template.spec.containers;
  assert.deepEqual([container?.name, container?.command], ["nginx", ["nginx", "-g", "daemon off;"]]);
  const nowhere = await cli.run([
    "create",
    "deploy",
    "x",
    "--image",
    "a",
    "--image",
    "b",
    "--dry-run=client",
    "-o",
    "yaml",
    "--config",
    "/nonexistent",
  ]);
  assert.equal(nowhere.code, 0, nowhere.err);
  assert.match(nowhere.out, /^apiVersion: apps\/v1\nkind: Deployment\nmetadata:\n {2}name: x\n/);
  const again = await cli.run(["apply", "-f", "-", "--dry-run", "-n", space], { input: nowhere.out });
  assert.equal(again.code, 0, again.err);
  assert.equal((await run("create", "deploy", "x")).code, 2);
  const unknown = await run("create", "widget", "x");
  assert.equal(unknown.code, 2);
  assert.match(
    unknown.err,
    /create makes no "widget" from flags\n {2}→ it makes namespace, configmap, secret and deployment/,
  );
});

test("replace: what a file leaves out goes; a stale version is refused; --force makes it anew", async () => {
  const { space, run } = await newSpace();
  const manifest = (data: string, more = ""): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a${more}}\ndata: {${data}}\n`;
  cli.file("a.yaml", manifest("x: '1', y: '2'"));
  assert.equal((await run("replace", "-f", "a.yaml")).code, 3);
  await run("create", "-f", "a.yaml");
  const first = await cli.calls.get("configmaps", space, "a");
  cli.file("a.yaml", manifest("x: '3'"));
  assert.equal(
    (await run("replace", "-f", "a.yaml", "--dry-run=server")).out,
    "configmap/a replaced (server dry run)\n",
  );
  assert.equal((await run("replace", "-f", "a.yaml")).out, "configmap/a replaced\n");
  assert.equal((await run("replace", "-f", "a.yaml")).out, "configmap/a unchanged\n");
  assert.deepEqual((await cli.calls.get("configmaps", space, "a")).data, { x: "3" });
  cli.file("stale.yaml", manifest("x: '4'", `, resourceVersion: "${first.metadata.resourceVersion}"`));
  const stale = await run("replace", "-f", "stale.yaml");
  assert.equal(stale.code, 4);
  assert.match(stale.err, /changed by somebody else/);
  assert.equal((await run("replace", "--force", "-f", "stale.yaml")).out, "configmap/a replaced\n");
  const anew = await cli.calls.get("configmaps", space, "a");
  assert.deepEqual(anew.data, { x: "4" });
  assert.notEqual(anew.metadata.uid, first.metadata.uid);
  assert.equal((await run("replace")).code, 2);
});
