/**
 * Records that name this process though it has no such session: a claim whose answer was lost or that nobody waited for, a release that the
 * store did not take. The lease lives on with the process, so they would say of a dead node for ever that somebody hears it.
 */
import { type Clock, sleep } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { sessionKey } from "../store/keyspace.ts";
import type { KeyValue, Kv } from "../store/kv.ts";

export interface StrayRecordsOptions {
  readonly kv: Pick<Kv, "get" | "transact">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly intervalMs: number;
  /** A claim is under way here: the record may be its. */
  readonly isBeingClaimed: (node: string) => boolean;
  /** The record of this revision is that of a session held here. */
  readonly isHeld: (node: string, modRevision: number) => boolean;
  /** It names this process, and no session that is held here. */
  readonly isStray: (node: string, item: KeyValue) => boolean;
}

export class StrayRecords {
  readonly #options: StrayRecordsOptions;
  /** By node, the revision of a record that may be one. */
  readonly #suspects = new Map<string, number>();

  constructor(options: StrayRecordsOptions) {
    this.#options = options;
  }

  suspect(node: string, modRevision: number): void {
    this.#suspects.set(node, modRevision);
  }

  /** Looks at them now and then until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, intervalMs, logger } = this.#options;
    while (!signal.aborted) {
      await sleep(clock, intervalMs, signal).catch(() => undefined);
      for (const [node, modRevision] of [...this.#suspects]) {
        if (signal.aborted) return;
        await this.#examine(node, modRevision, signal).catch((thrown: unknown) => {
          if (!signal.aborted) logger.debug({ node, err: thrown }, "a session's record could not be looked at");
        });
      }
    }
  }

  async #examine(node: string, modRevision: number, signal: AbortSignal): Promise<void> {
    const { kv, logger, isBeingClaimed, isHeld, isStray } = this.#options;
    if (isBeingClaimed(node)) return;
    if (isHeld(node, modRevision)) {
      this.#clear(node, modRevision);
      return;
    }
    const { item } = await kv.get(sessionKey(node), signal);
    if (isBeingClaimed(node)) return;
    if (item && isStray(node, item)) {
      await kv.transact([{ kind: "delete", key: item.key, guard: item.modRevision }], undefined, signal);
      logger.warn({ node }, "a record of a session that is not here was removed");
    }
    this.#clear(node, modRevision);
  }

  #clear(node: string, modRevision: number): void {
    if (this.#suspects.get(node) === modRevision) this.#suspects.delete(node);
  }
}
