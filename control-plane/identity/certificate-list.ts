/** All certificates there are as rows, and what about them needs a person. Pure. */
import { type CertificateInfo, readCertificate, renewAtMs } from "#proto/identity/certificate.ts";
import { nodeNameOf } from "#proto/identity/names.ts";
import { toTime } from "#proto/kit/clock.ts";
import type { CertificateList, CertificateSummary } from "#proto/resources/administration.ts";
import { type AuthorityState, trustedDigests } from "./authority-state.ts";
import type { CertificateRecord } from "./certificate-records.ts";
import type { Revocation } from "./revocations.ts";

export interface CertificateFacts {
  readonly state: AuthorityState;
  readonly records: readonly CertificateRecord[];
  readonly revoked: (serial: string) => Revocation | undefined;
  /** Of this control plane's own etcd. */
  readonly etcdPem?: string;
  /** About files of an etcd of the user's own. */
  readonly endingFiles?: readonly string[];
  readonly nowMs: number;
}

const dayMs = 24 * 3600 * 1000;
const authorityWarningMs = 365 * dayMs;
const personWarningMs = 14 * dayMs;
const maxWarnings = 20;

export function certificateList(facts: CertificateFacts): CertificateList {
  const certificates = [...fixed(facts), ...given(facts)];
  return { certificates, warnings: certificateWarnings(facts) };
}

function fixed({ state, etcdPem, nowMs }: CertificateFacts): readonly CertificateSummary[] {
  const { active, rotation } = state;
  const authority = row("authority", readCertificate(active.certificatePem), "in use");
  const old = rotation && row("authority", readCertificate(rotation.previousPem), "replaced");
  const etcd = etcdPem === undefined ? undefined : readCertificate(etcdPem);
  return [
    { ...authority, user: `${state.cluster} authority ${state.generation}` },
    ...(old
      ? [
          {
            ...old,
            user: `${state.cluster} authority ${state.generation - 1}`,
            note: "trusted until the rotation ends",
          },
        ]
      : []),
    ...(etcd
      ? [{ ...row("etcd", etcd, etcd.notAfterMs > nowMs ? "in use" : "expired"), renewsBy: latestRenewal(etcd) }]
      : []),
  ];
}

function row(
  kind: CertificateSummary["kind"],
  info: CertificateInfo,
  state: CertificateSummary["state"],
): CertificateSummary {
  return {
    ...{ kind, user: info.user, groups: info.groups, serial: info.serialNumber, state },
    issuedAt: toTime(info.notBeforeMs),
    expiresAt: toTime(info.notAfterMs),
  };
}

function given(facts: CertificateFacts): readonly CertificateSummary[] {
  const { records, revoked, nowMs } = facts;
  const trusted = new Set(trustedDigests(facts.state));
  const newest = new Map<string, CertificateRecord>();
  for (const record of records) {
    const best = newest.get(record.user);
    if (!best || best.issuedAtMs < record.issuedAtMs) newest.set(record.user, record);
  }
  const rows = records.map((record): CertificateSummary => {
    const kind = kindOf(record);
    const revocation = revoked(record.serial);
    const isLast = newest.get(record.user)?.serial === record.serial;
    // A control plane serves with its newest: nobody shows it to itself.
    const isUsed = record.usedAtMs !== undefined || kind === "control plane";
    // After a rotation has ended: nobody takes it any more, however long it is good by itself.
    const isDropped = !trusted.has(record.authority);
    const isReplaced = isDropped || (kind !== "person" && !isLast);
    const live = isReplaced ? "replaced" : isUsed ? "in use" : "given out";
    const isRenewed = kind !== "person" && isLast && !isDropped && !revocation;
    return {
      ...{ kind, user: record.user, groups: record.groups, serial: record.serial },
      issuedAt: toTime(record.issuedAtMs),
      expiresAt: toTime(record.expiresAtMs),
      ...(isRenewed && { renewsBy: latestRenewal(lifeOf(record)) }),
      state: revocation ? "revoked" : record.expiresAtMs <= nowMs ? "expired" : live,
      ...(isDropped && isLast && !revocation && { note: "its authority is trusted no more" }),
      ...(revocation && {
        note: `${revocation.reason} (by ${revocation.revokedBy}, ${toTime(revocation.revokedAtMs)})`,
      }),
    };
  });
  const order = ["control plane", "node", "person"];
  const rank = (one: CertificateSummary): number => order.indexOf(one.kind);
  return rows.sort((a, b) => rank(a) - rank(b) || compare(a.user, b.user) || compare(b.issuedAt, a.issuedAt));
}

