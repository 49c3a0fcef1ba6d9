/** The Administration service: who may ask, and what is answered. The work is done by the pieces of this folder. */
import { backdateMs, readCertificate } from "#proto/identity/certificate.ts";
import { nodeNameOf, nodeUser } from "#proto/identity/names.ts";
import { type Clock, toTime } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { type CallContext, type ServiceHandlers, serverStream, unary } from "#proto/kit/rpc/handlers.ts";
import type {
  AuthorityStatus,
  CertificateList,
  JoinTokenSummary,
  RevocationAnswer,
} from "#proto/resources/administration.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import type { administrationService } from "#proto/wire/generated/services.ts";
import type { Access } from "../api/authorize.ts";
import { defaultWindowMs } from "./authority-state.ts";
import { authorityStatus, stillWaiting } from "./authority-status.ts";
import { certificateList } from "./certificate-list.ts";
import type { StoredRecord } from "./certificate-records.ts";
import type { Identity } from "./identity.ts";
import type { JoinTokenRecord } from "./join-tokens.ts";

export interface AdministrationOptions {
  readonly identity: Identity;
  /** Throws `forbidden`; answers who calls. */
  readonly authorize: (context: CallContext, access: Access) => string;
  readonly nodes: () => readonly string[];
  readonly isConnected: (node: string) => boolean;
  readonly etcdPem: () => string | undefined;
  /** About files of an etcd of the user's own. */
  readonly endingFiles: () => readonly string[];
  readonly backup: (signal: AbortSignal) => AsyncIterable<orch.v1.BackupPart.$Properties>;
  readonly clock: Clock;
}

/** The sealing key has handlers of its own. */
type SealingCalls = "sealingKeyStatus" | "rotateSealingKey" | "finishSealingKeyRotation";
type Handlers = Omit<ServiceHandlers<typeof administrationService>, SealingCalls>;
const minWindowMs = 60_000;
const maxWindowMs = 365 * 24 * 3600 * 1000;
const slowDeadlineMs = 120_000;

export function administrationHandlers(options: AdministrationOptions): Handlers {
  const { identity, clock } = options;
  const may = (context: CallContext, verb: Access["verb"], resource: string, name = ""): string =>
    options.authorize(context, { verb, resource: `${resource}.orch`, namespace: "", name });
  return {
    ...tokenHandlers(options, may),
    listCertificates: unary(async (_request, context) => {
      may(context, "list", "certificates");
      return body<CertificateList>(certificateList(await facts(options, context.signal)));
    }),
    revokeCertificates: unary(async ({ serial, user, reason }, context) => {
      const by = may(context, "delete", "certificates", serial || user);
      const found = await certificatesOf(identity, { serial: serial ?? "", user: user ?? "" }, context.signal);
      const revoked = await identity.revocations.revoke(
        found,
        { user: by, reason: reason || "no reason given" },
        context.signal,
      );
      return body<RevocationAnswer>({
        revoked: revoked.map((one) => ({ serial: one.serial, user: one.user, expiresAt: toTime(one.expiresAtMs) })),
      });
    }),
    renewOwnCertificate: unary((request, context) => renewOwn(identity, clock, request.signingRequest, context)),
    authorityStatus: unary(async (_request, context) => {
      may(context, "get", "authorities");
      return body<AuthorityStatus>(await statusOf(options, context.signal));
    }),
    rotateAuthority: unary(
      async ({ windowMs }, context) => {
        const by = may(context, "update", "authorities");
        const wanted = Number(windowMs ?? 0) || defaultWindowMs;
        if (wanted < minWindowMs || wanted > maxWindowMs) {
          throw new Problem("invalid", "the window is from one minute to a year", { hint: "As in --window 30d." });
        }
        await identity.keeper.rotate(wanted, by, context.signal);
        return body<AuthorityStatus>(await statusOf(options, context.signal));
      },
      { deadlineMs: slowDeadlineMs },
    ),
    finishAuthorityRotation: unary(async ({ force }, context) => {
      may(context, "update", "authorities");
      const missing = stillWaiting(await statusOf(options, context.signal));
      if (missing.length > 0 && !force) throw notAllThere(missing);
      await identity.keeper.finish(context.signal);
      return body<AuthorityStatus>(await statusOf(options, context.signal));
    }),
    backup: serverStream(async function* backup(_request, context) {
      may(context, "get", "backups");
      yield* options.backup(context.signal);
    }),
  };
}

type May = (context: CallContext, verb: Access["verb"], resource: string, name?: string) => string;

