import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "#proto/kit/manual-clock.ts";
import { seededRandom } from "#proto/kit/random.ts";
import { firstState, trustedDigests } from "./authority-state.ts";
import { authorityStatus, isUpToDate, stillWaiting } from "./authority-status.ts";
import { dayMs, validity } from "./certificate-authority.ts";
import { certificateList } from "./certificate-list.ts";
import { makeAuthority } from "./certificate-maker.ts";
import type { CertificateRecord } from "./certificate-records.ts";
import type { Revocation } from "./revocations.ts";

const clock = new ManualClock();
const random = seededRandom(3);
const active = await makeAuthority("test", "orch", validity(clock, random, 3650 * dayMs));
const state = firstState("local", active);
const nowMs = clock.nowMs();
const [digest = ""] = trustedDigests(state);

const record = (
  user: string,
  groups: readonly string[],
  issuedDaysAgo: number,
  lifeDays: number,
): CertificateRecord => ({
  ...{ serial: `${user}-${issuedDaysAgo}`, user, groups, authority: digest, trusts: [digest], usedAtMs: nowMs },
  issuedAtMs: nowMs - issuedDaysAgo * dayMs,
  expiresAtMs: nowMs + (lifeDays - issuedDaysAgo) * dayMs,
});
const node = (name: string, issuedDaysAgo: number): CertificateRecord =>
  record(`system:node:${name}`, ["system:nodes"], issuedDaysAgo, 7);
const facts = (records: readonly CertificateRecord[], atMs = nowMs, revoked: readonly Revocation[] = []) => ({
  ...{ state, records, nowMs: atMs },
  revoked: (serial: string) => revoked.find((one) => one.serial === serial),
});

test("each certificate is in use, replaced, revoked or expired; machines renew, people have to", () => {
  const revoked = {
    ...{ serial: "ben-1", user: "ben", expiresAtMs: nowMs + dayMs, revokedAtMs: nowMs },
    ...{ revokedBy: "admin", reason: "left" },
  };
  const records = [node("n1", 5), node("n1", 1), record("ana", ["orch:viewers"], 1, 90), record("ben", ["x"], 1, 90)];
  const { certificates, warnings } = certificateList(
    facts([...records, record("old", ["x"], 91, 90)], nowMs, [revoked]),
  );
  const rows = certificates.map(({ kind, user, state: is, renewsBy }) => [kind, user, is, renewsBy !== undefined]);
  assert.deepEqual(rows, [
    ["authority", "local authority 1", "in use", false],
    ["node", "system:node:n1", "in use", true],
    ["node", "system:node:n1", "replaced", false],
    ["person", "ana", "in use", false],
    ["person", "ben", "revoked", false],
    ["person", "old", "expired", false],
  ]);
  assert.match(certificates.find(({ user }) => user === "ben")?.note ?? "", /^left \(by admin, 2026-/);
  assert.deepEqual(warnings, []);
});

test("what an authority has signed that is trusted no more is replaced; told of who has nothing else", () => {
  const dropped = { authority: "dropped", trusts: ["dropped"] };
  const records = [
    { ...record("ana", ["x"], 9, 90), ...dropped },
    record("ana", ["x"], 1, 90),
    { ...record("ben", ["x"], 9, 90), ...dropped },
  ];
  const { certificates } = certificateList(facts(records));
  assert.deepEqual(
    certificates.slice(1).map(({ user, state: is, note }) => [user, is, note]),
    [
      ["ana", "in use", undefined],
      ["ana", "replaced", undefined],
      ["ben", "replaced", "its authority is trusted no more"],
    ],
  );
});

test("warnings come long before anything expires, and none for what was replaced or revoked", () => {
  const records = [
    node("late", 6.5),
    node("well", 6.5),
    node("well", 1),
    record("ana", ["g"], 80, 90),
    record("cp", [], 85, 90),
  ];
  const { warnings } = certificateList(facts(records));
  assert.equal(warnings.length, 3);
  assert.match(warnings.join("\n"), /certificate of ana expires on .*orchctl config renew/);
  assert.match(warnings.join("\n"), /certificate of cp expires on .* was not renewed/);
  assert.match(warnings.join("\n"), /Node late's certificate expires on .* its agent is connected/);
  const inNineYears = certificateList(facts([], nowMs + 3300 * dayMs));
  assert.match(inNineYears.warnings.join(), /authority expires on 2035-.*orchctl cluster ca rotate/);
  const many = Array.from({ length: 100 }, (_, at) => node(`n${at}`, 6.9));
  assert.equal(certificateList(facts(many)).warnings.length, 21);
});

test("etcd's certificate that was not renewed, and files of an etcd of one's own that end soon, are told", () => {
  const etcdPem = active.certificatePem;
  const told = (atMs: number): readonly string[] =>
    certificateList({ ...facts([], atMs), etcdPem, endingFiles: ["The certificate in /x (--etcd-cert) expires"] })
      .warnings;
  assert.deepEqual(told(nowMs), ["The certificate in /x (--etcd-cert) expires"]);
  assert.match(
    told(nowMs + 3300 * dayMs).join(),
    /certificate of this control plane's etcd expires on 2035-.* was not/,
  );
});

test("who is missing at a change of the authority: nodes by what they have shown, people by their newest certificate", () => {
  const rotating = {
    ...state,
    active: { certificatePem: active.certificatePem, privateKeyPem: "" },
    rotation: {
      previousPem: active.certificatePem,
      crossPem: "",
      startedAtMs: nowMs,
      startedBy: "ana",
      endsAtMs: nowMs + dayMs,
    },
  };
  const old = { authority: "old", trusts: ["old"] };
  const { usedAtMs: _, ...unseen } = node("lost-answer", 0);
  const records = [
    node("done", 0),
    { ...node("lost-answer", 1), ...old },
    unseen,
    { ...node("away", 1), ...old },
    { ...node("keeps-old", 0), trusts: [digest, "dropped"] },
    { ...record("ana", ["g"], 9, 90), ...old },
    record("ana", ["g"], 1, 90),
    { ...record("ben", ["g"], 9, 90), ...old },
    { ...record("eve", ["g"], 9, 90), ...old },
  ];
  const status = authorityStatus({
    ...{ state: rotating, records, nowMs, nodes: ["done", "lost-answer", "away", "keeps-old", "new"] },
    isRevoked: (serial) => serial.startsWith("eve"),
    isConnected: (name) => name !== "away",
  });
  assert.deepEqual(
    status.holders.map(({ name, state: is }) => `${name} ${is}`),
    [
      "done renewed",
      "lost-answer waiting",
      "away waiting",
      "keeps-old forgetting",
      "new waiting",
      "ana renewed",
      "ben waiting",
    ],
  );
  assert.deepEqual(
    stillWaiting(status).map(({ name }) => name),
    ["lost-answer", "away", "new", "ben"],
  );
  assert.ok(
    isUpToDate(state, node("x", 0)) && !isUpToDate(state, { ...node("x", 0), ...old }) && !isUpToDate(state, undefined),
  );
});