export function certificateWarnings(facts: CertificateFacts): readonly string[] {
  const { state, nowMs } = facts;
  const warnings: string[] = [];
  const authorityEndsAtMs = readCertificate(state.active.certificatePem).notAfterMs;
  if (authorityEndsAtMs - nowMs < authorityWarningMs) {
    warnings.push(
      `The cluster's authority expires on ${day(authorityEndsAtMs)}: replace it with \`orchctl cluster ca rotate\`.`,
    );
  }
  if (state.rotation) {
    const { endsAtMs } = state.rotation;
    warnings.push(
      `The authority is being replaced; the old one is dropped on ${day(endsAtMs)} (orchctl cluster ca status).`,
    );
  }
  if (facts.etcdPem !== undefined) {
    const { notBeforeMs, notAfterMs } = readCertificate(facts.etcdPem);
    if (isOverdue(notBeforeMs, notAfterMs, nowMs))
      warnings.push(`The certificate of this control plane's etcd ${unrenewed(notAfterMs)}: see its log.`);
  }
  warnings.push(...(facts.endingFiles ?? []));
  warnings.push(...newestGood(facts).flatMap((record) => holderWarning(record, nowMs)));
  const rest = warnings.length - maxWarnings;
  return rest > 0
    ? [...warnings.slice(0, maxWarnings), `${rest} more certificates expire soon: orchctl cert status`]
    : warnings;
}

/** The last certificate of each holder that is good, and was used. */
function newestGood({ records, revoked, nowMs }: CertificateFacts): readonly CertificateRecord[] {
  const newest = new Map<string, CertificateRecord>();
  for (const record of records) {
    if (record.expiresAtMs <= nowMs || revoked(record.serial)) continue;
    const best = newest.get(record.user);
    if (!best || best.expiresAtMs < record.expiresAtMs) newest.set(record.user, record);
  }
  return [...newest.values()].sort((a, b) => compare(a.user, b.user));
}

function holderWarning(record: CertificateRecord, nowMs: number): readonly string[] {
  const kind = kindOf(record);
  const lifeMs = record.expiresAtMs - record.issuedAtMs;
  if (kind === "person") {
    if (record.expiresAtMs - nowMs > Math.min(personWarningMs, lifeMs * 0.2)) return [];
    return [
      `The certificate of ${record.user} expires on ${day(record.expiresAtMs)}: \`orchctl config renew\` there, or \`orchctl user add\` here.`,
    ];
  }
  if (!isOverdue(record.issuedAtMs, record.expiresAtMs, nowMs)) return [];
  const name = nodeNameOf(record);
  return name === undefined
    ? [`The certificate of ${record.user} ${unrenewed(record.expiresAtMs)}: see its log.`]
    : [`Node ${name}'s certificate ${unrenewed(record.expiresAtMs)}: see that its agent is connected.`];
}

/** Renewed at 80 % at the latest; 10 % more is patience. */
const isOverdue = (fromMs: number, toMs: number, nowMs: number): boolean => toMs - nowMs <= (toMs - fromMs) * 0.1;

const unrenewed = (endsAtMs: number): string => `expires on ${day(endsAtMs)} and was not renewed`;

function kindOf(record: Pick<CertificateRecord, "user" | "groups">): "node" | "person" | "control plane" {
  if (nodeNameOf(record) !== undefined) return "node";
  return record.groups.length === 0 ? "control plane" : "person";
}

const lifeOf = ({ issuedAtMs, expiresAtMs }: CertificateRecord) => ({
  notBeforeMs: issuedAtMs,
  notAfterMs: expiresAtMs,
});
const latestRenewal = (life: Parameters<typeof renewAtMs>[0]): string => toTime(renewAtMs(life, 1));
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const day = (ms: number): string => toTime(ms).slice(0, 16).replace("T", " ");
