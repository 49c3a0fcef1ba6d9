/** orchctl auth, whoami and config against the real API. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { OrchctlUnderTest } from "../../support/orchctl.ts";

let cli: OrchctlUnderTest;
before(async () => {
  cli = await OrchctlUnderTest.start();
});
after(() => cli.stop());

test("can-i says yes, or no and why, and leaves with it; --list says all", async () => {
  await cli.writeContext("looker", "CN=lou, O=orch:viewers");
  const can = (...words: readonly string[]) => cli.run(["auth", "can-i", ...words]);
  assert.deepEqual(await can("get", "pods"), { code: 0, out: "yes\n", err: "" });
  assert.deepEqual(await can("delete", "deploy/web"), {
    ...{ code: 1, err: "" },
    out: "no - the group orch:viewers may only read\n",
  });
  assert.deepEqual(await can("get", "pods", "web-1", "--subresource", "log"), { code: 0, out: "yes\n", err: "" });
  assert.equal((await can("create", "pods", "--subresource", "exec")).code, 1);
  assert.equal((await can("create", "pods/exec")).code, 1);
  assert.equal((await can("get", "pods/log", "web-1")).code, 0);
  assert.equal(JSON.parse((await can("get", "pods/log", "-o", "json")).out).subresource, "log");
  assert.deepEqual(await can("*", "*", "-q"), { code: 1, out: "", err: "" });
  assert.equal(JSON.parse((await can("get", "secrets", "-o", "json", "-n", "x")).out).namespace, "x");
  const list = (await can("--list")).out;
  assert.match(list, /^RESOURCE \(namespace default\) +VERBS\npods +get, list, watch\n/);
  assert.doesNotMatch(list, /secrets|create/);
  for (const words of [[], ["get"], ["frob", "pods"], ["get", "podz"], ["get", "pod/a", "b"]])
    assert.equal((await can(...words)).code, 2, words.join(" "));
  await cli.writeContext("admin", "CN=admin, O=system:masters");
  assert.equal((await can("*", "*")).out, "yes\n");
  assert.equal((await can("create", "jointokens.orch")).out, "yes\n");
});

test("whoami says user, groups, cluster and how long", async () => {
  await cli.writeContext("admin", "CN=admin, O=system:masters");
  const { out } = await cli.run(["whoami"]);
  assert.match(
    out,
    /^User +admin\nGroups +system:masters\nCluster +test at .*\nContext +admin, namespace default\nCertificate +good until /,
  );
  assert.equal((await cli.run(["auth", "whoami", "-o", "name"])).out, "admin\n");
  assert.deepEqual(JSON.parse((await cli.run(["whoami", "-o", "json"])).out).groups, ["system:masters"]);
});

test("contexts of several clusters: set, rename, view without keys, clusters, delete", async () => {
  await cli.writeContext("one", "CN=admin, O=system:masters");
  const config = (...words: readonly string[]) => cli.run(["config", ...words]);
  assert.equal((await config("rename-context", "one", "two")).out, 'Context "one" is "two" now.\n');
  assert.equal((await config("current-context")).out, "two\n");
  assert.equal((await config("rename-context", "one", "three")).code, 3);
  assert.equal((await config("rename-context", "two", "two")).code, 4);
  assert.equal(
    (await config("set-context", "--current", "--server", "localhost:7443", "-n", "shop")).out,
    'Context "two" uses namespace shop and server localhost:7443.\n',
  );
  assert.equal((await config("set-context", "--current", "--server", "nowhere")).code, 2);
  assert.equal((await config("set-context", "--current")).code, 2);
  const view = (await config("view")).out;
  assert.match(view, /server: localhost:7443\n[\s\S]*clientKey: REDACTED\n {4}namespace: shop/);
  const key = JSON.parse(readFileSync(cli.config, "utf8")).contexts[0].clientKey as string;
  assert.ok(!view.includes(key.split("\n")[1] ?? "?"));
  const raw = JSON.parse((await config("view", "--minify", "--raw", "-o", "json")).out);
  assert.equal(raw.contexts[0].clientKey, key);
  assert.equal((await config("get-clusters")).out, "CLUSTER   SERVER\ntest      localhost:7443\n");
  assert.equal((await config("view", "--minify", "--context", "none")).code, 3);
  assert.equal((await config("delete-context", "two")).code, 0);
  assert.equal((await config("get-contexts", "-o", "name")).out, "");
});
