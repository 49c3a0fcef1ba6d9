/** When something that runs out counts as running out: at once below its limit, and no longer after it has stayed well above. Pure. */

export interface GaugeOptions {
  /** For so long it must stay above `recoveredAt` times the limit. */
  readonly holdMs: number;
}

/** Of the limit: so that a node that frees a little does not swing to and fro. */
const recoveredAt = 1.25;

export class PressureGauge {
  readonly #holdMs: number;
  #isUnder = false;
  #wellSinceMs: number | undefined;

  constructor({ holdMs }: GaugeOptions) {
    this.#holdMs = holdMs;
  }

  /** `limit` 0 watches nothing. */
  judge(free: number, limit: number, nowMs: number): boolean {
    if (free < limit) {
      this.#isUnder = true;
      this.#wellSinceMs = undefined;
    } else if (this.#isUnder) {
      if (free < limit * recoveredAt) this.#wellSinceMs = undefined;
      else this.#wellSinceMs ??= nowMs;
      if (this.#wellSinceMs !== undefined && nowMs - this.#wellSinceMs >= this.#holdMs) this.#isUnder = false;
    }
    return this.#isUnder;
  }
}
