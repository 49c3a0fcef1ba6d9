import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import type { Clock } from "#proto/kit/clock.ts";
import { seededRandom } from "#proto/kit/random.ts";
import { testAuthority } from "#test/support/certificates.ts";
import { sha256 } from "../digest.ts";
import type { RegistryCredentials, RegistrySettings } from "../image-store.ts";
import { type FakeRegistry, json, startFakeRegistry, status } from "./fake-registry.ts";
import { RegistrySession } from "./registry-session.ts";
import { RegistryTransport } from "./transport.ts";

const never: AbortSignal = new AbortController().signal;
const ada: RegistryCredentials = { username: "ada", password: "pässword" };
const basic = `Basic ${Buffer.from("ada:pässword").toString("base64")}`;
const manifest = { schemaVersion: 2, config: {}, layers: [] };
const manifestPath = "/v2/team/app/manifests/1";
const blobPath = "/v2/team/app/blobs/";

let registry: FakeRegistry;
let settings: RegistrySettings[];
let transport: RegistryTransport;
let waitedMs: number[];
let timeMs: number;
/** Time passes at once; what was waited is remembered. */
const clock: Clock = {
  nowMs: () => 0,
  monotonicMs: () => timeMs,
  after(delayMs, run) {
    const timer = setImmediate(() => {
      waitedMs.push(delayMs);
      timeMs += delayMs;
      run();
    });
    return { cancel: () => clearImmediate(timer) };
  },
};

beforeEach(async () => {
  registry = await startFakeRegistry();
  settings = [{ host: registry.host, plainHttp: true }];
  transport = new RegistryTransport({ registries: () => settings, clock });
  waitedMs = [];
  timeMs = 0;
});
afterEach(async () => {
  await transport.close();
  await registry.close();
});

const session = (credentials?: RegistryCredentials, host = registry.host): RegistrySession =>
  new RegistrySession({
    transport,
    endpoint: { host, repository: "team/app", mirrorOf: undefined },
    credentials,
    clock,
    random: seededRandom(1),
  });
const pull = (credentials?: RegistryCredentials): Promise<unknown> =>
  session(credentials).manifest("1", "image app", never);
const challenge = (realm: string): string =>
  `Bearer realm="${realm}",service="the service",scope="repository:other:push"`;

/** Asks for a token, and takes the one that its token server gives. */
function wantsToken(token: string, realm = `http://${registry.host}/token`): void {
  registry.on(manifestPath, (response, request) => {
    if (request.headers.authorization === `Bearer ${token}`) json(manifest)(response, request);
    else status(401, { "www-authenticate": challenge(realm) })(response, request);
  });
}

test("asks for every type of manifest, so that no old format comes back", async () => {
  registry.on(manifestPath, json(manifest));
  await pull();
  const accept = String(registry.requests[0]?.headers.accept);
  for (const type of ["image.manifest.v1+json", "image.index.v1+json", "manifest.v2+json", "manifest.list.v2+json"]) {
    assert.ok(accept.includes(type), type);
  }
});

test("a token is fetched with our own scope, and used again", async () => {
  wantsToken("t0ken");
  registry.on("/token", json({ access_token: "t0ken" }));
  const one = session(ada);
  await one.manifest("1", "image app", never);
  await one.manifest("1", "image app", never);
  const tokens = registry.requests.filter(({ path }) => path.startsWith("/token"));
  assert.equal(tokens.length, 1);
  const query = new URL(`http://x${tokens[0]?.path}`).searchParams;
  assert.deepEqual(
    [query.get("service"), query.get("scope"), query.get("account")],
    ["the service", "repository:team/app:pull", "ada"],
  );
  assert.equal(tokens[0]?.authorization, basic);
});

test("without credentials an anonymous token is fetched", async () => {
  wantsToken("anon");
  registry.on("/token", json({ token: "anon" }));
  await pull();
  assert.deepEqual(
    registry.requests.map(({ authorization }) => authorization),
    [undefined, undefined, "Bearer anon"],
  );
});

