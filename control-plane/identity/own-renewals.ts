/** Renews what this control plane itself holds, while it runs: its server certificate, the administrator's context, etcd's. */
import type { CertificateLife } from "#proto/identity/certificate.ts";
import { CertificateRenewal } from "#proto/identity/renewal.ts";
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import type { Random } from "#proto/kit/random.ts";

export interface OwnCertificate {
  /** For the log, as "the server certificate". */
  readonly what: string;
  /** Signed by the cluster's authority: made anew when that changes. */
  readonly isOfAuthority: boolean;
  life(): CertificateLife;
  renew(): Promise<void>;
}

export interface OwnRenewalsOptions {
  readonly certificates: readonly OwnCertificate[];
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export class OwnRenewals {
  readonly #renewals: readonly { readonly renewal: CertificateRenewal; readonly isOfAuthority: boolean }[];

  constructor({ certificates, clock, random, logger }: OwnRenewalsOptions) {
    this.#renewals = certificates.map(({ what, life, renew, isOfAuthority }) => ({
      renewal: new CertificateRenewal({ what, life, renew, clock, random, logger }),
      isOfAuthority,
    }));
  }

  /** Until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#renewals.map(({ renewal }) => renewal.run(signal)));
  }

  authorityChanged(): void {
    for (const { renewal, isOfAuthority } of this.#renewals) if (isOfAuthority) renewal.soon();
  }
}
