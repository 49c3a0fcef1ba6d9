/** orchctl login and logout against Debian's docker-registry, with skopeo and a credential helper as other users of the same file. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { type FakeRegistry, json, startFakeRegistry, status } from "#node-agent/images/registry/fake-registry.ts";
import { OrchctlUnderTest, type Ran } from "#test/support/orchctl.ts";
import { type RegistryServer, registryUser, startRegistry } from "#test/support/registry-server.ts";

let orchctl: OrchctlUnderTest;
let registry: RegistryServer;
let fake: FakeRegistry;
let home = "";

before(async () => {
  [orchctl, registry, fake] = await Promise.all([
    OrchctlUnderTest.start(),
    startRegistry({ authentication: true }),
    startFakeRegistry(),
  ]);
});
after(async () => {
  await Promise.all([orchctl.stop(), registry.stop(), fake.close()]);
});
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "orch-login-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const { username, password } = registryUser;
const run = (words: readonly string[], input?: string): Promise<Ran> =>
  orchctl.run(words, {
    ...(input === undefined ? {} : { input }),
    variables: { DOCKER_CONFIG: home, PATH: `${home}:${process.env.PATH}` },
  });
const login = (server: string, word: string = password): Promise<Ran> =>
  run(["login", server, "-u", username, "--password-stdin", "--plain-http"], `${word}\n`);
const configFile = (): { auths: Record<string, { auth?: string }> } =>
  JSON.parse(readFileSync(join(home, "config.json"), "utf8"));

test("a login is kept where other tools find it, and gone after logout", async () => {
  const ran = await login(registry.host);
  assert.deepEqual(
    [ran.code, ran.out],
    [0, `Logged in to ${registry.host} as ${username}. The credentials are kept in ${join(home, "config.json")}.\n`],
  );
  assert.match(ran.err, /not encrypted/);
  const skopeo = ["login", "--get-login", "--authfile", join(home, "config.json"), registry.host];
  assert.equal(execFileSync("skopeo", skopeo, { encoding: "utf8" }).trim(), username);
  assert.match((await run(["logout", registry.host])).out, /^Logged out of /);
  assert.match((await run(["logout", registry.host])).out, /^There were no credentials for /);
  assert.deepEqual(configFile().auths, {});
});

test("a wrong password is refused and not kept", async () => {
  const ran = await login(registry.host, "wrong");
  assert.notEqual(ran.code, 0);
  assert.match(ran.err, /refused the user name or the password/);
  assert.ok(!existsSync(join(home, "config.json")));
});

test("plain HTTP is not spoken by itself, and the hint says how to allow it", async () => {
  const ran = await run(["login", registry.host, "-u", username, "--password-stdin"], password);
  assert.match(ran.err, /does not speak HTTPS[\s\S]*--plain-http/);
});

test("credentials go to the helper that the file names, and come out of it again", async () => {
  const helper = join(home, "docker-credential-test");
  writeFileSync(
    helper,
    `#!/bin/sh
case "$1" in
store) cat >"${home}/kept" ;;
get) if [ -f "${home}/kept" ]; then cat "${home}/kept"; else echo "credentials not found in native keychain"; exit 1; fi ;;
erase) rm -f "${home}/kept" ;;
esac
`,
  );
  chmodSync(helper, 0o755);
  writeFileSync(join(home, "config.json"), JSON.stringify({ credsStore: "test" }));
  assert.match((await login(registry.host)).out, /kept in docker-credential-test/);
  assert.deepEqual(JSON.parse(readFileSync(join(home, "kept"), "utf8")), {
    ServerURL: registry.host,
    Username: username,
    Secret: password,
  });
  assert.deepEqual(configFile().auths, { [registry.host]: {} });
  assert.match((await run(["logout", registry.host])).out, /^Logged out of /);
  assert.ok(!existsSync(join(home, "kept")));
});

test("a helper that is missing or fails is named", async () => {
  writeFileSync(join(home, "config.json"), JSON.stringify({ credsStore: "absent" }));
  assert.match((await login(registry.host)).err, /docker-credential-absent is not installed/);
  writeFileSync(join(home, "docker-credential-broken"), "#!/bin/sh\necho locked; exit 1\n", { mode: 0o755 });
  writeFileSync(join(home, "config.json"), JSON.stringify({ credsStore: "broken" }));
  assert.match((await login(registry.host)).err, /docker-credential-broken failed: locked/);
});

test("a token server is asked; one of another domain does not see the password", async () => {
  const challenge = (realm: string) => ({ "www-authenticate": `Bearer realm="${realm}",service="s"` });
  fake.on("/v2/", status(401, challenge(`http://${fake.host}/token`)));
  fake.on("/token", json({ token: "t" }));
  assert.equal((await login(fake.host)).code, 0);
  assert.match(fake.requests.at(-1)?.path ?? "", /^\/token\?service=s$/);
  fake.on("/v2/", status(401, challenge(`http://127.0.0.1:1/token`)));
  assert.match((await login(fake.host)).err, /wants the password sent to 127.0.0.1:1/);
});

test("wrong use is told apart", async () => {
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [["login", "r.example"], /nobody to ask for user name and password/],
    [["login", "r.example", "--password-stdin"], /--password-stdin needs --username/],
    [["login", "r.example/team", "-u", "a", "--password-stdin"], /is no registry's host/],
    [["login", "r.example", "-u", "a", "-p", "b", "--password-stdin"], /exclude each other/],
    [["login", "r.example", "-u", "a", "--password-stdin"], /standard input holds no password/],
  ];
  for (const [words, expected] of cases) {
    const ran = await run(words, "");
    assert.match(ran.err, expected);
    assert.notEqual(ran.code, 0);
  }
});
