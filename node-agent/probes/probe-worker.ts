/** One probe of one running container: its timer, its runs, its verdict. */
import type { Clock, Timer } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Probe } from "#proto/resources/pod.ts";
import type { Limiter } from "./limiter.ts";
import type { ProbeAnswer, ProbeRunner, ProbeTarget } from "./runner.ts";
import { afterResult, type ProbeStart, type ProbeState, type ProbeTiming, startProbe } from "./schedule.ts";

export interface ProbeWorkerOptions {
  readonly target: ProbeTarget;
  readonly probe: Probe;
  readonly timing: ProbeTiming;
  readonly start: Omit<ProbeStart, "nowMs">;
  readonly clock: Clock;
  readonly limiter: Limiter;
  readonly runner: ProbeRunner;
  readonly onVerdict: () => void;
  /** A failure that counts. */
  readonly onFailure: (message: string) => void;
}

export class ProbeWorker {
  readonly #options: ProbeWorkerOptions;
  readonly #stopped = new AbortController();
  #state: ProbeState;
  #timer: Timer | undefined;
  #message: string | undefined;

  constructor(options: ProbeWorkerOptions) {
    this.#options = options;
    this.#state = startProbe(options.timing, { ...options.start, nowMs: options.clock.monotonicMs() });
    this.#schedule();
  }

  get verdict(): boolean | undefined {
    return this.#state.verdict;
  }

  get message(): string | undefined {
    return this.#message;
  }

  stop(): void {
    this.#timer?.cancel();
    this.#stopped.abort(new DOMException("the probe is no longer needed", "AbortError"));
  }

  #schedule(): void {
    if (this.#stopped.signal.aborted) return;
    const delayMs = this.#state.nextAtMs - this.#options.clock.monotonicMs();
    this.#timer = this.#options.clock.after(delayMs, () => void this.#run());
  }

  async #run(): Promise<void> {
    const { clock, limiter, timing, onVerdict, onFailure } = this.#options;
    const answer = await limiter.run(() => this.#ask());
    if (this.#stopped.signal.aborted) return;
    const before = this.#state;
    this.#state = afterResult(timing, before, answer.ok ? "success" : "failure", clock.monotonicMs());
    if (!answer.ok) this.#message = answer.message;
    if (this.#state.failures > before.failures) onFailure(answer.message);
    if (this.#state.verdict !== before.verdict) onVerdict();
    this.#schedule();
  }

  async #ask(): Promise<ProbeAnswer> {
    const { target, probe, runner, clock, timing } = this.#options;
    const timeout = new AbortController();
    const timer = clock.after(timing.timeoutMs, () => timeout.abort(new Problem("timeout", "probe timed out")));
    const signal = AbortSignal.any([this.#stopped.signal, timeout.signal]);
    try {
      return await Promise.race([runner(target, probe, signal), rejectOnAbort(signal)]);
    } catch (thrown) {
      const seconds = timing.timeoutMs / 1000;
      const message = timeout.signal.aborted ? `probe timed out after ${seconds}s` : Problem.from(thrown).message;
      return { ok: false, message };
    } finally {
      timer.cancel();
    }
  }
}

/** A runner that does not heed its signal must not hold up the schedule. */
function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
