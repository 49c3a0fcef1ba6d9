/** What people ask the authority for over the API: join tokens and certificates. Who may ask is the API's business. */
import { Problem } from "#proto/kit/problem.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import type { CertificateAuthority } from "./certificate-authority.ts";
import type { JoinTokens } from "./join-tokens.ts";

export interface IssuingOptions {
  readonly authority: CertificateAuthority;
  readonly tokens: JoinTokens;
  /** Where machines join, `host:port`. */
  readonly enrollmentAddress: string;
}

export class Issuing {
  readonly #options: IssuingOptions;

  constructor(options: IssuingOptions) {
    this.#options = options;
  }

  async createJoinToken(
    request: orch.v1.CreateJoinTokenRequest.$Properties,
    createdBy: string,
    signal: AbortSignal,
  ): Promise<{ readonly token: string; readonly joinCommand: string; readonly expiresAtMs: number }> {
    const lifetimeMs = Number(request.lifetimeMs ?? 0);
    const uses = request.uses ?? 0;
    if (lifetimeMs < 0) throw new Problem("bad-request", "a join token's lifetime cannot be negative");
    const description = request.description ?? "";
    const made = await this.#options.tokens.create({ lifetimeMs, uses, description, createdBy }, signal);
    return { ...made, joinCommand: joinCommand(this.#options.enrollmentAddress, made.token) };
  }

  async issueUserCertificate(
    request: orch.v1.IssueUserCertificateRequest.$Properties,
  ): Promise<{ readonly certificateChain: Buffer; readonly authorities: Buffer; readonly expiresAtMs: number }> {
    const { authority } = this.#options;
    const issued = await authority.issueUser({
      user: request.user ?? "",
      groups: request.groups ?? [],
      signingRequest: request.signingRequest ?? new Uint8Array(),
      lifetimeMs: Number(request.lifetimeMs ?? 0),
    });
    return {
      certificateChain: Buffer.from(issued.chainPem),
      authorities: Buffer.from(authority.authoritiesPem),
      expiresAtMs: issued.expiresAtMs,
    };
  }
}

export function joinCommand(enrollmentAddress: string, token: string): string {
  return `orch-node-agent join --server ${enrollmentAddress} --token ${token}`;
}
