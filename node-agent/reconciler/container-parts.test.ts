/** What a pod's fields become for the runtime: names, hosts and resolver, mounts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "#proto/kit/problem.ts";
import type { VolumeMount } from "#proto/resources/pod.ts";
import { containerMounts } from "./mounts.ts";
import { testContainer, testPod } from "./pod-builder.ts";
import { sandboxNames } from "./sandbox-names.ts";
import { buildSandboxSpec } from "./sandbox-spec.ts";

const attachment = { podUid: "u", addresses: ["10.128.1.2/24"], gateway: "10.128.1.1", dns: ["10.128.1.1"] };

test("the host name is the pod's, cut to what the kernel takes; the pod may choose another", () => {
  const hostname = (name: string, spec = {}): string =>
    buildSandboxSpec(testPod({ name, spec }), "cluster.local").hostname;
  assert.equal(hostname("web-1"), "web-1");
  assert.equal(hostname("web-1", { hostname: "other" }), "other");
  assert.equal(hostname("web-1", { hostname: "other", hostnameOverride: "third" }), "third");
  assert.equal(hostname(`${"a".repeat(62)}-.tail`), "a".repeat(62));
});

test("a subdomain gives a full name: in /etc/hosts, and as host name when the pod asks for that", () => {
  const pod = (spec: object) => testPod({ name: "web-1", spec: { subdomain: "db", ...spec } });
  const names = (spec: object) => sandboxNames(pod(spec), attachment, "cluster.local").hostnames;
  assert.deepEqual(names({}), ["web-1.db.default.svc.cluster.local", "web-1"]);
  assert.deepEqual(names({ hostname: "first" }), ["first.db.default.svc.cluster.local", "first"]);
  assert.deepEqual(names({ hostnameOverride: "other.test" }), ["other.test"]);
  const hostname = (spec: object) => buildSandboxSpec(pod(spec), "cluster.local").hostname;
  assert.equal(hostname({}), "web-1");
  assert.equal(hostname({ setHostnameAsFQDN: true }), "web-1.db.default.svc.cluster.local");
  assert.equal(hostname({ setHostnameAsFQDN: true, subdomain: "" }), "web-1");
  assert.throws(
    () => hostname({ setHostnameAsFQDN: true, subdomain: "a".repeat(40) }),
    /longer than the 64 characters/,
  );
});

test("sysctls and shared namespaces are passed on", () => {
  const securityContext = { sysctls: [{ name: "net.core.somaxconn", value: "1024" }] };
  const spec = buildSandboxSpec(
    testPod({ spec: { securityContext, hostNetwork: true, hostPID: true } }),
    "cluster.local",
  );
  assert.deepEqual(spec.sysctls, { "net.core.somaxconn": "1024" });
  assert.deepEqual([spec.hostNetwork, spec.hostPid, spec.hostIpc], [true, true, false]);
});

test("dnsPolicy and dnsConfig decide who resolves names", () => {
  const names = (spec = {}, dns: readonly string[] = attachment.dns) => {
    return sandboxNames(testPod({ spec }), { ...attachment, dns }, "cluster.local");
  };
  assert.deepEqual(names().addresses, ["10.128.1.2"]);
  assert.deepEqual(names().nameservers, ["10.128.1.1"]);
  assert.deepEqual(names().searches, ["default.svc.cluster.local", "svc.cluster.local", "cluster.local"]);
  assert.deepEqual(names().options, ["ndots:5"]);
  assert.deepEqual(names({}, []).nameservers, [], "without cluster DNS the node's servers serve");
  assert.deepEqual(names({ dnsPolicy: "Default" }).nameservers, []);
  assert.deepEqual(names({ hostNetwork: true }).nameservers, []);
  const dnsConfig = {
    nameservers: ["192.0.2.53"],
    searches: ["example.test"],
    options: [{ name: "ndots", value: "1" }],
  };
  const own = names({ dnsPolicy: "None", dnsConfig });
  assert.deepEqual([own.nameservers, own.searches, own.options], [["192.0.2.53"], ["example.test"], ["ndots:1"]]);
});

test("hostAliases become lines of /etc/hosts", () => {
  const pod = testPod({ spec: { hostAliases: [{ ip: "192.0.2.7", hostnames: ["db", "db.test"] }] } });
  const names = sandboxNames(pod, attachment, "cluster.local");
  assert.deepEqual(names.hostAliases, [{ ip: "192.0.2.7", hostnames: ["db", "db.test"] }]);
});

const volumes = [{ name: "data", path: "/volumes/data", readOnly: false }];
const mounts = (volumeMounts: VolumeMount[]) => {
  const pin = (volume: { readonly path: string }, subPath: string) =>
    Promise.resolve(`${volume.path}/pinned/${subPath}`);
  return containerMounts(testContainer({ volumeMounts }), volumes, new Map([["POD", "web-1"]]), pin);
};

test("mounts name a volume, or a pinned path in it, with variables replaced", async () => {
  assert.deepEqual(await mounts([{ name: "data", mountPath: "/data", readOnly: true }]), [
    { source: "/volumes/data", destination: "/data", readOnly: true },
  ]);
  const [plain] = await mounts([{ name: "data", mountPath: "/data", subPath: "a/b" }]);
  assert.equal(plain?.source, "/volumes/data/pinned/a/b");
  const [expanded] = await mounts([{ name: "data", mountPath: "/data", subPathExpr: "logs/$(POD)" }]);
  assert.equal(expanded?.source, "/volumes/data/pinned/logs/web-1");
});

test("an unknown volume or variable is named", async () => {
  const isInvalid = (pattern: RegExp) => (thrown: unknown) =>
    Problem.is(thrown, "invalid") && pattern.test(thrown.message);
  await assert.rejects(mounts([{ name: "nope", mountPath: "/x" }]), isInvalid(/volume nope/));
  await assert.rejects(mounts([{ name: "data", mountPath: "/x", subPathExpr: "$(NOPE)" }]), isInvalid(/NOPE/));
});
