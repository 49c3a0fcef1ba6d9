/**
 * One watch on etcd's stream. etcd3's own watcher loses events on a reconnect during catch-up, hides the compaction
 * revision, and can stall for ever; this one moves on only by what arrived whole, and starts again from there.
 */
import { backoffMs } from "#proto/kit/backoff.ts";
import { type Clock, sleep } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import type { Random } from "#proto/kit/random.ts";
import type { EtcdStream } from "./etcd-connection.ts";
import type { EtcdEndpoints } from "./etcd-endpoints.ts";
import { etcdProblem } from "./etcd-errors.ts";
import type { EtcdKeyRange } from "./etcd-key-range.ts";
import { watchAnswer, watchPath, watchRequest } from "./etcd-messages.ts";
import type { WatchBatch } from "./kv.ts";
import { WatchAssembly } from "./watch-assembly.ts";

export interface EtcdWatchOptions {
  readonly endpoints: EtcdEndpoints;
  readonly keys: EtcdKeyRange;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

const reconnectBackoff = { initialMs: 50, maxMs: 3000 };
/** etcd answers the creation of a watch at once; silence means the member is frozen or cut off. */
const createTimeoutMs = 10_000;

/** See `Kv.watch`. */
export async function* etcdWatch(
  options: EtcdWatchOptions,
  prefix: string,
  afterRevision: number,
  signal: AbortSignal,
): AsyncIterable<WatchBatch> {
  const { clock, random, logger } = options;
  let revision = afterRevision;
  let isBroken = false;
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      for await (const batch of watchOnce(options, prefix, revision, signal)) {
        if (isBroken) logger.info({ prefix, revision }, "watching etcd again");
        isBroken = false;
        if (batch.revision > revision) attempt = 0;
        revision = batch.revision;
        yield batch;
      }
    } catch (thrown) {
      if (signal.aborted) return;
      const problem = etcdProblem(thrown, "a watch");
      if (problem.code === "expired" || problem.code === "forbidden") throw problem;
      if (!isBroken) logger.warn({ prefix, revision, error: problem.message }, "the watch on etcd broke");
      isBroken = true;
    }
    await sleep(clock, backoffMs(reconnectBackoff, attempt, random), signal).catch(() => undefined);
  }
}

/** One stream, until it breaks. Yields first an empty batch when the watch stands. */
async function* watchOnce(
  options: EtcdWatchOptions,
  prefix: string,
  afterRevision: number,
  signal: AbortSignal,
): AsyncIterable<WatchBatch> {
  const { endpoints, keys, clock } = options;
  const { member, at } = endpoints.member();
  const request = watchRequest(keys.key(prefix), keys.end(prefix), afterRevision + 1);
  let stream: EtcdStream | undefined;
  const cancel = (): void => stream?.cancel();
  const creating = clock.after(createTimeoutMs, cancel);
  signal.addEventListener("abort", cancel, { once: true });
  try {
    stream = await member.direct.stream(watchPath, request, endpoints.watchHeaders);
    if (signal.aborted) return;
    const assembly = new WatchAssembly(keys, afterRevision);
    for await (const message of stream.messages()) {
      creating.cancel();
      const batch = assembly.take(watchAnswer(message));
      if (batch) yield batch;
      if (signal.aborted) return;
    }
  } catch (thrown) {
    endpoints.failed(at);
    throw thrown;
  } finally {
    creating.cancel();
    signal.removeEventListener("abort", cancel);
    stream?.cancel();
  }
}
