/** Mirrors, credentials and what is heard when everybody fails. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { systemClock } from "#proto/kit/clock.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { seededRandom } from "#proto/kit/random.ts";
import type { RegistryCredentials, RegistrySettings } from "../image-store.ts";
import { parseReference } from "../reference.ts";
import { type FakeRegistry, json, startFakeRegistry, status } from "./fake-registry.ts";
import { ImageOrigin } from "./image-origin.ts";
import { RegistryTransport } from "./transport.ts";

const never: AbortSignal = new AbortController().signal;
const manifest = { schemaVersion: 2, config: {}, layers: [] };
const digest = `sha256:${"a".repeat(64)}`;
const ada: RegistryCredentials = { username: "ada", password: "p" };
const bob: RegistryCredentials = { username: "bob", password: "q" };

let registry: FakeRegistry;
let mirror: FakeRegistry;
let settings: RegistrySettings;
let transport: RegistryTransport;
beforeEach(async () => {
  [registry, mirror] = await Promise.all([startFakeRegistry(), startFakeRegistry()]);
  settings = {
    host: registry.host,
    plainHttp: true,
    mirrors: [{ host: mirror.host, pathPrefix: "proxy", resolvesTags: true, plainHttp: true }],
  };
  transport = new RegistryTransport({ registries: () => [settings], clock: systemClock });
});
afterEach(async () => {
  await transport.close();
  await Promise.all([registry.close(), mirror.close()]);
});

const origin = (credentials: readonly RegistryCredentials[] = []): ImageOrigin =>
  new ImageOrigin({
    transport,
    registries: [settings],
    reference: parseReference(`${registry.host}/team/app:1`),
    credentials,
    clock: systemClock,
    random: seededRandom(1),
    backoff: { initialMs: 1, maxMs: 2 },
    logger: silentLogger,
  });

test("the mirror is asked first, below its prefix, and told whose image is meant; the registry is left alone", async () => {
  mirror.on("/v2/proxy/team/app/", json(manifest));
  await origin([ada]).manifest("1", never);
  assert.deepEqual(
    mirror.requests.map(({ path }) => path),
    [`/v2/proxy/team/app/manifests/1?ns=${encodeURIComponent(registry.host)}`],
  );
  assert.deepEqual(registry.requests, []);
});

test("a mirror that does not have it, refuses, breaks or is down leaves it to the registry", async () => {
  registry.on("/v2/team/app/", json(manifest));
  for (const answer of [status(404), status(403), status(500), json({ errors: [] }, {}, 429)]) {
    mirror.on("/v2/", answer);
    assert.ok(await origin().manifest("1", never));
  }
  assert.equal(mirror.requests.length, 4, "once each: waiting for a mirror would only cost time");
  await mirror.close();
  assert.ok(await origin().manifest("1", never));
  assert.ok(transport.isUnreachable(mirror.host));
  assert.ok(await origin().manifest("1", never));
});

test("a mirror gets its own credentials and never the registry's; the registry those of who pulls first", async () => {
  settings = {
    ...settings,
    credentials: bob,
    mirrors: (settings.mirrors ?? []).map((one) => ({ ...one, credentials: { username: "mirror", password: "m" } })),
  };
  const wants = status(401, { "www-authenticate": "Basic realm=r" });
  mirror.on("/v2/", wants);
  registry.on("/v2/", (response, request) => {
    const user = Buffer.from(request.headers.authorization?.slice(6) ?? "", "base64").toString();
    if (user === "bob:q") json(manifest)(response, request);
    else wants(response, request);
  });
  await origin([ada]).manifest("1", never);
  const users = (from: FakeRegistry): readonly string[] =>
    from.requests.map(({ authorization = "" }) => Buffer.from(authorization.slice(6), "base64").toString());
  assert.deepEqual([...new Set(users(mirror))], ["", "mirror:m"]);
  assert.deepEqual([...new Set(users(registry))], ["", "ada:p", "bob:q"]);
});

test("a mirror that is not trusted with tags is asked for content by digest only", async () => {
  settings = { ...settings, mirrors: (settings.mirrors ?? []).map((one) => ({ ...one, resolvesTags: false })) };
  registry.on("/v2/team/app/", json(manifest));
  const own = origin();
  await own.manifest("1", never);
  assert.deepEqual(mirror.requests, []);
  mirror.on("/v2/proxy/team/app/blobs/", status(200, {}, "content"));
  const [first] = own.sources({ digest, size: 7, image: parseReference("web") });
  assert.equal(first?.name, `mirror ${mirror.host}`);
  await first.open(0, never);
  assert.equal(mirror.requests.length, 1);
});

test("when all fail, the registry's own words are heard, and what the mirrors said", async () => {
  mirror.on("/v2/", status(500));
  registry.on("/v2/", status(404));
  await assert.rejects(origin().manifest("1", never), {
    code: "not-found",
    message: new RegExp(
      `^image ${registry.host}/team/app:1 does not exist.*\\(before that, mirror ${mirror.host}: .*500`,
    ),
  });
});
