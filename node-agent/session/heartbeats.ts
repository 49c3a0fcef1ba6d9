/** Heartbeats of one session, and the verdict that nobody hears them. */
import type { Clock, Timer } from "#proto/kit/clock.ts";
import type { orch } from "#proto/wire/generated/messages.js";

export interface HeartbeatOptions {
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly send: (heartbeat: orch.v1.Heartbeat.$Properties) => void;
}

/** Unanswered for so many intervals: the connection is dead, whatever TCP believes. */
const maxUnanswered = 5;

export class Heartbeats {
  readonly #options: HeartbeatOptions;
  #sequence = 0;
  #answered = 0;
  #timer: Timer | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  start(onSilence: () => void): void {
    const { clock, intervalMs, send } = this.#options;
    this.#timer = clock.after(intervalMs, () => {
      if (this.#sequence - this.#answered >= maxUnanswered) {
        onSilence();
        return;
      }
      this.#sequence += 1;
      send({ sequence: this.#sequence, wallClockMs: clock.nowMs() });
      this.start(onSilence);
    });
  }

  acknowledged(sequence: number): void {
    this.#answered = Math.max(this.#answered, Math.min(sequence, this.#sequence));
  }

  stop(): void {
    this.#timer?.cancel();
  }
}