function tokenHandlers(
  { identity, clock }: AdministrationOptions,
  may: May,
): Pick<Handlers, "listJoinTokens" | "revokeJoinToken"> {
  return {
    listJoinTokens: unary(async (_request, context) => {
      may(context, "list", "jointokens");
      const records = await identity.tokens.list(context.signal);
      return body<readonly JoinTokenSummary[]>(records.map((record) => tokenSummary(record, clock.nowMs())));
    }),
    revokeJoinToken: unary(async ({ id }, context) => {
      may(context, "delete", "jointokens", id);
      if (!(await identity.tokens.revoke(id ?? "", context.signal))) {
        throw new Problem("not-found", `there is no join token "${id}"`, { hint: "List them: `orchctl token list`." });
      }
      return body({ id });
    }),
  };
}

function body<Body>(value: Body): { readonly body: Buffer } {
  return { body: Buffer.from(JSON.stringify(value)) };
}

function tokenSummary(record: JoinTokenRecord, nowMs: number): JoinTokenSummary {
  const { id, description, createdBy, uses } = record;
  const isUsedUp = record.usedBy.length >= uses;
  return {
    ...{ id, description, createdBy, uses },
    createdAt: toTime(record.createdAtMs),
    expiresAt: toTime(record.expiresAtMs),
    usedBy: record.usedBy.map(({ node }) => node),
    state: record.expiresAtMs <= nowMs ? "expired" : isUsedUp ? "used up" : "good",
  };
}

async function facts(options: AdministrationOptions, signal: AbortSignal) {
  const { identity, clock, etcdPem, endingFiles } = options;
  const pem = etcdPem();
  return {
    state: identity.keeper.state,
    records: await identity.records.list(signal),
    revoked: (serial: string) => identity.revocations.get(serial),
    ...(pem !== undefined && { etcdPem: pem }),
    endingFiles: endingFiles(),
    nowMs: clock.nowMs(),
  };
}

async function statusOf(options: AdministrationOptions, signal: AbortSignal): Promise<AuthorityStatus> {
  const { nodes, isConnected, identity } = options;
  const isRevoked = (serial: string): boolean => identity.revocations.get(serial) !== undefined;
  return authorityStatus({ ...(await facts(options, signal)), isRevoked, nodes: nodes(), isConnected });
}

/** By serial number (colons and case do not matter), or all that a person or node holds. Throws `not-found`. */
async function certificatesOf(
  { records }: Identity,
  wanted: { readonly serial: string; readonly user: string },
  signal: AbortSignal,
): Promise<readonly StoredRecord[]> {
  const hint = "List them: `orchctl cert status`.";
  if (wanted.serial !== "") {
    const serial = wanted.serial.replaceAll(":", "").toUpperCase();
    const found = await records.get(serial, signal);
    if (!found)
      throw new Problem("not-found", `no certificate with the serial number ${serial} was given out`, { hint });
    return [found];
  }
  if (wanted.user === "") throw new Problem("bad-request", "name a serial number, a person or a node");
  const all = (await records.list(signal)).filter(({ user }) => user === wanted.user || user === nodeUser(wanted.user));
  if (all.length === 0) throw new Problem("not-found", `${wanted.user} holds no certificate`, { hint });
  return all;
}

/** The same name and groups for another key; an administrator's starts anew, anybody else's ends when the old one does. */
async function renewOwn(
  { authority }: Identity,
  clock: Clock,
  signingRequest: Uint8Array | null | undefined,
  { peer }: CallContext,
) {
  if (!peer?.certificate || nodeNameOf(peer) !== undefined || peer.groups.length === 0) {
    throw new Problem("forbidden", "only a person's certificate is renewed this way");
  }
  const { notBeforeMs, notAfterMs } = readCertificate(peer.certificate);
  const lifetimeMs = peer.groups.includes("system:masters")
    ? notAfterMs - notBeforeMs - backdateMs
    : notAfterMs - clock.nowMs();
  const issued = await authority.issueUser({
    ...{ user: peer.user, groups: peer.groups, lifetimeMs: Math.min(lifetimeMs, 365 * 24 * 3600 * 1000) },
    signingRequest: signingRequest ?? new Uint8Array(),
  });
  return {
    certificateChain: Buffer.from(issued.chainPem),
    authorities: Buffer.from(authority.authoritiesPem),
    expiresAtMs: issued.expiresAtMs,
  };
}

function notAllThere(missing: ReturnType<typeof stillWaiting>): Problem {
  const names = missing.map(({ kind, name }) => `${kind} ${name}`);
  const more = names.length > 10 ? `, and ${names.length - 10} more` : "";
  return new Problem(
    "conflict",
    `not everybody has a certificate of the new authority: ${names.slice(0, 10).join(", ")}${more}`,
    {
      hint: "Wait for the nodes; people run `orchctl config renew`. --force drops the old authority all the same: nodes then come back by themselves within 30 days, people need `orchctl user add`.",
    },
  );
}
