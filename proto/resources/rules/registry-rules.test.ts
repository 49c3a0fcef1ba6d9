import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject } from "../object.ts";
import { checkCases, examine } from "./check.fixture.ts";

const pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const registry: KubeObject = {
  apiVersion: "orch/v1",
  kind: "Registry",
  metadata: { name: "internal" },
  spec: {
    hosts: ["registry.example:5000", "docker.io/library"],
    caBundle: pem,
    credentialsSecretRef: { name: "pull" },
    mirrors: [{ url: "https://cache.example/proxy" }],
    limits: { requestsPerSecond: 50 },
  },
};

test("a whole Registry is valid, and what it leaves out is filled in", () => {
  const { causes, warnings, filled } = examine(registry);
  assert.deepEqual([causes, warnings], [[], []]);
  const { credentialsSecretRef, mirrors, limits } = filled.spec as Record<string, unknown>;
  assert.deepEqual(credentialsSecretRef, { name: "pull", namespace: "default" });
  assert.deepEqual(mirrors, [{ url: "https://cache.example/proxy", resolveTags: true }]);
  assert.deepEqual(limits, { requestsPerSecond: 50, concurrentDownloads: 3, stallTimeoutSeconds: 30 });
});

test("hosts", () => {
  checkCases(registry, [
    ["spec.hosts", [], /spec.hosts: must name at least one host/],
    ["spec.hosts", undefined, /spec.hosts: is required/],
    ["spec.hosts", ["https://r.example"], /spec.hosts\[0\]: must be written without `https:\/\/`/],
    ["spec.hosts", ["r example"], /must begin with a host, as `registry.example:5000`, not `r example`/],
    ["spec.hosts", ["r.example/Team"], /has a path that no repository can have/],
    ["spec.hosts", ["r.example", "r.example"], /spec.hosts\[1\]: `r.example` is there already/],
    ["spec.hosts", ["localhost:5000", "[::1]:5000", "10.0.0.1/team/web"], undefined],
    ["spec.hosts", Array.from({ length: 101 }, (_, i) => `r${i}.example`), /no more than 100 entries/],
  ]);
});

test("trust", () => {
  checkCases(registry, [
    ["spec.caBundle", "not PEM", /spec.caBundle: must hold certificates in PEM/],
    ["spec.caBundle", Buffer.from(pem).toString("base64"), undefined],
    ["spec.plainHTTP", true, /spec.caBundle: means nothing with plain HTTP/],
    ["spec.insecureSkipTLSVerify", true, /spec.caBundle: means nothing with insecureSkipTLSVerify/],
    ["spec.tokenHosts", ["https://auth.example"], /spec.tokenHosts\[0\]: must be HOST\[:PORT\]/],
    ["spec.credentialsSecretRef.name", "UPPER", /spec.credentialsSecretRef.name: /],
    ["spec.credentialsSecretRef.namespace", "a b", /spec.credentialsSecretRef.namespace: /],
    ["spec.plainHttp", true, /spec.plainHttp: .*plainHTTP/],
  ]);
});

test("mirrors", () => {
  checkCases(registry, [
    ["spec.mirrors[0].url", "cache.example", /spec.mirrors\[0\].url: must begin with `https:\/\/`/],
    ["spec.mirrors[0].url", "https://u:p@cache.example", /must hold no credentials: use credentialsSecretRef/],
    ["spec.mirrors[0].url", "https://cache.example/?a=b", /must end with its path/],
    ["spec.mirrors[0].url", "https://", /is not a URL/],
    ["spec.mirrors[0].url", "http://cache.example:5000", undefined],
    ["spec.mirrors[1]", { url: "https://cache.example/proxy" }, /spec.mirrors\[1\].url: .* is there already/],
    ["spec.mirrors[0]", { url: "http://c.example", caBundle: pem }, /spec.mirrors\[0\].caBundle: means nothing/],
  ]);
});

test("limits", () => {
  checkCases(registry, [
    ["spec.limits.requestsPerSecond", 0, /spec.limits.requestsPerSecond: /],
    ["spec.limits.concurrentDownloads", 65, /spec.limits.concurrentDownloads: /],
    ["spec.limits.stallTimeoutSeconds", 0, /spec.limits.stallTimeoutSeconds: /],
  ]);
});
