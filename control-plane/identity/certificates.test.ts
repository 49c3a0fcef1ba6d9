import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse } from "yaml";
import {
  backdateMs,
  certificateDigest,
  isKeyOf,
  isSignedBy,
  keyDigest,
  readCertificate,
  splitPem,
} from "#proto/identity/certificate.ts";
import { nodeNameOf } from "#proto/identity/names.ts";
import { createSigningRequest } from "#proto/identity/signing-request.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { seededRandom } from "#proto/kit/random.ts";
import { ensureAdminContext } from "./admin-context.ts";
import { firstState } from "./authority-state.ts";
import { CertificateAuthority, dayMs, validity } from "./certificate-authority.ts";
import { makeAuthority, readSigningRequest } from "./certificate-maker.ts";
import { ensureEtcdCertificates } from "./etcd-certificates.ts";
import { ensureStoredCertificate } from "./stored-certificate.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "orch-identity-"));
});
after(() => rm(folder, { recursive: true }));

async function newAuthority(clock = new ManualClock(), seed = 1): Promise<CertificateAuthority> {
  const random = seededRandom(seed);
  const material = await makeAuthority("test", "orch", validity(clock, random, 3650 * dayMs));
  return new CertificateAuthority({ state: () => firstState("local", material), clock, random });
}

test("a node's certificate names the node, for calling and serving, for a week from five minutes ago", async () => {
  const clock = new ManualClock();
  const authority = await newAuthority(clock);
  const request = await createSigningRequest("anything");
  const key = await readSigningRequest(Buffer.from(request.signingRequestPem));
  const issued = await authority.issueNode("node-1", key);
  const [leaf = "", ca = ""] = splitPem(issued.chainPem);
  const info = readCertificate(leaf);
  assert.equal(nodeNameOf(info), "node-1");
  assert.deepEqual(info.dnsNames, ["node-1.node.local.orch"]);
  assert.equal(info.notBeforeMs, clock.nowMs() - backdateMs);
  assert.equal(issued.expiresAtMs, clock.nowMs() + 7 * dayMs);
  assert.equal(info.keyDigest, keyDigest(key));
  assert.ok(isSignedBy(leaf, ca) && isKeyOf(leaf, request.privateKeyPem));
  assert.equal(certificateDigest(ca), authority.digest);
});

test("another cluster's authority does not vouch for a certificate, even with the same name", async () => {
  const [ours, theirs] = [await newAuthority(), await newAuthority(new ManualClock(), 2)];
  const issued = await theirs.issueControlPlane();
  assert.ok(isSignedBy(issued.certificatePem, theirs.authoritiesPem));
  assert.ok(!isSignedBy(issued.certificatePem, ours.authoritiesPem));
});

test("people get names and groups, but none that belong to the system", async () => {
  const authority = await newAuthority();
  const signingRequest = Buffer.from((await createSigningRequest("x")).signingRequestPem);
  const issued = await authority.issueUser({
    user: "ana@example.org",
    groups: ["dev"],
    signingRequest,
    lifetimeMs: dayMs,
  });
  const info = readCertificate(issued.chainPem);
  assert.deepEqual([info.user, info.groups, info.dnsNames], ["ana@example.org", ["dev"], []]);
  for (const [user, groups] of [
    ["system:node:n1", []],
    ["ana", ["system:nodes"]],
    ["ana\nO=system:masters", []],
    ["", []],
  ] as const) {
    const refused = authority.issueUser({ user, groups, signingRequest, lifetimeMs: 0 });
    await assert.rejects(refused, (thrown) => Problem.is(thrown, "invalid") && thrown.causes.length > 0);
  }
});

