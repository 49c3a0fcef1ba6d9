/**
 * How a node gets its next certificate: by the ordinary renewal while the one it has is good; else, when it expired while the machine was
 * off or the cluster's authority was replaced meanwhile, by coming back with its old key.
 */
import { type NodeIdentity, returnToCluster } from "#proto/identity/join.ts";
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { StoredIdentity } from "./node-identity.ts";
import type { Dismissal } from "./session-ports.ts";

export interface NextCertificateOptions {
  readonly identity: () => StoredIdentity;
  /** While the certificate is good. */
  readonly renew: (signal: AbortSignal) => Promise<NodeIdentity>;
  /** `HOST:PORT` each. */
  readonly enrollmentAddresses: readonly string[];
  /** Its node was deleted while the machine was away: what runs here runs for nobody. Called before the refusal is thrown. */
  readonly onDeleted?: (dismissal: Dismissal) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

const timeoutMs = 15_000;

export async function nextCertificate(options: NextCertificateOptions, signal: AbortSignal): Promise<NodeIdentity> {
  const { identity, renew, clock, logger } = options;
  const { notAfterMs } = identity();
  if (notAfterMs > clock.nowMs()) {
    try {
      return await renew(signal);
    } catch (thrown) {
      if (!isAboutCertificates(thrown)) throw thrown;
      logger.info(
        { error: Problem.from(thrown).message },
        "the control plane shows another authority; coming back to it",
      );
    }
  } else logger.warn({ expiredAtMs: notAfterMs }, "the node's certificate has expired; coming back with its key");
  return await comeBack(options, signal);
}

/** TLS failed because one side does not know the other's authority: no network trouble. */
export function isAboutCertificates(thrown: unknown): boolean {
  return /certificate|SELF_SIGNED|alert/i.test(Problem.from(thrown).message);
}

async function comeBack(options: NextCertificateOptions, signal: AbortSignal): Promise<NodeIdentity> {
  const { identity, enrollmentAddresses, onDeleted, clock } = options;
  let last = new Problem("unavailable", "no address is known where this machine could come back to");
  for (const address of enrollmentAddresses) {
    const at = address.lastIndexOf(":");
    const host = address.slice(0, at).replace(/^\[|\]$/g, "");
    const enrollmentPort = Number(address.slice(at + 1));
    try {
      return await returnToCluster({ host, enrollmentPort, identity: identity(), timeoutMs, clock }, signal);
    } catch (thrown) {
      last = Problem.from(thrown);
      if (last.code === "not-found") onDeleted?.({ reason: last.message, nodeDeleted: true, identityRefused: true });
      if (last.code !== "unavailable" && last.code !== "timeout") throw last;
    }
  }
  throw last;
}

/** The enrollment port follows the control plane's by default. */
export function enrollmentAddresses(known: string | undefined, controlPlane: readonly string[]): readonly string[] {
  const guessed = controlPlane.map((address) => address.replace(/:(\d+)$/, (_, port) => `:${Number(port) + 1}`));
  return [...new Set([...(known === undefined ? [] : [known]), ...guessed])];
}
