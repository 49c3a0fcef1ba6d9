/** For tests: both ends of a stream in memory, so that a test plays client and agent. */
import { Channel } from "#proto/kit/channel.ts";
import type { Problem } from "#proto/kit/problem.ts";
import type { Frame, StreamEnd } from "./stream-broker.ts";

export class Party {
  /** What this party says: the other side reads it. */
  readonly said = new Channel<Frame>(10_000);
  /** What this party is told. */
  readonly heard: Frame[] = [];
  readonly gone = new AbortController();
  closedWith: { readonly problem: Problem | undefined } | undefined;
  /** While unsettled, `send` to this party waits: a slow reader. */
  gate: Promise<void> = Promise.resolve();
  #waiters: (() => void)[] = [];

  readonly end: StreamEnd = {
    frames: this.said[Symbol.asyncIterator](),
    send: async (frame) => {
      await this.gate;
      this.heard.push(frame);
      for (const wake of this.#waiters.splice(0)) wake();
    },
    signal: this.gone.signal,
    close: (problem) => {
      this.closedWith ??= { problem };
      this.said.close();
    },
  };

  say(...frames: Frame[]): void {
    for (const frame of frames) this.said.push(frame);
  }

  leave(reason: Problem): void {
    this.gone.abort(reason);
    this.said.close(reason);
  }

  /** Resolves as soon as what was heard satisfies the condition. */
  async until(condition: (heard: readonly Frame[]) => boolean): Promise<void> {
    while (!condition(this.heard)) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }
}

export const bytes = (count: number): Buffer => Buffer.alloc(count, "x");
