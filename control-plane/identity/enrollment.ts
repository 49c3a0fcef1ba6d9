/** Who gets a node certificate: a machine with a good join token, or a node that renews its own. No wire here. */
import { keyDigest, readCertificate } from "#proto/identity/certificate.ts";
import { isNodeName, nodeNameOf } from "#proto/identity/names.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { AttemptLimiter } from "./attempt-limiter.ts";
import type { CertificateAuthority, IssuedCertificate } from "./certificate-authority.ts";
import { readSigningRequest } from "./certificate-maker.ts";
import type { JoinTokens } from "./join-tokens.ts";
import type { NodeIdentities } from "./node-identities.ts";

export interface EnrollmentOptions {
  readonly authority: CertificateAuthority;
  readonly tokens: JoinTokens;
  readonly identities: NodeIdentities;
  readonly limiter: AttemptLimiter;
  readonly logger: Logger;
}

export interface JoinRequest {
  readonly token: string;
  readonly nodeName: string;
  readonly signingRequest: Uint8Array;
  /** The peer's IP address. */
  readonly address: string;
}

export class Enrollment {
  readonly #options: EnrollmentOptions;

  constructor(options: EnrollmentOptions) {
    this.#options = options;
  }

  /** Checks everything before it takes a use of the token. Idempotent for one token, name and key. */
  async join(request: JoinRequest, signal?: AbortSignal): Promise<IssuedCertificate> {
    const { tokens, identities, authority, limiter, logger } = this.#options;
    limiter.assertAllowed(request.address);
    const token = await tokens.check(request.token, signal).catch((thrown: unknown) => {
      if (Problem.is(thrown, "unauthenticated") || Problem.is(thrown, "bad-request")) limiter.failed(request.address);
      throw thrown;
    });
    if (!isNodeName(request.nodeName)) {
      throw new Problem("invalid", `"${request.nodeName.slice(0, 130)}" is not a node name`, {
        hint: "Use lower-case letters, digits, - and ., at most 120 characters, as in node-1.",
      });
    }
    const publicKey = await readSigningRequest(request.signingRequest);
    const digest = keyDigest(publicKey);
    await identities.assertFree(request.nodeName, digest, signal);
    await tokens.redeem(request.token, { node: request.nodeName, keyDigest: digest }, signal);
    await identities.bind(request.nodeName, digest, signal);
    const issued = await authority.issueNode(request.nodeName, publicKey);
    logger.info({ node: request.nodeName, tokenId: token.id, address: request.address }, "node enrolled");
    return issued;
  }

  /** `certificate` is what the peer showed in the handshake. */
  async renew(certificate: Uint8Array, signingRequest: Uint8Array, signal?: AbortSignal): Promise<IssuedCertificate> {
    const { identities, authority, logger } = this.#options;
    const peer = readCertificate(certificate);
    const node = nodeNameOf(peer);
    if (node === undefined) throw new Problem("forbidden", "only a node may renew a node certificate");
    const publicKey = await readSigningRequest(signingRequest);
    await identities.renew(node, peer.keyDigest, keyDigest(publicKey), signal);
    const issued = await authority.issueNode(node, publicKey);
    logger.info({ node }, "node certificate renewed");
    return issued;
  }
}
