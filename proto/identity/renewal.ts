/**
 * Keeps a certificate fresh: renews it at a random point between half and four fifths of its life, or as soon as it is asked to;
 * a failure is tried again with back-off, sooner the less life is left.
 */
import { backoffMs } from "../kit/backoff.ts";
import { type Clock, sleep } from "../kit/clock.ts";
import type { Logger } from "../kit/logger.ts";
import { Problem } from "../kit/problem.ts";
import type { Random } from "../kit/random.ts";
import { type CertificateLife, renewAtMs } from "./certificate.ts";

export interface RenewalOptions {
  /** Of the certificate in use. */
  readonly life: () => CertificateLife;
  /** Gets another one and takes it in use. */
  readonly renew: (signal: AbortSignal) => Promise<void>;
  /** For the log, as "the node's certificate". */
  readonly what: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

const retry = { initialMs: 5_000, maxMs: 300_000 };
const shortestRetryMs = 250;
/** Timers of a month would overflow; and a suspended machine should not oversleep. */
const longestSleepMs = 3_600_000;

export class CertificateRenewal {
  readonly #options: RenewalOptions;
  #dueAtMs = 0;
  #failures = 0;
  #wake = new AbortController();

  constructor(options: RenewalOptions) {
    this.#options = options;
    this.#schedule();
  }

  /** Wall clock. */
  get dueAtMs(): number {
    return this.#dueAtMs;
  }

  /** Renews at the next turn of `run`, whatever life is left; nothing changes while failures are being waited out. */
  soon(): void {
    if (this.#failures > 0) return;
    this.#dueAtMs = 0;
    this.#wake.abort();
  }

  /** Until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      const waitMs = this.#dueAtMs - clock.nowMs();
      if (waitMs > 0) await this.#pause(Math.min(waitMs, longestSleepMs), signal);
      else this.#failures = (await this.#tryOnce(this.#failures, signal)) ? 0 : this.#failures + 1;
    }
  }

  #schedule(): void {
    const { life, random } = this.#options;
    this.#dueAtMs = renewAtMs(life(), random.next());
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    const wake = this.#wake;
    await sleep(this.#options.clock, ms, AbortSignal.any([signal, wake.signal])).catch(() => undefined);
    if (wake.signal.aborted) this.#wake = new AbortController();
  }

  async #tryOnce(failures: number, signal: AbortSignal): Promise<boolean> {
    const { renew, what, life, clock, random, logger } = this.#options;
    try {
      await renew(signal);
      this.#schedule();
      logger.info({ what, expiresAtMs: life().notAfterMs }, "a certificate was renewed");
      return true;
    } catch (thrown) {
      if (signal.aborted) return false;
      const leftMs = life().notAfterMs - clock.nowMs();
      const patienceMs = Math.max(shortestRetryMs, leftMs > 0 ? leftMs / 10 : retry.maxMs);
      this.#dueAtMs = clock.nowMs() + Math.min(backoffMs(retry, failures, random), patienceMs);
      const problem = Problem.from(thrown);
      logger.warn(
        { what, code: problem.code, error: problem.message, hint: problem.hint },
        "a certificate could not be renewed",
      );
      return false;
    }
  }
}
