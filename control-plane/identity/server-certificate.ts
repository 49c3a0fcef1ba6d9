/** The certificate this control plane serves with: kept on disk between starts, renewed while running without a restart. */
import { readCertificate, renewAtMs } from "#proto/identity/certificate.ts";
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import type { Random } from "#proto/kit/random.ts";
import { type TlsMaterial, TlsServerCredentials } from "#proto/kit/rpc/tls.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import type { KeyAndCertificate } from "./certificate-maker.ts";
import { ensureStoredCertificate, makeStoredCertificate, type StoredCertificateOptions } from "./stored-certificate.ts";

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
  readonly #credentials: TlsServerCredentials[] = [];
  #current: KeyAndCertificate;

  private constructor(options: ServerCertificateOptions, current: KeyAndCertificate) {
    this.#options = options;
    this.#current = current;
  }

  /** Loads or makes the certificate, then renews it in time until the signal aborts. */
  static async start(options: ServerCertificateOptions, signal: AbortSignal): Promise<ServerCertificate> {
    const certificate = new ServerCertificate(options, await ensureStoredCertificate(stored(options)));
    certificate.#schedule(signal);
    return certificate;
  }

  /** What this control plane serves with now; it also signs what agents are to trust. */
  get keyPair(): KeyAndCertificate {
    return this.#current;
  }

  /** For one server; a renewed certificate serves its new connections at once. */
  credentials(requireClientCertificate: boolean): TlsServerCredentials {
    const credentials = new TlsServerCredentials(this.#material(), { requireClientCertificate });
    this.#credentials.push(credentials);
    return credentials;
  }

  #material(): TlsMaterial {
    const { certificatePem, privateKeyPem } = this.#current;
    const authorities = this.#options.authority.authoritiesPem;
    return { certificateChain: certificatePem, privateKey: privateKeyPem, authorities };
  }

  #schedule(signal: AbortSignal): void {
    const timer = this.#options.clock.after(checkIntervalMs, () => {
      signal.removeEventListener("abort", cancel);
      void this.#renewIfDue().finally(() => {
        if (!signal.aborted) this.#schedule(signal);
      });
    });
    const cancel = (): void => timer.cancel();
    signal.addEventListener("abort", cancel, { once: true });
  }

  async #renewIfDue(): Promise<void> {
    const { clock, random, logger } = this.#options;
    if (clock.nowMs() < renewAtMs(readCertificate(this.#current.certificatePem), random.next())) return;
    try {
      this.#current = await makeStoredCertificate(stored(this.#options));
      for (const credentials of this.#credentials) credentials.replace(this.#material());
      logger.info({}, "server certificate renewed");
    } catch (thrown) {
      logger.error({ err: thrown }, "the server certificate could not be renewed");
    }
  }
}

function stored(options: ServerCertificateOptions): StoredCertificateOptions {
  const { folder, authority, clock } = options;
  const make = (): Promise<KeyAndCertificate> => authority.issueControlPlane();
  return { folder, name: "server", authorityPem: authority.authoritiesPem, nowMs: clock.nowMs(), make };
}
