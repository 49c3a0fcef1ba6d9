/** Renews the node's certificate at a random point between half and four fifths of its life; a failure tries again with back-off. */
import { renewAtMs } from "#proto/identity/certificate.ts";
import type { NodeIdentity } from "#proto/identity/join.ts";
import { backoffMs } from "#proto/kit/backoff.ts";
import { type Clock, sleep } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import type { StoredIdentity } from "./node-identity.ts";

export interface RenewalOptions {
  readonly current: () => StoredIdentity;
  /** Asks for a certificate with a fresh key. */
  readonly renew: (signal: AbortSignal) => Promise<NodeIdentity>;
  readonly replace: (identity: NodeIdentity) => Promise<void>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

const retry = { initialMs: 5_000, maxMs: 300_000 };
/** Timers of a month would overflow; and a suspended machine should not oversleep. */
const longestSleepMs = 3_600_000;

export async function keepCertificateFresh(options: RenewalOptions, signal: AbortSignal): Promise<void> {
  const { current, clock, random } = options;
  let dueAtMs = renewAtMs(current(), random.next());
  for (let failures = 0; !signal.aborted; ) {
    const waitMs = dueAtMs - clock.nowMs();
    if (waitMs > 0) {
      await sleep(clock, Math.min(waitMs, longestSleepMs), signal).catch(() => undefined);
    } else if (await tryRenewal(options, signal)) {
      failures = 0;
      dueAtMs = renewAtMs(current(), random.next());
    } else {
      dueAtMs = clock.nowMs() + backoffMs(retry, failures, random);
      failures += 1;
    }
  }
}

async function tryRenewal({ renew, replace, logger, current }: RenewalOptions, signal: AbortSignal): Promise<boolean> {
  try {
    await replace(await renew(signal));
    logger.info({ expiresAt: current().notAfterMs }, "the node's certificate was renewed");
    return true;
  } catch (thrown) {
    if (signal.aborted) return false;
    const problem = Problem.from(thrown);
    logger.warn({ code: problem.code, error: problem.message }, "the node's certificate could not be renewed");
    return false;
  }
}
