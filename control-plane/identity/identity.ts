/** Puts the pieces of this folder together; the composition root connects them with the rest. */
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import type { Random } from "#proto/kit/random.ts";
import type { Kv } from "../store/kv.ts";
import type { Sealer } from "../store/sealer.ts";
import { AttemptLimiter } from "./attempt-limiter.ts";
import { loadAuthority } from "./authority-store.ts";
import { CertificateAuthority } from "./certificate-authority.ts";
import { Enrollment } from "./enrollment.ts";
import { Issuing } from "./issuing.ts";
import { JoinTokens } from "./join-tokens.ts";
import { NodeIdentities } from "./node-identities.ts";

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
  readonly identities: NodeIdentities;
  readonly tokens: JoinTokens;
  readonly enrollment: Enrollment;
  readonly issuing: Issuing;
  /** This start made the cluster's authority. */
  readonly isNewCluster: boolean;
}

/** Ten wrong tokens a minute from one address. */
const attemptLimits = { maxFailures: 10, windowMs: 60_000, maxAddresses: 4096 };

export async function createIdentity(options: IdentityOptions, signal: AbortSignal): Promise<Identity> {
  const { kv, cluster, clock, random, logger } = options;
  const { material, created } = await loadAuthority(options, signal);
  const authority = new CertificateAuthority({
    ...{ cluster, material, clock, random },
    nodeLifetimeMs: options.nodeLifetimeMs,
  });
  const tokens = new JoinTokens({ kv, clock, random, authorityDigest: authority.digest });
  const identities = new NodeIdentities(kv, options.nodeExists);
  const limiter = new AttemptLimiter({ clock, ...attemptLimits });
  const enrollment = new Enrollment({ authority, tokens, identities, limiter, logger });
  const issuing = new Issuing({ authority, tokens, enrollmentAddress: options.enrollmentAddress });
  return { authority, identities, tokens, enrollment, issuing, isNewCluster: created };
}