test("a token that has expired is replaced once, for all who wait", async () => {
  let issued = 0;
  registry.on("/token", (response, request) => json({ token: `t${++issued}` })(response, request));
  wantsToken("t1");
  const one = session();
  await one.manifest("1", "image app", never);
  wantsToken("t2");
  await Promise.all([1, 2, 3].map(() => one.manifest("1", "image app", never)));
  assert.equal(issued, 2);
});

test("a token that the registry does not take is not fetched for ever", async () => {
  wantsToken("right");
  let issued = 0;
  registry.on("/token", (response, request) => json({ token: `wrong${++issued}` })(response, request));
  await assert.rejects(pull(ada), { code: "unauthenticated", message: /refused the credentials for image app/ });
  assert.ok(issued <= 2);
});

test("basic authentication is used when asked for", async () => {
  registry.on(manifestPath, (response, request) => {
    if (request.headers.authorization === basic) json(manifest)(response, request);
    else status(401, { "www-authenticate": 'Basic realm="r"' })(response, request);
  });
  await pull(ada);
  await assert.rejects(pull(), {
    code: "unauthenticated",
    message: /does not exist, or needs credentials/,
    hint: /add an imagePullSecret/,
  });
});

const foreignRealms = [
  "https://evil.example/token",
  "https://169.254.169.254/",
  "http://127.0.0.1:1/token",
  "https://user:pw@localhost/",
  "file:///etc/passwd",
  "nonsense",
  "",
];
for (const realm of foreignRealms) {
  test(`credentials are not sent to the token server ${JSON.stringify(realm)}`, async () => {
    wantsToken("x", realm);
    await assert.rejects(pull(ada), (thrown: Error & { code?: string }) =>
      ["forbidden", "unavailable"].includes(thrown.code ?? ""),
    );
    assert.equal(
      registry.requests.every(({ authorization }) => authorization === undefined),
      true,
    );
  });
}

test("a token server of another domain hears nothing until it is allowed", async () => {
  const other = await startFakeRegistry();
  const host = other.host.replace("localhost", "127.0.0.1");
  try {
    settings = [
      { host: registry.host, plainHttp: true },
      { host, plainHttp: true },
    ];
    wantsToken("far", `http://${host}/token`);
    other.on("/token", json({ token: "far" }));
    await assert.rejects(pull(ada), { code: "forbidden", hint: /spec\.tokenHosts of a Registry/ });
    assert.equal(other.requests.length, 0);
    settings = [
      { host: registry.host, plainHttp: true, tokenHosts: [host] },
      { host, plainHttp: true },
    ];
    await pull(ada);
    assert.equal(other.requests[0]?.authorization, basic);
  } finally {
    await other.close();
  }
});

test("a redirect to another host does not get the credentials, one to the same host does", async () => {
  const storage = await startFakeRegistry();
  try {
    settings.push({ host: storage.host, plainHttp: true });
    storage.on("/data", status(200, {}, "blob"));
    registry.on(manifestPath, (response, request) =>
      request.headers.authorization
        ? status(307, { location: "/elsewhere" })(response, request)
        : status(401, { "www-authenticate": "Basic" })(response, request),
    );
    registry.on("/elsewhere", json(manifest));
    registry.on(blobPath, status(307, { location: `http://${storage.host}/data` }));
    const one = session(ada);
    await one.manifest("1", "image app", never);
    const descriptor = { digest: sha256("blob"), size: 4, mediaType: "", annotations: {} };
    assert.equal((await one.smallBlob(descriptor, "blob", never)).toString(), "blob");
    assert.equal(registry.requests.find(({ path }) => path === "/elsewhere")?.authorization, basic);
    assert.equal(registry.requests.find(({ path }) => path.startsWith(blobPath))?.authorization, basic);
    assert.equal(storage.requests[0]?.authorization, undefined);
  } finally {
    await storage.close();
  }
});

