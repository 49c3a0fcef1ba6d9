import assert from "node:assert/strict";
import { test } from "node:test";
import { signTicket, ticketLifetimeMs, ticketRefusal } from "#proto/identity/blob-ticket.ts";
import { createSigningRequest } from "#proto/identity/signing-request.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { seededRandom } from "#proto/kit/random.ts";
import { firstState } from "./authority-state.ts";
import { CertificateAuthority, dayMs, validity } from "./certificate-authority.ts";
import { type KeyAndCertificate, makeAuthority, readSigningRequest } from "./certificate-maker.ts";

const digest = `sha256:${"a".repeat(64)}`;
const clock = new ManualClock();

async function authorityOf(seed: number, cluster = "local"): Promise<CertificateAuthority> {
  const random = seededRandom(seed);
  const material = await makeAuthority("test", "orch", validity(clock, random, 3650 * dayMs));
  return new CertificateAuthority({ state: () => firstState(cluster, material), clock, random });
}

async function nodeSigner(authority: CertificateAuthority): Promise<KeyAndCertificate> {
  const request = await createSigningRequest("n1");
  const issued = await authority.issueNode("n1", await readSigningRequest(Buffer.from(request.signingRequestPem)));
  return { certificatePem: issued.chainPem, privateKeyPem: request.privateKeyPem };
}

const ticket = { from: "n1", by: "n2", digest, expiresAtMs: clock.nowMs() + ticketLifetimeMs };

test("a ticket holds for its nodes and its blob, whichever control plane of the cluster wrote it", async () => {
  const authority = await authorityOf(1);
  const check = {
    ...{ from: "n1", by: "n2", digest, cluster: "local" },
    authoritiesPem: authority.authoritiesPem,
    nowMs: clock.nowMs(),
  };
  const text = signTicket(ticket, await authority.issueControlPlane());
  assert.equal(ticketRefusal(text, check), undefined);
  assert.equal(ticketRefusal(signTicket(ticket, await authority.issueControlPlane()), check), undefined);
  assert.match(ticketRefusal(text, { ...check, by: "n3" }) ?? "", /other nodes/);
  assert.match(ticketRefusal(text, { ...check, from: "n3" }) ?? "", /other nodes/);
  assert.match(ticketRefusal(text, { ...check, digest: `sha256:${"b".repeat(64)}` }) ?? "", /another blob/);
  assert.match(ticketRefusal(text, { ...check, nowMs: clock.nowMs() + ticketLifetimeMs + 301_000 }) ?? "", /expired/);
});

test("a node, another cluster and anybody with a pen cannot write tickets", async () => {
  const [ours, theirs] = [await authorityOf(1), await authorityOf(2)];
  const check = {
    ...{ from: "n1", by: "n2", digest, cluster: "local" },
    authoritiesPem: ours.authoritiesPem,
    nowMs: clock.nowMs(),
  };
  assert.match(ticketRefusal(signTicket(ticket, await nodeSigner(ours)), check) ?? "", /no control plane/);
  assert.match(ticketRefusal(signTicket(ticket, await theirs.issueControlPlane()), check) ?? "", /no control plane/);
  const [payload = "", signature = "", certificate = ""] = signTicket(ticket, await ours.issueControlPlane()).split(
    ".",
  );
  const forged = Buffer.from(JSON.stringify(["n1", "n2", digest, ticket.expiresAtMs + 1])).toString("base64url");
  assert.match(ticketRefusal([forged, signature, certificate].join("."), check) ?? "", /signature/);
  for (const text of ["", "..", `${payload}.${signature}`, `${payload}.${signature}.AAAA`, "x".repeat(9000)]) {
    assert.equal(typeof ticketRefusal(text, check), "string", text);
  }
});
