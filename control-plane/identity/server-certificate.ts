/** The certificate this control plane serves with: kept on disk between starts, renewed while running without a restart. */
import { experimental, type ServerCredentials } from "@grpc/grpc-js";
import { readCertificate, renewAtMs } from "#proto/identity/certificate.ts";
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import type { Random } from "#proto/kit/random.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import type { KeyAndCertificate } from "./certificate-maker.ts";
import { ensureStoredCertificate, makeStoredCertificate, type StoredCertificateOptions } from "./stored-certificate.ts";

type IdentityListener = (update: { certificate: Buffer; privateKey: Buffer } | null) => void;
type AuthorityListener = (update: { caCertificate: Buffer } | null) => void;

export interface ServerCertificateOptions {
  readonly folder: string;
  readonly authority: CertificateAuthority;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

const checkIntervalMs = 6 * 3600 * 1000;

export class ServerCertificate {
  readonly #options: ServerCertificateOptions;
  readonly #identityListeners = new Set<IdentityListener>();
  #current: KeyAndCertificate | undefined;

  constructor(options: ServerCertificateOptions) {
    this.#options = options;
  }

  /** Loads or makes the certificate, then renews it in time until the signal aborts. */
  async start(signal: AbortSignal): Promise<void> {
    this.#current = await ensureStoredCertificate(this.#stored);
    this.#schedule(signal);
  }

  /** With `clientCertificates`, callers must show one of this cluster. A renewed certificate serves new connections at once. */
  credentials(clientCertificates: boolean): ServerCredentials {
    const authorities = Buffer.from(this.#options.authority.authoritiesPem);
    const identityProvider = {
      addCaCertificateListener: () => undefined,
      removeCaCertificateListener: () => undefined,
      addIdentityCertificateListener: (listener: IdentityListener) => {
        this.#identityListeners.add(listener);
        if (this.#current) listener(asUpdate(this.#current));
      },
      removeIdentityCertificateListener: (listener: IdentityListener) => void this.#identityListeners.delete(listener),
    };
    const authorityProvider = {
      addCaCertificateListener: (listener: AuthorityListener) => listener({ caCertificate: authorities }),
      removeCaCertificateListener: () => undefined,
      addIdentityCertificateListener: () => undefined,
      removeIdentityCertificateListener: () => undefined,
    };
    return experimental.createCertificateProviderServerCredentials(
      identityProvider,
      clientCertificates ? authorityProvider : null,
      clientCertificates,
    );
  }

  get #stored(): StoredCertificateOptions {
    const { folder, authority, clock } = this.#options;
    const make = (): Promise<KeyAndCertificate> => authority.issueControlPlane();
    return { folder, name: "server", authorityPem: authority.authoritiesPem, nowMs: clock.nowMs(), make };
  }

  #schedule(signal: AbortSignal): void {
    const timer = this.#options.clock.after(checkIntervalMs, () => {
      void this.#renewIfDue().finally(() => {
        signal.removeEventListener("abort", cancel);
        if (!signal.aborted) this.#schedule(signal);
      });
    });
    const cancel = (): void => timer.cancel();
    signal.addEventListener("abort", cancel, { once: true });
  }

  async #renewIfDue(): Promise<void> {
    const { clock, random, logger } = this.#options;
    if (!this.#current || clock.nowMs() < renewAtMs(readCertificate(this.#current.certificatePem), random.next()))
      return;
    try {
      this.#current = await makeStoredCertificate(this.#stored);
      for (const listener of this.#identityListeners) listener(asUpdate(this.#current));
      logger.info({}, "server certificate renewed");
    } catch (thrown) {
      logger.error({ err: thrown }, "server certificate could not be renewed");
    }
  }
}

function asUpdate(material: KeyAndCertificate): { certificate: Buffer; privateKey: Buffer } {
  return { certificate: Buffer.from(material.certificatePem), privateKey: Buffer.from(material.privateKeyPem) };
}
