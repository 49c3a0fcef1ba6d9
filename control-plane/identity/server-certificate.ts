/** The certificate this control plane serves with: kept on disk between starts, renewed while running without a restart. */
import { type CertificateLife, readCertificate } from "#proto/identity/certificate.ts";
import type { Clock } from "#proto/kit/clock.ts";
import { type TlsMaterial, TlsServerCredentials } from "#proto/kit/rpc/tls.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import type { KeyAndCertificate } from "./certificate-maker.ts";
import { ensureStoredCertificate, makeStoredCertificate, type StoredCertificateOptions } from "./stored-certificate.ts";

export interface ServerCertificateOptions {
  readonly folder: string;
  readonly authority: CertificateAuthority;
  readonly lifetimeMs: number;
  readonly clock: Clock;
}

export class ServerCertificate {
  readonly #options: ServerCertificateOptions;
  readonly #credentials: TlsServerCredentials[] = [];
  #current: KeyAndCertificate;

  private constructor(options: ServerCertificateOptions, current: KeyAndCertificate) {
    this.#options = options;
    this.#current = current;
  }

  /** Loads or makes the certificate. */
  static async load(options: ServerCertificateOptions): Promise<ServerCertificate> {
    return new ServerCertificate(options, await ensureStoredCertificate(stored(options)));
  }

  get life(): CertificateLife {
    return readCertificate(this.#current.certificatePem);
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

  async renew(): Promise<void> {
    this.#current = await makeStoredCertificate(stored(this.#options));
    for (const credentials of this.#credentials) credentials.replace(this.#material());
  }

  #material(): TlsMaterial {
    const { certificatePem, privateKeyPem } = this.#current;
    const authorities = this.#options.authority.authoritiesPem;
    return { certificateChain: certificatePem, privateKey: privateKeyPem, authorities };
  }
}

function stored(options: ServerCertificateOptions): StoredCertificateOptions {
  const { folder, authority, clock, lifetimeMs } = options;
  const make = (): Promise<KeyAndCertificate> => authority.issueControlPlane(lifetimeMs);
  return { folder, name: "server", authorityPem: authority.authoritiesPem, nowMs: clock.nowMs(), make };
}
