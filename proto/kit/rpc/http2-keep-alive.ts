/** Finds a peer of an HTTP/2 connection that has fallen silent. */
import type { Clock, Timer } from "../clock.ts";

export interface KeepAliveOptions {
  readonly everyMs: number;
  readonly timeoutMs: number;
  /** Whether there is anything that waits for the peer; without it nobody pings. Default: always. */
  readonly isBusy?: () => boolean;
}

/** A connection of either side, Node's or our own. */
export interface Pinged {
  readonly destroyed: boolean;
  destroy(error?: Error): void;
  ping(onAnswer: () => void): unknown;
  once(event: "close", run: () => void): unknown;
}

const defaults: KeepAliveOptions = { everyMs: 10_000, timeoutMs: 5_000 };

/** Destroys the session when the other side leaves a ping unanswered. Ends with the session. */
export function keepAlive(session: Pinged, clock: Clock, options: KeepAliveOptions = defaults): void {
  const { everyMs, timeoutMs, isBusy = () => true } = options;
  let timer: Timer;
  const wait = (): void => {
    timer = clock.after(everyMs, ask);
  };
  const ask = (): void => {
    if (session.destroyed) return;
    if (!isBusy()) {
      wait();
      return;
    }
    timer = clock.after(timeoutMs, () => session.destroy(new Error("it does not answer any more")));
    session.ping(() => {
      timer.cancel();
      if (!session.destroyed) wait();
    });
  };
  session.once("close", () => timer.cancel());
  wait();
}
