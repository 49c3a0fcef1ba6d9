/** When a node's wall clock counts as wrong: three heartbeats in a row, so that one late message condemns nobody. Pure. */

const limitMs = 2000;
const neededBeats = 3;

export class ClockSkew {
  #sustained = 0;
  #reported = false;

  /** Returns what to report now: the skew, `"agrees"` when it is over, undefined when nothing changed. */
  observe(skewMs: number): number | "agrees" | undefined {
    const isWrong = Math.abs(skewMs) > limitMs;
    if (isWrong === this.#reported) {
      this.#sustained = 0;
      return undefined;
    }
    if (++this.#sustained < neededBeats) return undefined;
    this.#sustained = 0;
    this.#reported = isWrong;
    return isWrong ? skewMs : "agrees";
  }
}
