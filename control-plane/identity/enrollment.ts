/** Who gets a node certificate: a machine with a good join token, or a node that renews its own. No wire here. */
import { isSignedBy, keyDigest, readCertificate } from "#proto/identity/certificate.ts";
import { isNodeName, nodeNameOf } from "#proto/identity/names.ts";
import { type Clock, toTime } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { AttemptLimiter } from "./attempt-limiter.ts";
import { absenceMs, recognizedPems } from "./authority-state.ts";
import { type CertificateAuthority, dayMs, type IssuedCertificate } from "./certificate-authority.ts";
import { readSigningRequest } from "./certificate-maker.ts";
import type { JoinTokens } from "./join-tokens.ts";
import type { NodeIdentities } from "./node-identities.ts";
import type { Revocations } from "./revocations.ts";

export interface EnrollmentOptions {
  readonly authority: CertificateAuthority;
  readonly tokens: JoinTokens;
  readonly identities: NodeIdentities;
  readonly limiter: AttemptLimiter;
  readonly revocations: Pick<Revocations, "refusal">;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface JoinRequest {
  readonly token: string;
  readonly nodeName: string;
  readonly signingRequest: Uint8Array;
  /** The peer's IP address. */
  readonly address: string;
}

export interface ReturnRequest {
  /** PEM. */
  readonly certificate: string;
  readonly signingRequest: Uint8Array;
  readonly address: string;
}

const hint = "Join this machine again with a token: `orchctl node join` prints the command. Its name and pods stay.";

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

  /**
   * A machine that was away for so long that its certificate expired, or its authority was replaced: the same node with the same key
   * gets another one, for a while. Afterwards, and for a deleted node, it takes a token.
   */
  async return(request: ReturnRequest, signal?: AbortSignal): Promise<IssuedCertificate> {
    const { identities, authority, limiter, revocations, clock, logger } = this.#options;
    limiter.assertAllowed(request.address);
    try {
      const old = readCertificate(request.certificate);
      const node = nodeNameOf(old);
      const nowMs = clock.nowMs();
      const isOurs = recognizedPems(authority.state, nowMs).some((pem) => isSignedBy(request.certificate, pem));
      if (node === undefined || !isOurs) {
        throw new Problem(
          "forbidden",
          "this certificate is not of this cluster, or of an authority dropped too long ago",
          { hint },
        );
      }
      if (nowMs > old.notAfterMs + absenceMs) {
        const days = Math.round(absenceMs / dayMs);
        const at = toTime(old.notAfterMs);
        throw new Problem("forbidden", `the certificate of node ${node} expired at ${at}, more than ${days} days ago`, {
          hint,
        });
      }
      const publicKey = await readSigningRequest(request.signingRequest);
      if (keyDigest(publicKey) !== old.keyDigest) {
        throw new Problem("forbidden", "a returning machine asks for the key it had; this is another one", { hint });
      }
      // A deleted node's certificates are revoked, too: that it was deleted says more.
      await assertNotDeleted(identities, node, old.keyDigest, signal);
      const refusal = revocations.refusal(old.serialNumber);
      if (refusal) throw refusal;
      const issued = await authority.issueNode(node, publicKey);
      logger.info({ node, address: request.address, expiredAtMs: old.notAfterMs }, "a node came back");
      return issued;
    } catch (thrown) {
      if (Problem.is(thrown, "forbidden") || Problem.is(thrown, "invalid")) limiter.failed(request.address);
      throw thrown;
    }
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

/** Throws `not-found` when somebody deleted the Node: what the machine runs, it runs for nobody. Otherwise `forbidden`. */
async function assertNotDeleted(
  identities: NodeIdentities,
  node: string,
  keyDigest: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { refusal, wasDeleted } = await identities.standing(node, keyDigest, signal);
  if (refusal && wasDeleted) throw new Problem("not-found", refusal.message, { hint });
  if (refusal) throw refusal;
}
