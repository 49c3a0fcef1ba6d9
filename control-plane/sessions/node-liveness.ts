/**
 * Who is alive, by this control plane's own monotonic clock; and whether this process is itself well enough to judge
 * anybody. A process that was stalled (frozen, swapped, its clock jumped) or cannot read the store judges nobody.
 */
import type { Clock } from "#proto/kit/clock.ts";

export interface NodeLivenessOptions {
  readonly clock: Clock;
  /** How often agents beat; also how often this process checks on itself. */
  readonly heartbeatIntervalMs: number;
  /** A check this much late means that the process stood still. */
  readonly stallMs: number;
}

export class NodeLivenessRecord {
  readonly #options: NodeLivenessOptions;
  readonly #heardAtMs = new Map<string, number>();
  readonly #elsewhere = new Set<string>();
  readonly #handlers = new Set<(node: string) => void>();
  #checked: { readonly monotonicMs: number; readonly wallMs: number } | undefined;
  #wellSinceMs: number | undefined;
  #storeIsWell = false;

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
    signal.addEventListener("abort", () => timer.cancel(), { once: true });
  }

  heard(node: string): void {
    const nowMs = this.#options.clock.monotonicMs();
    const before = this.#heardAtMs.get(node);
    this.#heardAtMs.set(node, nowMs);
    if (before === undefined || nowMs - before > 2 * this.#options.heartbeatIntervalMs) this.#notify(node);
  }

  sessionEnded(node: string): void {
    this.#notify(node);
  }

  /** Another control plane holds the node's session, or no longer does. */
  heldElsewhere(node: string, held: boolean): void {
    if (held) this.#elsewhere.add(node);
    else if (this.#elsewhere.delete(node)) this.#heardAtMs.set(node, this.#options.clock.monotonicMs());
    this.#notify(node);
  }

  /** The Node is gone for good. */
  forget(node: string): void {
    this.#heardAtMs.delete(node);
    this.#elsewhere.delete(node);
  }

  storeIsWell(well: boolean): void {
    if (well && !this.#storeIsWell) this.#wellSinceMs = this.#options.clock.monotonicMs();
    this.#storeIsWell = well;
  }

  lastHeardAtMs(node: string): number | undefined {
    return this.#elsewhere.has(node) ? this.#options.clock.monotonicMs() : this.#heardAtMs.get(node);
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

  #notify(node: string): void {
    for (const handler of this.#handlers) handler(node);
  }
}
