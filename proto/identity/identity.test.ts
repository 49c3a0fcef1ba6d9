import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "../kit/problem.ts";
import { seededRandom } from "../kit/random.ts";
import { backdateMs, renewAtMs } from "./certificate.ts";
import { createJoinToken, formatJoinToken, hashJoinSecret, parseJoinToken } from "./join-token.ts";
import { clusterOfTlsName, controlPlaneTlsName, isNodeName, nodeNameOf, nodeTlsName } from "./names.ts";
import { createSigningRequest } from "./signing-request.ts";

const digest = "A".repeat(43);

test("a join token reads back as it was written, spaces around it ignored", () => {
  const token = createJoinToken(digest, seededRandom(1));
  assert.deepEqual(parseJoinToken(` ${formatJoinToken(token)}\n`), token);
  assert.equal(Buffer.from(token.secret, "base64url").length, 16);
});

test("what is not a join token is refused without repeating it", () => {
  for (const text of ["", "ORCH1.a.b.c", `ORCH2.${digest}.aaaaaaaaaa.${"s".repeat(22)}`, "hunter2-hunter2"]) {
    assert.throws(
      () => parseJoinToken(text),
      (thrown) => Problem.is(thrown, "bad-request") && (text === "" || !thrown.message.includes(text)),
    );
  }
});

test("the stored hash is not the secret and differs between secrets", () => {
  assert.notEqual(hashJoinSecret("a"), hashJoinSecret("b"));
  assert.ok(!hashJoinSecret("secret").includes("secret"));
});

test("only a node's subject names a node", () => {
  assert.equal(nodeNameOf({ user: "system:node:n1", groups: ["system:nodes"] }), "n1");
  assert.equal(nodeNameOf({ user: "system:node:n1", groups: ["system:masters"] }), undefined);
  assert.equal(nodeNameOf({ user: "n1", groups: ["system:nodes"] }), undefined);
  assert.equal(nodeNameOf({ user: "system:node:../x", groups: ["system:nodes"] }), undefined);
});

test("no node name can be read as a control plane's TLS name", () => {
  assert.equal(clusterOfTlsName(controlPlaneTlsName("local")), "local");
  assert.equal(clusterOfTlsName(nodeTlsName("control-plane", "local")), undefined);
  assert.ok(isNodeName("rack-1.host-2"));
  for (const bad of ["", "-a", "A", "a_b", "a..b", "a/b", "a".repeat(121)]) assert.ok(!isNodeName(bad), bad);
});

test("certificates are renewed between half and four fifths of their life", () => {
  const life = { notBeforeMs: 1000 - backdateMs, notAfterMs: 2000 };
  assert.equal(renewAtMs(life, 0), 1500);
  assert.equal(renewAtMs(life, 1), 1800);
  assert.equal(renewAtMs({ notBeforeMs: 0, notAfterMs: 1000 }, 0.5), 1000, "never after its end");
});

test("a signing request holds a P-256 key and a PEM request", async () => {
  const request = await createSigningRequest("system:node:n1");
  assert.match(request.signingRequestPem, /^-----BEGIN CERTIFICATE REQUEST-----/);
  assert.match(request.privateKeyPem, /^-----BEGIN PRIVATE KEY-----/);
});
