/** Puts the pieces of this folder together; the composition root connects them with the rest. */
import { type Clock, sleep } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import type { Kv } from "../store/kv.ts";
import type { Sealer } from "../store/sealer.ts";
import { AttemptLimiter } from "./attempt-limiter.ts";
import { AuthorityKeeper } from "./authority-keeper.ts";
import { trustedDigests } from "./authority-state.ts";
import { loadAuthority } from "./authority-store.ts";
import { CertificateAuthority } from "./certificate-authority.ts";
import { CertificateRecords } from "./certificate-records.ts";
import { Enrollment } from "./enrollment.ts";
import { Issuing } from "./issuing.ts";
import { JoinTokens } from "./join-tokens.ts";
import { NodeIdentities } from "./node-identities.ts";
import { Revocations } from "./revocations.ts";

export interface IdentityOptions {
  readonly kv: Kv;
  readonly sealer: Sealer;
  readonly cluster: string;
  /** Where machines join, `host:port`. */
  readonly enrollmentAddress: string;
  readonly nodeLifetimeMs: number;
  readonly nodeExists: (name: string, signal?: AbortSignal) => Promise<boolean>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export interface Identity {
  readonly authority: CertificateAuthority;
  readonly keeper: AuthorityKeeper;
  readonly records: CertificateRecords;
  readonly revocations: Revocations;
  readonly identities: NodeIdentities;
  readonly tokens: JoinTokens;
  readonly enrollment: Enrollment;
  readonly issuing: Issuing;
  /** This start made the cluster's authority. */
  readonly isNewCluster: boolean;
  /** Follows what other control planes change, and forgets what has expired, until the signal aborts. */
  start(signal: AbortSignal): Promise<void>;
}

/** Ten wrong tokens a minute from one address. */
const attemptLimits = { maxFailures: 10, windowMs: 60_000, maxAddresses: 4096 };
const pruneIntervalMs = 6 * 3600 * 1000;

export async function createIdentity(options: IdentityOptions, signal: AbortSignal): Promise<Identity> {
  const { kv, sealer, cluster, clock, random, logger } = options;
  const { created, ...first } = await loadAuthority(options, signal);
  const keeper = new AuthorityKeeper({ kv, sealer, cluster, first, clock, random, logger });
  const records = new CertificateRecords(kv, clock);
  const revocations = new Revocations({ kv, clock, logger });
  const authority = new CertificateAuthority({
    state: () => keeper.state,
    ...{ clock, random, nodeLifetimeMs: options.nodeLifetimeMs },
    record: (pem, signer, trusts) => records.add(pem, signer, trusts),
  });
  const tokens = new JoinTokens({ kv, clock, random, authorityDigests: () => trustedDigests(keeper.state) });
  const identities = new NodeIdentities(kv, options.nodeExists);
  const limiter = new AttemptLimiter({ clock, ...attemptLimits });
  const enrollment = new Enrollment({ authority, tokens, identities, limiter, revocations, clock, logger });
  const issuing = new Issuing({ authority, tokens, enrollmentAddress: options.enrollmentAddress });
  return {
    ...{ authority, keeper, records, revocations, identities, tokens, enrollment, issuing, isNewCluster: created },
    async start(until) {
      await Promise.all([keeper.start(until), revocations.start(until)]);
      void pruneNowAndThen({ records, revocations, clock, logger }, until);
    },
  };
}

async function pruneNowAndThen(
  {
    records,
    revocations,
    clock,
    logger,
  }: Pick<Identity, "records" | "revocations"> & Pick<IdentityOptions, "clock" | "logger">,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await sleep(clock, pruneIntervalMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    await Promise.all([records.prune(signal), revocations.prune(signal)]).catch((thrown: unknown) => {
      logger.info({ error: Problem.from(thrown).message }, "expired certificates could not be forgotten; later then");
    });
  }
}
