/** How far a change of the authority has come: who holds what. Pure. */
import { certificateDigest, readCertificate } from "#proto/identity/certificate.ts";
import { nodeNameOf, nodeUser } from "#proto/identity/names.ts";
import { toTime } from "#proto/kit/clock.ts";
import type { AuthorityHolder, AuthorityStatus } from "#proto/resources/administration.ts";
import { type AuthorityState, trustedDigests } from "./authority-state.ts";
import type { CertificateRecord } from "./certificate-records.ts";

export interface AuthorityFacts {
  readonly state: AuthorityState;
  readonly records: readonly CertificateRecord[];
  readonly isRevoked: (serial: string) => boolean;
  readonly nodes: readonly string[];
  readonly isConnected: (node: string) => boolean;
  readonly nowMs: number;
}

export function authorityStatus(facts: AuthorityFacts): AuthorityStatus {
  const { state, nowMs } = facts;
  const { active, rotation } = state;
  return {
    cluster: state.cluster,
    generation: state.generation,
    digest: certificateDigest(active.certificatePem),
    expiresAt: toTime(readCertificate(active.certificatePem).notAfterMs),
    ...(rotation && {
      rotation: {
        previousDigest: certificateDigest(rotation.previousPem),
        startedAt: toTime(rotation.startedAtMs),
        startedBy: rotation.startedBy,
        endsAt: toTime(rotation.endsAtMs),
      },
    }),
    holders: [...nodeHolders(facts), ...people(facts)],
    former: state.former
      .filter(({ returnUntilMs }) => returnUntilMs > nowMs)
      .map(({ previousPem, returnUntilMs }) => ({
        digest: certificateDigest(previousPem),
        returnUntil: toTime(returnUntilMs),
      })),
  };
}

/** Whom the old authority's end would lock out. */
export function stillWaiting(status: AuthorityStatus): readonly AuthorityHolder[] {
  return status.holders.filter(({ state }) => state === "waiting");
}

/** A certificate that is what a holder should have now: of the active authority, with exactly the authorities trusted now. */
export function isUpToDate(
  state: AuthorityState,
  record: Pick<CertificateRecord, "authority" | "trusts"> | undefined,
): boolean {
  return record !== undefined && stateOf(state, record) === "renewed";
}

function stateOf(
  state: AuthorityState,
  { authority, trusts }: Pick<CertificateRecord, "authority" | "trusts">,
): AuthorityHolder["state"] {
  const trusted = trustedDigests(state);
  if (authority !== trusted[0]) return "waiting";
  return trusts.every((digest) => trusted.includes(digest)) ? "renewed" : "forgetting";
}

/** A node has what it has shown: a certificate whose answer was lost on the way counts for nothing. */
function nodeHolders({ state, records, nodes, isConnected }: AuthorityFacts): readonly AuthorityHolder[] {
  return nodes.map((name) => {
    const newest = newestOf(records.filter(({ user, usedAtMs }) => user === nodeUser(name) && usedAtMs !== undefined));
    return {
      ...{ kind: "node", name, isConnected: isConnected(name) },
      state: newest ? stateOf(state, newest) : "waiting",
      ...(newest && { expiresAt: toTime(newest.expiresAtMs) }),
    };
  });
}

/** Who holds a good certificate of an authority that is not the active one, and none of that. */
function people({ state, records, isRevoked, nowMs }: AuthorityFacts): readonly AuthorityHolder[] {
  const byUser = new Map<string, CertificateRecord[]>();
  for (const record of records) {
    const isPerson = nodeNameOf(record) === undefined && record.groups.length > 0;
    if (!isPerson || record.expiresAtMs <= nowMs || isRevoked(record.serial)) continue;
    byUser.set(record.user, [...(byUser.get(record.user) ?? []), record]);
  }
  return [...byUser].sort().flatMap(([name, all]): readonly AuthorityHolder[] => {
    const newest = newestOf(all);
    if (!newest) return [];
    const is = stateOf(state, newest);
    return [{ kind: "person", name, state: is, expiresAt: toTime(newest.expiresAtMs) }];
  });
}

function newestOf<Record extends Pick<CertificateRecord, "issuedAtMs">>(
  records: readonly Record[],
): Record | undefined {
  return records.reduce<Record | undefined>(
    (best, one) => (best && best.issuedAtMs > one.issuedAtMs ? best : one),
    undefined,
  );
}
