import assert from "node:assert/strict";
import { test } from "node:test";
import { firstState } from "#control-plane/identity/authority-state.ts";
import { CertificateAuthority, dayMs, validity } from "#control-plane/identity/certificate-authority.ts";
import { makeAuthority } from "#control-plane/identity/certificate-maker.ts";
import { createSigningRequest } from "#proto/identity/signing-request.ts";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { seededRandom } from "#proto/kit/random.ts";
import { expiryWarning } from "./certificate-life.ts";

test("a context's certificate warns two weeks or a fifth of its life before its end, and says when it has ended", async () => {
  const clock = new ManualClock();
  const random = seededRandom(5);
  const active = await makeAuthority("test", "orch", validity(clock, random, 3650 * dayMs));
  const authority = new CertificateAuthority({ state: () => firstState("local", active), clock, random });
  const { signingRequestPem } = await createSigningRequest("ana");
  const request = { user: "ana", groups: ["g"], signingRequest: Buffer.from(signingRequestPem) };
  const certificate = async (days: number) => ({
    name: "prod",
    clientCertificate: (await authority.issueUser({ ...request, lifetimeMs: days * dayMs })).chainPem,
  });
  const [year, week] = [await certificate(365), await certificate(7)];
  const inDays = (days: number): number => clock.nowMs() + days * dayMs;
  assert.equal(expiryWarning(year, inDays(350)), undefined);
  assert.match(
    expiryWarning(year, inDays(352)) ?? "",
    /^warning: the certificate in context "prod" expires at 2027-.*config renew$/,
  );
  assert.equal(expiryWarning(week, inDays(5)), undefined);
  assert.match(expiryWarning(week, inDays(6)) ?? "", /expires at/);
  assert.throws(
    () => expiryWarning(week, inDays(8)),
    (thrown) => Problem.is(thrown, "unauthenticated") && /"prod" expired at 2026-/.test(thrown.message),
  );
  assert.equal(expiryWarning({ name: "odd", clientCertificate: "nothing" }, 0), undefined);
});
