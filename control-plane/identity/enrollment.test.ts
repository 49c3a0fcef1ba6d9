import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { keyDigest, readCertificate, splitPem } from "#proto/identity/certificate.ts";
import { createJoinToken, formatJoinToken } from "#proto/identity/join-token.ts";
import { createSigningRequest, type SigningRequest } from "#proto/identity/signing-request.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem, type ProblemCode } from "#proto/kit/problem.ts";
import { seededRandom } from "#proto/kit/random.ts";
import { MemoryKv } from "../store/memory-kv.ts";
import { createSealer, type Sealer } from "../store/sealer.ts";
import { AttemptLimiter } from "./attempt-limiter.ts";
import { firstState } from "./authority-state.ts";
import { loadAuthority } from "./authority-store.ts";
import { CertificateAuthority, dayMs, validity } from "./certificate-authority.ts";
import { makeAuthority, readSigningRequest } from "./certificate-maker.ts";
import { Enrollment } from "./enrollment.ts";
import { JoinTokens } from "./join-tokens.ts";
import { NodeIdentities } from "./node-identities.ts";

const clock = new ManualClock();
const random = seededRandom(7);
const sealerOf = (id: string): Sealer => createSealer([{ id, secret: Buffer.alloc(32, id) }], random);
const nodes = new Set<string>();
let kv: MemoryKv;
let tokens: JoinTokens;
let enrollment: Enrollment;
let identities: NodeIdentities;
let authority: CertificateAuthority;

beforeEach(async () => {
  kv = new MemoryKv({ clock });
  nodes.clear();
  const { state } = await loadAuthority({ kv, sealer: sealerOf("k"), cluster: "local", clock, random });
  authority = new CertificateAuthority({ state: () => state, clock, random });
  tokens = new JoinTokens({ kv, clock, random, authorityDigests: () => [authority.digest] });
  identities = new NodeIdentities(kv, async (name) => nodes.has(name));
  enrollment = new Enrollment({
    authority,
    tokens,
    identities,
    limiter: new AttemptLimiter({ clock, maxFailures: 3, windowMs: 60_000, maxAddresses: 2 }),
    revocations: { refusal: () => undefined },
    ...{ clock, logger: silentLogger },
  });
});

const newToken = async (uses = 1): Promise<string> =>
  (await tokens.create({ lifetimeMs: 0, uses, description: "test", createdBy: "admin" })).token;

test("a join token that would live too long or let too many in is refused, not cut", async () => {
  const wanted = { lifetimeMs: 31 * dayMs, uses: 1001, description: "x".repeat(257), createdBy: "admin" };
  await assert.rejects(tokens.create(wanted), (thrown) => {
    assert.ok(thrown instanceof Problem && thrown.code === "invalid");
    assert.deepEqual(
      thrown.causes.map(({ path }) => path),
      ["lifetimeMs", "uses", "description"],
    );
    return true;
  });
});

async function join(token: string, nodeName: string, request?: SigningRequest, address = "192.0.2.1") {
  const { signingRequestPem } = request ?? (await createSigningRequest("x"));
  return await enrollment.join({ token, nodeName, signingRequest: Buffer.from(signingRequestPem), address });
}

function refusal(code: ProblemCode, message: RegExp): (thrown: unknown) => boolean {
  return (thrown) => {
    assert.ok(thrown instanceof Problem, String(thrown));
    assert.equal(thrown.code, code);
    assert.match(thrown.message, message);
    return true;
  };
}

test("the authority is made once, sealed, and opened again only with the same key and for the same cluster", async () => {
  const again = await loadAuthority({ kv, sealer: sealerOf("k"), cluster: "local", clock, random });
  assert.equal(again.created, false);
  assert.equal(again.state.active.certificatePem, authority.authoritiesPem);
  const stored = Buffer.from((await kv.get("cluster/ca")).item?.value ?? []).toString("utf8");
  assert.ok(!stored.includes("PRIVATE KEY"));
  const other = loadAuthority({ kv, sealer: sealerOf("z"), cluster: "local", clock, random });
  await assert.rejects(other, refusal("conflict", /cannot be opened with this key file/));
  const renamed = loadAuthority({ kv, sealer: sealerOf("k"), cluster: "blue", clock, random });
  await assert.rejects(renamed, refusal("conflict", /holds the cluster "local", not "blue"/));
});

test("a good token gets a certificate for the name, and the store holds no secret", async () => {
  const token = await newToken();
  const issued = await join(token, "n1");
  assert.equal(readCertificate(issued.chainPem).user, "system:node:n1");
  assert.equal(splitPem(issued.chainPem).length, 2);
  const secret = token.split(".").at(-1) ?? "";
  for (const { value } of (await kv.list({ prefix: "" })).items) assert.ok(!Buffer.from(value).includes(secret));
});

test("a token is used up by other machines, not by the one that asks again", async () => {
  const token = await newToken();
  const request = await createSigningRequest("x");
  await join(token, "n1", request);
  await join(token, "n1", request);
  await assert.rejects(join(token, "n2"), refusal("forbidden", /used up: it let in n1/));
});

test("many machines at once never use a token more often than it allows", async () => {
  const token = await newToken(3);
  const requests = await Promise.all(Array.from({ length: 6 }, () => createSigningRequest("x")));
  const results = await Promise.allSettled(requests.map((request, index) => join(token, `n${index}`, request)));
  assert.equal(results.filter(({ status }) => status === "fulfilled").length, 3);
});

