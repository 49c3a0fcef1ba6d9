/** Renews what this control plane itself holds, while it runs: its server certificate, the administrator's context, etcd's. */
import type { CertificateLife } from "#proto/identity/certificate.ts";
import { CertificateRenewal } from "#proto/identity/renewal.ts";
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import type { Random } from "#proto/kit/random.ts";

export interface OwnCertificate {
  /** For the log, as "the server certificate". */
  readonly what: string;
  life(): CertificateLife;
  renew(): Promise<void>;
}

export interface OwnRenewalsOptions {
  readonly certificates: readonly OwnCertificate[];
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Until the signal aborts. */
export async function renewOwnCertificates(options: OwnRenewalsOptions, signal: AbortSignal): Promise<void> {
  const { certificates, clock, random, logger } = options;
  const running = certificates.map(({ what, life, renew }) =>
    new CertificateRenewal({ what, life, renew, clock, random, logger }).run(signal),
  );
  await Promise.all(running);
}
