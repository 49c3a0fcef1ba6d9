/** Notes, once for each certificate, that its holder has shown it: until then it was only given out. */
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { CertificateRecords } from "./certificate-records.ts";

/** A cluster has far fewer people and nodes; beyond it some are looked up again. */
const mostRemembered = 10_000;

export class FirstUses {
  readonly #records: Pick<CertificateRecords, "used">;
  readonly #logger: Logger;
  readonly #signal: AbortSignal;
  readonly #noted = new Set<string>();

  constructor(records: Pick<CertificateRecords, "used">, logger: Logger, signal: AbortSignal) {
    this.#records = records;
    this.#logger = logger;
    this.#signal = signal;
  }

  /** Costs nothing but the first time. Nobody waits for it; what could not be noted is noted with the next call. */
  note(serial: string): void {
    if (serial === "" || this.#noted.has(serial)) return;
    if (this.#noted.size >= mostRemembered) this.#noted.clear();
    this.#noted.add(serial);
    this.#records.used(serial, this.#signal).catch((thrown: unknown) => {
      this.#noted.delete(serial);
      this.#logger.debug({ serial, error: Problem.from(thrown).message }, "a certificate's first use was not noted");
    });
  }
}