test("redirects are bounded, and do not lead to plain HTTP or odd addresses", async () => {
  const locations: readonly (readonly [string, string])[] = [
    [manifestPath, "unavailable"],
    ["http://elsewhere.example/x", "forbidden"],
    ["ftp://localhost/x", "forbidden"],
    ["https://a:b@localhost/x", "forbidden"],
    ["http://[", "forbidden"],
  ];
  for (const [location, code] of locations) {
    registry.on(manifestPath, status(302, { location }));
    await assert.rejects(pull(), { code }, location);
  }
  assert.ok(registry.requests.length < 15);
});

test("a limit on pulls is respected, and given up when it asks for too long", async () => {
  let answers = 0;
  registry.on(manifestPath, (response, request) =>
    ++answers === 1 ? status(429, { "retry-after": "7" })(response, request) : json(manifest)(response, request),
  );
  await pull();
  assert.deepEqual(waitedMs, [7000]);
  registry.on(manifestPath, status(429, { "retry-after": "3600" }));
  await assert.rejects(pull(), { code: "too-many-requests", retryAfterMs: 3_600_000, hint: /credentials/ });
});

test("a server in trouble is asked again, but not for ever", async () => {
  let answers = 0;
  registry.on(manifestPath, (response, request) =>
    ++answers < 3 ? status(503)(response, request) : json(manifest)(response, request),
  );
  await pull();
  registry.on(manifestPath, status(500, {}, "<html>"));
  await assert.rejects(pull(), { code: "unavailable", message: /answered 500/ });
  assert.ok(registry.requests.length < 10);
});

const answersByStatus: readonly (readonly [number, string, RegExp])[] = [
  [404, "not-found", /image app does not exist, or needs credentials/],
  [403, "forbidden", /does not give image app/],
  [405, "unavailable", /answered 405/],
];
for (const [code, problem, message] of answersByStatus) {
  test(`${code} is ${problem}, and not asked again`, async () => {
    registry.on(manifestPath, status(code));
    await assert.rejects(pull(), { code: problem, message });
    assert.equal(registry.requests.length, 1);
  });
}

