/**
 * Who is alive, by this control plane's own monotonic clock; and whether this process is itself well enough to judge
 * anybody. A process that was stalled (frozen, swapped, its clock jumped) or cannot read the store judges nobody; one that merely ran
 * late, as on a busy machine, does not count the time it was late as silence: the heartbeat may lie there unread.
 */
import type { Clock } from "#proto/kit/clock.ts";

export interface NodeLivenessOptions {
  readonly clock: Clock;
  /** How often agents beat; also how often this process checks on itself. */
  readonly heartbeatIntervalMs: number;
  /** A check this much late means that the process stood still. */
  readonly stallMs: number;
}

interface Heard {
  readonly atMs: number;
  /** How late this process had been by then, in all. */
  readonly lateMs: number;
}

const pulsesPerHeartbeat = 4;

export class NodeLivenessRecord {
  readonly #options: NodeLivenessOptions;
  readonly #heard = new Map<string, Heard>();
  readonly #elsewhere = new Set<string>();
  readonly #handlers = new Set<(node: string) => void>();
  #checked: { readonly monotonicMs: number; readonly wallMs: number } | undefined;
  #wellSinceMs: number | undefined;
  #storeIsWell = false;
  /** Time that this process should have run and did not, in all. */
  #lateMs = 0;
  #pulseDueAtMs = Number.POSITIVE_INFINITY;

  constructor(options: NodeLivenessOptions) {
    this.#options = options;
  }

  /** Accepts sessions from now on. `onTick` runs at every check. */
  start(signal: AbortSignal, onTick: () => void = () => undefined): void {
    const { clock, heartbeatIntervalMs } = this.#options;
    this.#checked = { monotonicMs: clock.monotonicMs(), wallMs: clock.nowMs() };
    this.#wellSinceMs = clock.monotonicMs();
    const tick = (): void => {
      if (signal.aborted) return;
      this.#check();
      onTick();
      timer = clock.after(heartbeatIntervalMs, tick);
    };
    let timer = clock.after(heartbeatIntervalMs, tick);
    const stopPulse = this.#pulse(heartbeatIntervalMs / pulsesPerHeartbeat, signal);
    signal.addEventListener(
      "abort",
      () => {
        timer.cancel();
        stopPulse();
      },
      { once: true },
    );
  }

  /** Feels how late this process runs. */
  #pulse(intervalMs: number, signal: AbortSignal): () => void {
    const { clock } = this.#options;
    const beat = (): void => {
      if (signal.aborted) return;
      this.#lateMs += Math.max(0, clock.monotonicMs() - this.#pulseDueAtMs);
      this.#pulseDueAtMs = clock.monotonicMs() + intervalMs;
      timer = clock.after(intervalMs, beat);
    };
    // The first one finds its place among the shared wake-ups: it is not late.
    let timer = clock.after(intervalMs, beat);
    return () => timer.cancel();
  }

  /** With what is late right now: whoever asks in the turn before our pulse must know of it. */
  #lateSoFarMs(): number {
    return this.#lateMs + Math.max(0, this.#options.clock.monotonicMs() - this.#pulseDueAtMs);
  }

  heard(node: string): void {
    const nowMs = this.#options.clock.monotonicMs();
    const before = this.#heard.get(node);
    this.#note(node);
    if (before === undefined || nowMs - before.atMs > 2 * this.#options.heartbeatIntervalMs) this.#notify(node);
  }

  sessionEnded(node: string): void {
    this.#notify(node);
  }

  /** Another control plane holds the node's session, or no longer does. */
  heldElsewhere(node: string, held: boolean): void {
    if (held) this.#elsewhere.add(node);
    else if (this.#elsewhere.delete(node)) this.#note(node);
    this.#notify(node);
  }

  /** The Node is gone for good. */
  forget(node: string): void {
    this.#heard.delete(node);
    this.#elsewhere.delete(node);
  }

  storeIsWell(well: boolean): void {
    if (well && !this.#storeIsWell) this.#wellSinceMs = this.#options.clock.monotonicMs();
    this.#storeIsWell = well;
  }

  /** Moved on by the time that this process has been late since: only what it could have heard counts as silence. */
  lastHeardAtMs(node: string): number | undefined {
    if (this.#elsewhere.has(node)) return this.#options.clock.monotonicMs();
    const heard = this.#heard.get(node);
    return heard && heard.atMs + this.#lateSoFarMs() - heard.lateMs;
  }

  judgesSinceMs(): number | undefined {
    // Asked by a timer that woke in the same turn as ours: whoever runs first must see the stall.
    this.#check();
    return this.#storeIsWell && this.#checked ? this.#wellSinceMs : undefined;
  }

  subscribe(handler: (node: string) => void): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  #check(): void {
    const { clock, heartbeatIntervalMs, stallMs } = this.#options;
    if (!this.#checked) return;
    const now = { monotonicMs: clock.monotonicMs(), wallMs: clock.nowMs() };
    const passedMs = now.monotonicMs - this.#checked.monotonicMs;
    const wallPassedMs = now.wallMs - this.#checked.wallMs;
    const stalled = passedMs > heartbeatIntervalMs + stallMs;
    // A suspended machine's monotonic clock stands still while the wall clock moves on.
    const jumped = wallPassedMs - passedMs > stallMs;
    if (stalled || jumped) this.#wellSinceMs = now.monotonicMs;
    this.#checked = now;
  }

  #note(node: string): void {
    this.#heard.set(node, { atMs: this.#options.clock.monotonicMs(), lateMs: this.#lateSoFarMs() });
  }

  #notify(node: string): void {
    for (const handler of this.#handlers) handler(node);
  }
}
