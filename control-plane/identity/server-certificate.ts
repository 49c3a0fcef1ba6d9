/** The certificate this control plane serves with: kept on disk between starts, renewed while running without a restart. */
import { type CertificateLife, readCertificate, splitPem } from "#proto/identity/certificate.ts";
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
  readonly #servers: Server[] = [];
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

  /** For one server; a renewed certificate serves its new connections at once. Without client certificates it is for joining. */
  credentials(requireClientCertificate: boolean): TlsServerCredentials {
    const isForJoining = !requireClientCertificate;
    const credentials = new TlsServerCredentials(this.#material(isForJoining), { requireClientCertificate });
    this.#servers.push({ credentials, isForJoining });
    return credentials;
  }

  /** Also shows and trusts what the authority says now. */
  async renew(): Promise<void> {
    this.#current = await makeStoredCertificate(stored(this.#options));
    for (const { credentials, isForJoining } of this.#servers) credentials.replace(this.#material(isForJoining));
  }

  #material(isForJoining: boolean): TlsMaterial {
    const { authority } = this.#options;
    const [leaf = ""] = splitPem(this.#current.certificatePem);
    const chain = isForJoining ? authority.enrollmentChainPem : authority.chainPem;
    return {
      certificateChain: `${leaf}\n${chain}`,
      privateKey: this.#current.privateKeyPem,
      authorities: authority.authoritiesPem,
    };
  }
}

interface Server {
  readonly credentials: TlsServerCredentials;
  readonly isForJoining: boolean;
}

function stored(options: ServerCertificateOptions): StoredCertificateOptions {
  const { folder, authority, clock, lifetimeMs } = options;
  const make = (): Promise<KeyAndCertificate> => authority.issueControlPlane(lifetimeMs);
  return { folder, name: "server", authorityPem: authority.authoritiesPem, nowMs: clock.nowMs(), make };
}