test("the registry's own words are shown, but nothing that a terminal obeys", async () => {
  registry.on(manifestPath, json({ errors: [{ message: `\u001b[2Jno \u202e${"x".repeat(1000)}` }] }, {}, 404));
  await assert.rejects(pull(), (thrown: Error) => {
    assert.match(thrown.message, /it says: \[2Jno {2}x/);
    assert.ok(thrown.message.length < 400 && !thrown.message.includes("\u001b") && !thrown.message.includes("\u202e"));
    return true;
  });
});

test("a manifest beyond all measure is not read to its end", async () => {
  registry.on(manifestPath, (response) => {
    response.writeHead(200);
    const chunk = Buffer.alloc(1 << 20, " ");
    const more = (): void => {
      while (!response.destroyed && response.write(chunk)) {}
      if (!response.destroyed) response.once("drain", more);
    };
    more();
  });
  await assert.rejects(pull(), { code: "invalid", message: /larger than/ });
});

test("a manifest is what its digest says, the one asked for and the one announced", async () => {
  const digest = sha256(JSON.stringify(manifest));
  registry.on("/v2/team/app/manifests/sha256:", json(manifest));
  assert.equal((await session().manifest(digest, "image app", never)).digest, digest);
  await assert.rejects(session().manifest(sha256("other"), "image app", never), { code: "invalid", message: /digest/ });
  registry.on(manifestPath, json(manifest, { "docker-content-digest": sha256("other") }));
  await assert.rejects(pull(), { code: "invalid" });
});

test("a blob is resumed where the registry can, and says so where it cannot", async () => {
  const answer = (code: number, headers: Record<string, string>): void =>
    registry.on(blobPath, status(code, headers, "cdef"));
  const from = async (): Promise<number> => (await session().blob("sha256:x", 2, "blob", never)).offset;
  answer(206, { "content-range": "bytes 2-5/6" });
  assert.equal(await from(), 2);
  assert.equal(registry.requests[0]?.headers.range, "bytes=2-");
  answer(200, {});
  assert.equal(await from(), 0);
  answer(206, { "content-range": "bytes 4-5/6" });
  await assert.rejects(from(), { code: "unavailable", message: /another part/ });
});

test("an aborted request ends at once", async () => {
  registry.on(manifestPath, () => undefined);
  const controller = new AbortController();
  const pending = session().manifest("1", "image app", controller.signal);
  setImmediate(() => controller.abort());
  await assert.rejects(pending, { code: "canceled" });
});

test("TLS: only the certificate authority of the settings is trusted", async () => {
  const authority = await testAuthority();
  const { privateKey, certificateChain } = await authority.issue("CN=localhost", ["localhost"]);
  const secure = await startFakeRegistry({ key: privateKey, cert: certificateChain });
  try {
    secure.on(manifestPath, json(manifest));
    const get = (): Promise<unknown> => session(undefined, secure.host).manifest("1", "image app", never);
    await assert.rejects(get(), {
      code: "unavailable",
      message: /certificate that is not trusted/,
      hint: /certificate authority/,
    });
    settings = [{ host: secure.host, certificateAuthority: authority.pem }];
    await get();
  } finally {
    await secure.close();
  }
});

test("plain HTTP is not spoken unless configured, and the hint says how to allow it", async () => {
  settings = [];
  await assert.rejects(pull(), { code: "unavailable", message: /does not speak HTTPS/, hint: /--plain-http-registry/ });
});

test("an identity token is traded for a token by POST, and never sent to the registry", async () => {
  wantsToken("t0ken");
  let form = "";
  registry.on("/token", (response, request) => {
    request.on("data", (chunk: Buffer) => (form += chunk.toString()));
    request.on("end", () => json({ access_token: "t0ken" })(response, request));
  });
  await session({ username: "<token>", password: "", identityToken: "refresh-me" }).manifest("1", "image app", never);
  const fields = new URLSearchParams(form);
  assert.deepEqual(
    [fields.get("grant_type"), fields.get("refresh_token"), fields.get("scope"), fields.get("service")],
    ["refresh_token", "refresh-me", "repository:team/app:pull", "the service"],
  );
  assert.ok(!registry.requests.some(({ authorization = "" }) => authorization.includes("refresh-me")));
});

test("a token server that knows no GET gets a POST with the password", async () => {
  wantsToken("t0ken");
  registry.on("/token", (response, request) => {
    if (request.method === "GET") status(405)(response, request);
    else json({ access_token: "t0ken" })(response, request);
  });
  await pull(ada);
});

test("Retry-After may be a date: it is compared with the registry's own clock", async () => {
  registry.on(manifestPath, (response, request) => {
    const dates = { date: "Wed, 01 Jan 2020 00:00:00 GMT", "retry-after": "Wed, 01 Jan 2020 00:00:07 GMT" };
    if (registry.requests.length === 1) status(429, dates)(response, request);
    else json(manifest)(response, request);
  });
  await pull();
  assert.equal(Math.max(...waitedMs), 7000);
});

test("a registry that asked to be left alone is asked by nobody until then", async () => {
  registry.on(manifestPath, status(429, { "retry-after": "300" }));
  await assert.rejects(pull(), { code: "too-many-requests" });
  await assert.rejects(session(undefined).manifest("2", "image other", never), {
    code: "too-many-requests",
    message: /has asked to be left alone for 300 s more/,
  });
  assert.equal(registry.requests.length, 1);
});

test("a limit of requests per second spreads them", async () => {
  settings = [{ host: registry.host, plainHttp: true, requestsPerSecond: 4 }];
  registry.on(manifestPath, json(manifest));
  for (let count = 0; count < 3; count++) await pull();
  assert.deepEqual(waitedMs, [250, 250]);
});

test("a range that the registry cannot satisfy is asked for from the start", async () => {
  registry.on(blobPath, (response, request) => {
    if (request.headers.range) status(416)(response, request);
    else status(200, {}, "whole")(response, request);
  });
  const { offset } = await session().blob("sha256:x", 10, "layer", never);
  assert.equal(offset, 0);
});
