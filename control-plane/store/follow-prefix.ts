/** Keeps a small set of keys in memory: one list, then a watch, for as long as the signal lets it; lists again when it must. */
import { type Clock, sleep } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { KeyValue, Kv } from "./kv.ts";

export interface FollowOptions {
  readonly kv: Kv;
  readonly prefix: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What stands at the key now; undefined = nothing any more. Also called for what was listed, changed or not. */
  readonly onKey: (key: string, item: Pick<KeyValue, "value" | "modRevision"> | undefined) => void;
}

const retryMs = 1000;

/** Resolves when all that was there is known. */
export async function followPrefix(options: FollowOptions, signal: AbortSignal): Promise<void> {
  const known = new Set<string>();
  const revision = await listAll(options, known, signal);
  void follow(options, known, revision, signal);
}

async function follow(options: FollowOptions, known: Set<string>, from: number, signal: AbortSignal): Promise<void> {
  const { kv, prefix, clock, logger, onKey } = options;
  let revision = from;
  while (!signal.aborted) {
    try {
      for await (const batch of kv.watch(prefix, revision, signal)) {
        for (const event of batch.events) {
          if (event.type === "put") known.add(event.key);
          else known.delete(event.key);
          onKey(event.key, event.type === "put" ? event : undefined);
        }
        revision = batch.revision;
      }
    } catch (thrown) {
      if (signal.aborted) return;
      logger.info({ prefix, error: Problem.from(thrown).message }, "a watch broke; listing again");
      await sleep(clock, retryMs, signal).catch(() => undefined);
      revision = await listAll(options, known, signal).catch(() => revision);
    }
  }
}

async function listAll(options: FollowOptions, known: Set<string>, signal: AbortSignal): Promise<number> {
  const { items, revision } = await options.kv.list({ prefix: options.prefix }, signal);
  const listed = new Set(items.map((item) => item.key));
  for (const key of [...known]) {
    if (listed.has(key)) continue;
    known.delete(key);
    options.onKey(key, undefined);
  }
  for (const item of items) {
    known.add(item.key);
    options.onKey(item.key, item);
  }
  return revision;
}
