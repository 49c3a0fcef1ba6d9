/** Looks at the machine's packet rules when somebody changed them, so that what drops pods' packets is told within seconds. */
import type { Clock, Timer } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";

export interface FirewallWatchOptions {
  /** Puts back what others took of ours; why pods' packets are dropped nevertheless. */
  readonly look: () => Promise<string | undefined>;
  readonly tell: (drops: string | undefined) => void;
  /** Calls back at each change, and when no more will be told; returns how to stop. Throws where the kernel tells nobody. */
  readonly watch: (onChange: () => void, onLost: (thrown: unknown) => void) => () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One command changes many rules; a look after the last of them is enough. */
const settleMs = 500;
/** Whoever changes rules all the time does not keep this node looking: listing them runs a program. */
const leastMs = 2_000;
/** What a lost event costs. */
const mostMs = 60_000;

export class FirewallWatch {
  readonly #options: FirewallWatchOptions;
  #unwatch: (() => void) | undefined;
  #timer: Timer | undefined;
  #looking: Promise<void> | undefined;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #isChanged = false;
  #isStopped = false;

  constructor(options: FirewallWatchOptions) {
    this.#options = options;
  }

  /** Resolves after the first look: whoever asks from then on is told what is so, also by an agent that was restarted. */
  async start(): Promise<void> {
    try {
      this.#unwatch = this.#options.watch(
        () => this.#changed(),
        (thrown) => this.#untold(thrown),
      );
    } catch (thrown) {
      this.#untold(thrown);
    }
    await this.#lookNow();
  }

  #untold(thrown: unknown): void {
    const { message } = Problem.from(thrown);
    const text = "changes of packet rules are not told by the kernel; they are looked at each minute";
    this.#options.logger.warn({ error: message }, text);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#unwatch?.();
    this.#timer?.cancel();
    await this.#looking;
  }

  #changed(): void {
    if (this.#isChanged) return;
    this.#isChanged = true;
    if (this.#looking) return;
    this.#lookIn(this.#dueInMs());
  }

  #dueInMs(): number {
    const restMs = this.#lookedAtMs + leastMs - this.#options.clock.monotonicMs();
    return Math.max(settleMs, restMs);
  }

  #lookIn(delayMs: number): void {
    if (this.#isStopped) return;
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(delayMs, () => void this.#lookNow());
  }

  #lookNow(): Promise<void> {
    this.#looking = this.#look().finally(() => {
      this.#looking = undefined;
      this.#lookIn(this.#isChanged ? this.#dueInMs() : mostMs);
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { look, tell, clock, logger } = this.#options;
    this.#isChanged = false;
    this.#lookedAtMs = clock.monotonicMs();
    try {
      tell(await look());
    } catch (thrown) {
      logger.warn({ error: Problem.from(thrown).message }, "the machine's packet rules could not be read");
    }
  }
}
