import assert from "node:assert/strict";
import { test } from "node:test";
import type { ImageRegistry } from "#proto/resources/image-registry.ts";
import { parseReference } from "../reference.ts";
import { endpointsOf, hostSettings } from "./host-settings.ts";
import { RegistryBook, registrySettings } from "./registry-objects.ts";

const registry = (name: string, spec: ImageRegistry["spec"]): ImageRegistry => ({
  apiVersion: "orch/v1",
  kind: "Registry",
  metadata: { name },
  spec,
});
const nothing = (): undefined => undefined;
const base64 = (text: string): string => Buffer.from(text).toString("base64");

test("mirrors come first, with their prefix; the registry itself is the last", () => {
  const mirrors = [{ url: "https://cache.example/proxy/hub/", resolveTags: false }, { url: "http://10.0.0.1:5000" }];
  const settings = registrySettings([registry("hub", { hosts: ["docker.io"], mirrors })], nothing, []);
  const endpoints = endpointsOf(settings, parseReference("web:1"));
  assert.deepEqual(
    endpoints.map(({ host, repository, mirrorOf, resolvesTags }) => [host, repository, mirrorOf, resolvesTags]),
    [
      ["cache.example", "proxy/hub/library/web", "docker.io", false],
      ["10.0.0.1:5000", "library/web", "docker.io", true],
      ["registry-1.docker.io", "library/web", undefined, true],
    ],
  );
  assert.equal(hostSettings(settings, "10.0.0.1:5000").plainHttp, true);
  assert.equal(hostSettings(settings, "cache.example").plainHttp, false);
});

test("the most specific entry counts, of two for one host the one whose name comes first", () => {
  const settings = registrySettings(
    [
      registry("b", { hosts: ["r.example"], limits: { requestsPerSecond: 2 } }),
      registry("a", {
        hosts: ["r.example", "r.example/team"],
        limits: { requestsPerSecond: 1, concurrentDownloads: 9, stallTimeoutSeconds: 5 },
      }),
      registry("c", { hosts: ["r.example/team/web"], mirrors: [{ url: "https://c.example" }] }),
    ],
    nothing,
    [],
  );
  assert.equal(hostSettings(settings, "r.example").requestsPerSecond, 1);
  assert.equal(hostSettings(settings, "r.example").stallTimeoutMs, 5_000);
  assert.deepEqual(
    endpointsOf(settings, parseReference("r.example/team/web:1")).map(({ host }) => host),
    ["c.example", "r.example"],
  );
});

test("credentials come from the Secret, those of a mirror are its own", () => {
  const data = (host: string, user: string): object => ({
    ".dockerconfigjson": base64(JSON.stringify({ auths: { [host]: { username: user, password: "p" } } })),
  });
  const secrets: Readonly<Record<string, object>> = {
    "default/r": data("r.example", "ada"),
    "infra/cache": data("cache.example", "bob"),
  };
  const mirrors = [{ url: "https://cache.example", credentialsSecretRef: { name: "cache", namespace: "infra" } }];
  const object = registry("r", { hosts: ["r.example/team"], mirrors, credentialsSecretRef: { name: "r" } });
  const settings = registrySettings([object], (namespace, name) => secrets[`${namespace}/${name}`], []);
  const users = endpointsOf(settings, parseReference("r.example/team/web")).map(
    ({ credentials }) => credentials?.username,
  );
  assert.deepEqual(users, ["bob", "ada"]);
  const other = endpointsOf(settings, parseReference("r.example/other/web"));
  assert.deepEqual(
    other.map(({ credentials }) => credentials),
    [undefined],
  );
});

test("an authority in base64 is as good as one in PEM", () => {
  const pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
  for (const caBundle of [pem, base64(pem)]) {
    const [settings] = registrySettings([registry("r", { hosts: ["r.example"], caBundle })], nothing, []);
    assert.equal(settings?.certificateAuthority, pem);
  }
});

test("the control plane's flag is for hosts that no object names", () => {
  const fallback = [
    { host: "a.example", plainHttp: true },
    { host: "b.example", plainHttp: true },
  ];
  const settings = registrySettings([registry("a", { hosts: ["a.example"] })], nothing, fallback);
  assert.deepEqual(
    ["a.example", "b.example"].map((host) => hostSettings(settings, host).plainHttp),
    [undefined, true],
  );
});

test("a change counts from the next look on", () => {
  const objects = {
    objectsVersion: 1,
    list: [registry("a", { hosts: ["a.example"], plainHTTP: true })],
    registries: () => objects.list,
    secretData: nothing,
  };
  const book = new RegistryBook(objects, () => []);
  assert.equal(book.settings()[0]?.plainHttp, true);
  objects.list = [registry("a", { hosts: ["a.example"] })];
  objects.objectsVersion = 2;
  assert.equal(book.settings()[0]?.plainHttp, undefined);
});

test("one connection has one trust: the entry for a whole host counts, a mirror that is a registry too keeps that one's authority", () => {
  const pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
  const settings = registrySettings(
    [
      registry("a", { hosts: ["r.example/team"], insecureSkipTLSVerify: true }),
      registry("b", { hosts: ["r.example"], caBundle: pem }),
      registry("c", { hosts: ["docker.io"], mirrors: [{ url: "https://r.example/hub" }] }),
    ],
    nothing,
    [],
  );
  const { certificateAuthority, insecureSkipVerify, plainHttp } = hostSettings(settings, "r.example");
  assert.deepEqual([certificateAuthority, insecureSkipVerify, plainHttp], [pem, undefined, false]);
});
