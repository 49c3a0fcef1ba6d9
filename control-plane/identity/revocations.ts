/**
 * Certificates that are no good any more though they have not expired: in the store, so that they outlive a change of the
 * authority and a backup, and in memory, since every call asks. Bounded: an entry goes when its certificate has expired.
 */
import { type Clock, toTime } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import { followPrefix } from "../store/follow-prefix.ts";
import { revocationKey, revocationPrefix } from "../store/keyspace.ts";
import type { Kv } from "../store/kv.ts";
import type { CertificateRecord } from "./certificate-records.ts";

export interface Revocation {
  readonly serial: string;
  readonly user: string;
  readonly expiresAtMs: number;
  readonly revokedAtMs: number;
  readonly revokedBy: string;
  readonly reason: string;
}

export interface RevocationsOptions {
  readonly kv: Kv;
  readonly clock: Clock;
  readonly logger: Logger;
}

const writesAtOnce = 50;

export class Revocations {
  readonly #options: RevocationsOptions;
  readonly #bySerial = new Map<string, Revocation>();
  readonly #handlers = new Set<(revocation: Revocation) => void>();

  constructor(options: RevocationsOptions) {
    this.#options = options;
  }

  /** Resolves when all that were revoked are known; news come until the signal aborts. */
  async start(signal: AbortSignal): Promise<void> {
    const onKey = (key: string, item: { readonly value: Uint8Array } | undefined): void => {
      const serial = key.slice(revocationPrefix.length);
      if (!item) this.#bySerial.delete(serial);
      else this.#learn(JSON.parse(Buffer.from(item.value).toString("utf8")) as Revocation);
    };
    await followPrefix({ ...this.#options, prefix: revocationPrefix, onKey }, signal);
  }

  get(serial: string): Revocation | undefined {
    return this.#bySerial.get(serial);
  }

  list(): readonly Revocation[] {
    return [...this.#bySerial.values()];
  }

  /** Called once for each certificate that is revoked from now on, here or by another control plane. */
  onRevoked(handler: (revocation: Revocation) => void): void {
    this.#handlers.add(handler);
  }

  /** The sentence for whoever shows a revoked certificate. */
  refusal(serial: string): Problem | undefined {
    const found = this.#bySerial.get(serial);
    if (!found) return undefined;
    const message = `the certificate of "${found.user}" was revoked at ${toTime(found.revokedAtMs)}: ${found.reason}`;
    const hint = found.user.startsWith("system:node:")
      ? "Join this machine again with a token: `orchctl node join`."
      : "Ask an administrator for another one: `orchctl user add`.";
    return new Problem("unauthenticated", message, { hint });
  }

  /** Durable when it resolves, and in force here. Revoking twice keeps the first. Returns those that were not revoked before. */
  async revoke(
    certificates: readonly Pick<CertificateRecord, "serial" | "user" | "expiresAtMs">[],
    by: { readonly user: string; readonly reason: string },
    signal?: AbortSignal,
  ): Promise<readonly Revocation[]> {
    const { kv, clock } = this.#options;
    const nowMs = clock.nowMs();
    const wanted = certificates
      .filter(({ serial, expiresAtMs }) => expiresAtMs > nowMs && !this.#bySerial.has(serial))
      .map(({ serial, user, expiresAtMs }) => ({
        ...{ serial, user, expiresAtMs, revokedAtMs: nowMs },
        ...{ revokedBy: by.user, reason: by.reason.slice(0, 256) },
      }));
    for (let at = 0; at < wanted.length; at += writesAtOnce) {
      const part = wanted.slice(at, at + writesAtOnce);
      const writes = part.map((one) => {
        const value = Buffer.from(JSON.stringify(one));
        return { kind: "put", key: revocationKey(one.serial), value, guard: 0 } as const;
      });
      await kv.transact(writes, undefined, signal);
      for (const one of part) this.#learn(one);
    }
    return wanted;
  }

  /** Forgets certificates that have expired by now: nobody can use them anyway. */
  async prune(signal?: AbortSignal): Promise<void> {
    const { kv, clock } = this.#options;
    const old = this.list().filter(({ expiresAtMs }) => expiresAtMs < clock.nowMs() - expiredForMs);
    for (let at = 0; at < old.length; at += writesAtOnce) {
      const part = old.slice(at, at + writesAtOnce);
      const writes = part.map(({ serial }) => ({ kind: "delete", key: revocationKey(serial) }) as const);
      await kv.transact(writes, undefined, signal);
    }
  }

  #learn(revocation: Revocation): void {
    const isNews = !this.#bySerial.has(revocation.serial);
    this.#bySerial.set(revocation.serial, revocation);
    if (!isNews) return;
    for (const handler of this.#handlers) handler(revocation);
  }
}

/** Longer than clocks differ: another machine may still think that it has not expired. */
const expiredForMs = 24 * 3600 * 1000;
