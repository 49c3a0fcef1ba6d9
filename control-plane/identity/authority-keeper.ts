/**
 * The authority as it is now, for all control planes alike: follows the store, and begins and ends its replacement by another one.
 * Every step is one guarded write; whoever dies in between loses nothing, and any other control plane goes on.
 */
import { type Clock, sleep } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { followPrefix } from "../store/follow-prefix.ts";
import type { Kv } from "../store/kv.ts";
import type { Sealer } from "../store/sealer.ts";
import { type AuthorityState, finished, rotated } from "./authority-state.ts";
import {
  authorityKey,
  authorityLifetimeMs,
  authorityName,
  openAuthority,
  type StoredAuthority,
  writeAuthority,
} from "./authority-store.ts";
import { validity } from "./certificate-authority.ts";
import { crossSign, makeAuthority } from "./certificate-maker.ts";

export interface AuthorityKeeperOptions {
  readonly kv: Kv;
  readonly sealer: Sealer;
  readonly cluster: string;
  readonly first: StoredAuthority;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

const checkIntervalMs = 60_000;

export class AuthorityKeeper {
  readonly #options: AuthorityKeeperOptions;
  #stored: StoredAuthority;
  readonly #handlers = new Set<(state: AuthorityState) => void>();

  constructor(options: AuthorityKeeperOptions) {
    this.#options = options;
    this.#stored = options.first;
  }

  get state(): AuthorityState {
    return this.#stored.state;
  }

  /** Called after each change, whoever made it. */
  onChange(handler: (state: AuthorityState) => void): void {
    this.#handlers.add(handler);
  }

  /** Follows the store, and ends a rotation whose time is over, until the signal aborts. */
  async start(signal: AbortSignal): Promise<void> {
    const { logger } = this.#options;
    const onKey = (
      key: string,
      item: { readonly value: Uint8Array; readonly modRevision: number } | undefined,
    ): void => {
      if (key !== authorityKey || !item || item.modRevision <= this.#stored.modRevision) return;
      try {
        this.#take({ state: openAuthority(this.#options, item.value), modRevision: item.modRevision });
      } catch (thrown) {
        logger.error(
          { error: Problem.from(thrown).message },
          "the changed authority cannot be read; the one before stays",
        );
      }
    };
    await followPrefix({ ...this.#options, prefix: authorityKey, onKey }, signal);
    void this.#finishInTime(signal);
  }

  /** Throws Problem `conflict` while another rotation is under way. */
  async rotate(windowMs: number, startedBy: string, signal?: AbortSignal): Promise<AuthorityState> {
    const { cluster, clock, random, logger } = this.#options;
    const { state, modRevision } = this.#stored;
    if (state.rotation) {
      throw new Problem("conflict", "the authority is being rotated already", {
        hint: "See who is missing with `orchctl cluster ca status`; end it with `orchctl cluster ca finish`.",
      });
    }
    const name = authorityName(cluster, state.generation + 1);
    const lifetime = validity(clock, random, authorityLifetimeMs);
    const next = await makeAuthority(name, "orch", lifetime);
    const crossPem = await crossSign(next.certificatePem, state.active, validity(clock, random, authorityLifetimeMs));
    const startedAtMs = clock.nowMs();
    const rotation = { startedAtMs, startedBy, endsAtMs: startedAtMs + windowMs };
    const changed = await this.#write(rotated(state, next, crossPem, rotation), modRevision, signal);
    logger.info(
      { startedBy, generation: changed.generation },
      "a new authority signs; the old one is trusted beside it",
    );
    return changed;
  }

  /** Drops the old authority. Nothing happens when there is none. */
  async finish(signal?: AbortSignal): Promise<AuthorityState> {
    const { clock, logger } = this.#options;
    const { state, modRevision } = this.#stored;
    if (!state.rotation) return state;
    const changed = await this.#write(finished(state, clock.nowMs()), modRevision, signal);
    logger.info({ generation: changed.generation }, "the old authority is trusted no more");
    return changed;
  }

  async #write(state: AuthorityState, guard: number, signal?: AbortSignal): Promise<AuthorityState> {
    const stored = await writeAuthority(this.#options, state, guard, signal);
    if (!stored) {
      throw new Problem("conflict", "another control plane changed the authority at the same moment", {
        hint: "Look at `orchctl cluster ca status`, then try again.",
        retry: "later",
      });
    }
    this.#take(stored);
    return state;
  }

  #take(stored: StoredAuthority): void {
    if (stored.modRevision <= this.#stored.modRevision) return;
    this.#stored = stored;
    for (const handler of this.#handlers) handler(stored.state);
  }

  async #finishInTime(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    while (!signal.aborted) {
      const endsAtMs = this.state.rotation?.endsAtMs;
      if (endsAtMs !== undefined && clock.nowMs() >= endsAtMs) {
        await this.finish(signal).catch((thrown: unknown) => {
          logger.warn({ error: Problem.from(thrown).message }, "the rotation of the authority could not be ended");
        });
      }
      await sleep(clock, checkIntervalMs, signal).catch(() => undefined);
    }
  }
}
