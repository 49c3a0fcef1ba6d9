/** What the parts of the `Kv` contract share: writes in short, and a reader of watches. */
import assert from "node:assert/strict";
import { Problem } from "#proto/kit/problem.ts";
import type { Kv, WatchBatch, WatchEvent, Write } from "./kv.ts";

export interface KvUnderTest {
  readonly kv: Kv;
  /** Lets `ms` pass: moves a manual clock, or waits. */
  readonly pass: (ms: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

export type Cases = (behaviour: string, run: (under: KvUnderTest) => Promise<void>) => void;

export const put = (key: string, value: string, guard?: number, lease?: string): Write => ({
  kind: "put",
  key,
  value: Buffer.from(value),
  ...(guard === undefined ? {} : { guard }),
  ...(lease === undefined ? {} : { lease }),
});
export const remove = (key: string, guard?: number): Write => ({
  kind: "delete",
  key,
  ...(guard === undefined ? {} : { guard }),
});
export const text = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString();
export const show = (event: WatchEvent): string =>
  event.type === "put" ? `${event.key}=${text(event.value)}` : `${event.key} gone`;

export function collect(kv: Kv, prefix: string, afterRevision: number) {
  const stopping = new AbortController();
  const batches: WatchBatch[] = [];
  let wake = (): void => undefined;
  const ended = (async () => {
    for await (const batch of kv.watch(prefix, afterRevision, stopping.signal)) {
      batches.push(batch);
      wake();
    }
  })();
  ended.catch(() => wake());
  return {
    batches,
    ended,
    async until(isEnough: (events: readonly WatchEvent[]) => boolean): Promise<readonly WatchEvent[]> {
      while (true) {
        const events = batches.flatMap((batch) => batch.events);
        if (isEnough(events)) return events;
        const next = new Promise<void>((resolve) => {
          wake = resolve;
        });
        await Promise.race([next, ended.then(() => assert.fail("the watch ended"))]);
      }
    },
    async stop(): Promise<void> {
      stopping.abort();
      await ended;
    },
  };
}

export function isProblem(code: Problem["code"]): (thrown: unknown) => boolean {
  return (thrown) => {
    if (Problem.is(thrown, code)) return true;
    throw thrown;
  };
}