test("a signing request that is broken, forged or for another kind of key is refused with the reason", async () => {
  const good = (await createSigningRequest("x")).signingRequestPem;
  const der = Buffer.from(good.replace(/-----.*-----|\n/g, ""), "base64");
  der[der.length - 1] = (der[der.length - 1] ?? 0) ^ 1;
  const forged = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString("base64")}\n-----END CERTIFICATE REQUEST-----\n`;
  for (const text of ["", "hello", forged, "x".repeat(20_000)]) {
    await assert.rejects(readSigningRequest(Buffer.from(text)), (thrown) => Problem.is(thrown, "bad-request"));
  }
});

test("a stored certificate is used again until half of its life is over, and made anew when another authority's", async () => {
  const clock = new ManualClock();
  const authority = await newAuthority(clock);
  const options = (of: CertificateAuthority, nowMs: number) => ({
    folder: join(folder, "stored"),
    name: "server",
    authorityPem: of.authoritiesPem,
    nowMs,
    make: () => of.issueControlPlane(90 * dayMs),
  });
  const first = await ensureStoredCertificate(options(authority, clock.nowMs()));
  assert.deepEqual(await ensureStoredCertificate(options(authority, clock.nowMs() + 40 * dayMs)), first);
  assert.notDeepEqual(await ensureStoredCertificate(options(authority, clock.nowMs() + 46 * dayMs)), first);
  const other = await newAuthority(clock, 3);
  const replaced = await ensureStoredCertificate(options(other, clock.nowMs()));
  assert.ok(isSignedBy(replaced.certificatePem, other.authoritiesPem));
  assert.equal((await stat(join(folder, "stored/server-key.pem"))).mode & 0o777, 0o600);
});

test("the admin context is YAML a client can use, 0600, and is left alone while it is good", async () => {
  const clock = new ManualClock();
  const authority = await newAuthority(clock);
  const path = join(folder, "admin.yaml");
  const socket = "/run/orch/local/control-plane/api.sock";
  const options = { path, folder: join(folder, "pki"), server: "127.0.0.1:7443", socket: undefined, authority, clock };
  assert.equal((await ensureAdminContext(options)).written, true);
  assert.equal((await ensureAdminContext(options)).written, false);
  assert.equal("socket" in parse(await readFile(path, "utf8")).contexts[0], false);
  assert.equal((await ensureAdminContext({ ...options, server: "10.0.0.1:7443", socket })).written, true);
  const context = parse(await readFile(path, "utf8"));
  assert.equal(context.currentContext, "local");
  assert.deepEqual([context.contexts[0].server, context.contexts[0].socket], ["10.0.0.1:7443", socket]);
  assert.deepEqual(readCertificate(context.contexts[0].clientCertificate).groups, ["system:masters"]);
  assert.ok(isKeyOf(context.contexts[0].clientCertificate, context.contexts[0].clientKey));
  assert.equal((await stat(path)).mode & 0o777, 0o600);
});

test("etcd's certificates have an authority of their own, survive a restart, and keep their key when renewed", async () => {
  const clock = new ManualClock();
  const options = {
    folder: join(folder, "etcd"),
    cluster: "local",
    ipAddresses: ["127.0.0.1"],
    lifetimeMs: 90 * dayMs,
    clock,
    random: seededRandom(5),
  };
  const files = await ensureEtcdCertificates(options);
  const first = await readFile(files.certificate, "utf8");
  assert.ok(isSignedBy(first, await readFile(files.authority, "utf8")));
  assert.deepEqual(await ensureEtcdCertificates(options), files);
  assert.equal(await readFile(files.certificate, "utf8"), first);
  const key = await readFile(files.key, "utf8");
  clock.advance(60 * dayMs);
  await ensureEtcdCertificates(options);
  const renewed = await readFile(files.certificate, "utf8");
  assert.notEqual(renewed, first);
  assert.equal(await readFile(files.key, "utf8"), key);
  assert.ok(isKeyOf(renewed, key) && isSignedBy(renewed, await readFile(files.authority, "utf8")));
  await writeFile(files.key, "half a ke");
  await ensureEtcdCertificates(options);
  assert.ok(isKeyOf(await readFile(files.certificate, "utf8"), await readFile(files.key, "utf8")));
});
