/**
 * A store whose watches misbehave between it and us: batches come twice, late, in the wrong order, or not at all, and a watch may
 * end as expired. Everything else goes straight through. Works over any `Kv`, in memory or on etcd.
 */
import type { Kv, WatchBatch } from "#control-plane/store/kv.ts";
import { type Clock, sleep } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";

export type BatchFault = "duplicate" | "delay" | "reorder" | "lose" | "expire";

export interface FaultyWatchOptions {
  readonly clock: Clock;
  readonly delayMs: number;
  /** Asked for each batch that has events. */
  readonly choose: () => BatchFault | undefined;
}

export function withFaultyWatch(kv: Kv, options: FaultyWatchOptions): Kv {
  return new Proxy(kv, {
    get(target, name) {
      if (name === "watch") {
        return (prefix: string, after: number, signal: AbortSignal) =>
          misbehaving(target.watch(prefix, after, signal), options, signal);
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

async function* misbehaving(
  batches: AsyncIterable<WatchBatch>,
  { clock, delayMs, choose }: FaultyWatchOptions,
  signal: AbortSignal,
): AsyncIterable<WatchBatch> {
  let held: WatchBatch | undefined;
  for await (const batch of batches) {
    const fault = batch.events.length > 0 ? choose() : undefined;
    if (fault === "lose") continue;
    if (fault === "expire") throw new Problem("expired", "the watch's revision was compacted");
    if (fault === "reorder" && !held) {
      held = batch;
      continue;
    }
    if (fault === "delay") await sleep(clock, delayMs, signal).catch(() => undefined);
    yield batch;
    if (fault === "duplicate") yield batch;
    if (held) yield held;
    held = undefined;
  }
}
