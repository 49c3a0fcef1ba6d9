/**
 * The agent's session with the control plane: dial, hello, welcome; then heartbeats, assignments, statuses and requests until
 * it breaks, and again with back-off. Containers never notice.
 */
import { backoffMs } from "#proto/kit/backoff.ts";
import { sleep } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { brokenEnd, type End, Live } from "./live-session.ts";
import type { Dismissal, SessionOptions } from "./session-ports.ts";

const backoff = { initialMs: 100, maxMs: 8_000 };
/** Between tries to move over to another session while the one in use is well. */
const switchRetryMs = 5_000;

export class Session {
  readonly #options: SessionOptions;
  #onSwitch: (() => void) | undefined;
  #lastTrouble = "";

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Runs until the signal aborts (undefined) or the control plane sends this agent away for good. */
  async run(signal: AbortSignal): Promise<Dismissal | undefined> {
    const { clock, random, logger } = this.#options;
    for (let failures = 0; !signal.aborted; ) {
      const end = await this.#once(signal);
      if (signal.aborted) return undefined;
      if (end.kind === "dismissed") {
        logger.error({ reason: end.reason }, "the control plane sent this agent away for good");
        const { reason, nodeDeleted, identityRefused } = end;
        return { reason, nodeDeleted, identityRefused };
      }
      failures = end.wasWelcome ? 0 : failures + 1;
      const delayMs = Math.max(
        end.afterMs,
        end.wasWelcome ? random.next() * 200 : backoffMs(backoff, failures - 1, random),
      );
      await sleep(clock, delayMs, signal).catch(() => undefined);
    }
    return undefined;
  }

  /** Opens another session and moves over when it is welcome; nothing is interrupted. After a certificate was renewed. */
  reconnect(): void {
    this.#onSwitch?.();
  }

  /** From one dial until nothing stands any more; moves from session to session in between. */
  async #once(signal: AbortSignal): Promise<End> {
    let running = this.#begin(undefined, signal);
    while (true) {
      const asked = Promise.withResolvers<"switch">();
      this.#onSwitch = () => asked.resolve("switch");
      const first = await Promise.race([running.end, asked.promise]);
      if (first !== "switch") return first;
      if (!running.live.wasWelcome) running.live.cancel();
      else running = await this.#moveOver(running, signal);
    }
  }

  async #moveOver(from: Running, signal: AbortSignal): Promise<Running> {
    const next = this.#begin(from.live, signal);
    if (await next.welcomed) return next;
    if (signal.aborted) return from;
    from.live.hearAgain();
    this.#options.clock.after(switchRetryMs, () => this.#onSwitch?.());
    return from;
  }

  #begin(predecessor: Live | undefined, signal: AbortSignal): Running {
    const welcomed = Promise.withResolvers<boolean>();
    const turns = {
      onHello: () => predecessor?.deafen(),
      onWelcome: () => {
        predecessor?.retire();
        welcomed.resolve(true);
      },
    };
    const live = new Live(this.#options, turns, signal);
    const end = this.#follow(live, signal).finally(() => welcomed.resolve(false));
    return { live, end, welcomed: welcomed.promise };
  }

  async #follow(live: Live, signal: AbortSignal): Promise<End> {
    const { logger, handlers } = this.#options;
    try {
      const end = await live.run();
      logger.info({ reason: end.reason }, "the session has ended");
      return end;
    } catch (thrown) {
      const problem = Problem.from(thrown);
      if (!signal.aborted && problem.code !== "canceled") {
        this.#options.onTrouble?.(problem);
        this.#trouble(problem, live.wasWelcome);
      }
      return brokenEnd(problem.message, live.wasWelcome);
    } finally {
      if (live.wasWelcome && !live.isRetired) handlers.ended();
    }
  }

  /** Once per outage and reason. */
  #trouble(problem: Problem, wasWelcome: boolean): void {
    const { logger } = this.#options;
    const isNews = wasWelcome || problem.message !== this.#lastTrouble;
    this.#lastTrouble = problem.message;
    if (!isNews) return;
    const fields = { code: problem.code, error: problem.message, hint: problem.hint };
    if (wasWelcome) logger.warn(fields, "the session with the control plane broke");
    else logger.warn(fields, "no session with the control plane; trying again");
  }
}

interface Running {
  readonly live: Live;
  readonly end: Promise<End>;
  /** False when it ended before. */
  readonly welcomed: Promise<boolean>;
}