test("expired, foreign, revoked, mistyped: each token is refused with its own sentence", async () => {
  const token = await newToken();
  clock.advance(3_600_000);
  await assert.rejects(join(token, "n1"), refusal("forbidden", /expired at 20/));
  const foreign = formatJoinToken(createJoinToken("A".repeat(43), random));
  await assert.rejects(join(foreign, "n1"), refusal("forbidden", /belongs to another cluster/));
  const revoked = await newToken();
  assert.equal(await tokens.revoke(revoked.split(".")[2] ?? ""), true);
  await assert.rejects(join(revoked, "n1"), refusal("unauthenticated", /mistyped, revoked or long expired/));
  const wrong = `${(await newToken()).slice(0, -22)}${"A".repeat(22)}`;
  await assert.rejects(join(wrong, "n1"), refusal("unauthenticated", /mistyped/));
  await assert.rejects(join("nonsense", "n1"), refusal("bad-request", /not a join token/));
});

test("wrong tokens are slowed down by address; a good one elsewhere is not", async () => {
  for (let i = 0; i < 3; i++) await assert.rejects(join("nonsense", "n1"));
  const token = await newToken();
  await assert.rejects(join(token, "n1"), refusal("too-many-requests", /from 192.0.2.1/));
  await join(token, "n1", undefined, "192.0.2.2");
  clock.advance(60_000);
  await join(await newToken(), "n3");
});

test("a known name with another key is refused until its Node is deleted", async () => {
  const first = await createSigningRequest("x");
  await join(await newToken(), "n1", first);
  nodes.add("n1");
  const other = await newToken();
  await assert.rejects(join(other, "n1"), refusal("already-exists", /n1 is already in the cluster, with another key/));
  await join(await newToken(), "n1", first);
  nodes.delete("n1");
  await join(other, "n1");
});

test("names that are none are refused before a use is taken", async () => {
  const token = await newToken();
  await assert.rejects(join(token, "Not A Name"), refusal("invalid", /not a node name/));
  await join(token, "n1");
});

test("a node renews its certificate, with a new key too; a node whose name was given away does not", async () => {
  const first = await createSigningRequest("x");
  const issued = await join(await newToken(), "n1", first);
  const [certificate = ""] = splitPem(issued.chainPem);
  const der = Buffer.from(certificate.replace(/-----.*-----|\n/g, ""), "base64");
  const second = await createSigningRequest("x");
  const renewed = await enrollment.renew(der, Buffer.from(second.signingRequestPem));
  const info = readCertificate(renewed.chainPem);
  assert.equal(info.user, "system:node:n1");
  assert.equal(info.keyDigest, keyDigest(await readSigningRequest(Buffer.from(second.signingRequestPem))));
  await join(await newToken(), "n1");
  const late = enrollment.renew(der, Buffer.from(second.signingRequestPem));
  await assert.rejects(late, refusal("forbidden", /now belongs to another machine/));
});

test("a deleted node's key stands for nothing: no session, no renewal, no return; a token makes it a node again", async () => {
  const request = await createSigningRequest("x");
  const issued = await join(await newToken(), "n1", request);
  const [pem = ""] = splitPem(issued.chainPem);
  const { keyDigest: key } = readCertificate(pem);
  assert.deepEqual(await identities.standing("n1", key), { refusal: undefined, wasDeleted: false });
  nodes.add("n1");
  await identities.registered("n1");
  nodes.delete("n1");
  assert.equal((await identities.standing("n1", key)).wasDeleted, true);
  const signingRequest = Buffer.from(request.signingRequestPem);
  await assert.rejects(enrollment.renew(Buffer.from(pem), signingRequest), refusal("forbidden", /n1 was deleted/));
  const back = enrollment.return({ certificate: pem, signingRequest, address: "192.0.2.1" });
  await assert.rejects(back, refusal("not-found", /n1 was deleted/));
  await join(await newToken(), "n1", request);
  assert.equal((await identities.standing("n1", key)).refusal, undefined);
  assert.match((await identities.standing("n2", key)).refusal?.message ?? "", /no machine has joined as n2/);
});

test("a machine whose certificate ran out comes back with its key within 30 days, nobody else does", async () => {
  const request = await createSigningRequest("x");
  const [certificate = ""] = splitPem((await join(await newToken(), "n1", request)).chainPem);
  const address = "192.0.2.7";
  const back = (with_ = request.signingRequestPem, pem = certificate) =>
    enrollment.return({ certificate: pem, signingRequest: Buffer.from(with_), address });
  clock.advance(8 * dayMs);
  const issued = await back();
  assert.equal(readCertificate(issued.chainPem).user, "system:node:n1");
  const other = await createSigningRequest("x");
  await assert.rejects(back(other.signingRequestPem), refusal("forbidden", /this is another one/));
  const stranger = await makeAuthority("other", "orch", validity(clock, random, dayMs));
  const theirs = new CertificateAuthority({ state: () => firstState("local", stranger), clock, random });
  const forged = await theirs.issueNode("n1", await readSigningRequest(Buffer.from(request.signingRequestPem)));
  await assert.rejects(back(request.signingRequestPem, forged.chainPem), refusal("forbidden", /not of this cluster/));
  clock.advance(40 * dayMs);
  for (let tries = 0; tries < 3; tries++) {
    await assert.rejects(back(), refusal("forbidden", /n1 expired at .*, more than 30 days ago/));
  }
  await assert.rejects(back(), refusal("too-many-requests", /too many/));
});
