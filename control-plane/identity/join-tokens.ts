/** Join tokens at rest: only hashes, with a lifetime and a use count, revocable. */
import { timingSafeEqual } from "node:crypto";
import { createJoinToken, formatJoinToken, hashJoinSecret, parseJoinToken } from "#proto/identity/join-token.ts";
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { joinTokenKey, joinTokenPrefix } from "../store/keyspace.ts";
import type { Kv } from "../store/kv.ts";
import { dayMs } from "./certificate-authority.ts";

export interface JoinTokenRecord {
  readonly id: string;
  readonly secretHash: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly uses: number;
  readonly description: string;
  readonly createdBy: string;
  /** Who used it. A machine that lost our answer may ask again without taking another use. */
  readonly usedBy: readonly { readonly node: string; readonly keyDigest: string; readonly atMs: number }[];
}

export interface JoinTokensOptions {
  readonly kv: Kv;
  readonly clock: Clock;
  readonly random: Random;
  /** New tokens carry the first; tokens with any of them are taken. */
  readonly authorityDigests: () => readonly string[];
}

export interface NewJoinToken {
  /** 0 = one hour; at most 30 days. */
  readonly lifetimeMs: number;
  /** 0 = one use; at most 1000. */
  readonly uses: number;
  readonly description: string;
  readonly createdBy: string;
}

const hint = "Ask for a new one: `orchctl node join`.";

/** A token that leaks is as good as its limits. */
function refuseTooMuch({ lifetimeMs, uses, description }: NewJoinToken): void {
  const causes = [
    ...(lifetimeMs > 30 * dayMs ? [{ path: "lifetimeMs", message: "a join token is good for at most 30 days" }] : []),
    ...(uses > 1000 ? [{ path: "uses", message: "a join token lets at most 1000 machines in" }] : []),
    ...(description.length > 256 ? [{ path: "description", message: "at most 256 characters" }] : []),
  ];
  if (causes.length > 0) throw new Problem("invalid", "such a join token is not made", { causes });
}

export class JoinTokens {
  readonly #options: JoinTokensOptions;

  constructor(options: JoinTokensOptions) {
    this.#options = options;
  }

  /** The only moment the token can be read. */
  async create(
    wanted: NewJoinToken,
    signal?: AbortSignal,
  ): Promise<{ readonly token: string; readonly expiresAtMs: number }> {
    const { kv, clock, random, authorityDigests } = this.#options;
    const [authorityDigest = ""] = authorityDigests();
    refuseTooMuch(wanted);
    const lifetimeMs = wanted.lifetimeMs > 0 ? wanted.lifetimeMs : 3_600_000;
    const token = createJoinToken(authorityDigest, random);
    const nowMs = clock.nowMs();
    const record: JoinTokenRecord = {
      id: token.id,
      secretHash: hashJoinSecret(token.secret),
      createdAtMs: nowMs,
      expiresAtMs: nowMs + lifetimeMs,
      uses: wanted.uses > 0 ? wanted.uses : 1,
      description: wanted.description,
      createdBy: wanted.createdBy,
      usedBy: [],
    };
    // Kept for a day after it ran out, so that its holder is told "expired" and not "unknown"; then etcd drops it.
    const lease = await kv.grantLease(lifetimeMs + dayMs, signal);
    const key = joinTokenKey(token.id);
    const result = await kv.transact([{ kind: "put", key, value: encode(record), guard: 0, lease }], undefined, signal);
    if (!result.outcomes[0]?.ok) throw new Problem("internal", "the token's id is taken; try again", { retry: "now" });
    return { token: formatJoinToken(token), expiresAtMs: record.expiresAtMs };
  }

  /** Throws Problem with a sentence of its own for each way a token can be no good. Takes no use. */
  async check(text: string, signal?: AbortSignal): Promise<JoinTokenRecord> {
    return (await this.#find(text, signal)).record;
  }

  /** Takes one use for this node and key; the same node and key again takes none. */
  async redeem(
    text: string,
    by: { readonly node: string; readonly keyDigest: string },
    signal?: AbortSignal,
  ): Promise<void> {
    for (let attempt = 0; attempt < 10; attempt++) {
      const { record, modRevision } = await this.#find(text, signal);
      if (record.usedBy.some((use) => use.node === by.node && use.keyDigest === by.keyDigest)) return;
      if (record.usedBy.length >= record.uses) {
        const nodes = record.usedBy.map((use) => use.node).slice(0, 5);
        throw new Problem("forbidden", `this join token is used up: it let in ${nodes.join(", ")}`, { hint });
      }
      const next = { ...record, usedBy: [...record.usedBy, { ...by, atMs: this.#options.clock.nowMs() }] };
      const key = joinTokenKey(record.id);
      const lease = await this.#options.kv.grantLease(record.expiresAtMs - this.#options.clock.nowMs() + dayMs, signal);
      const write = { kind: "put", key, value: encode(next), guard: modRevision, lease } as const;
      const result = await this.#options.kv.transact([write], undefined, signal);
      if (result.outcomes[0]?.ok) return;
      await this.#options.kv.revokeLease(lease, signal);
    }
    throw new Problem("too-many-requests", "too many machines use this join token at the same moment; try again");
  }

  /** False when there is none with this id. */
  async revoke(id: string, signal?: AbortSignal): Promise<boolean> {
    const { item } = await this.#options.kv.get(joinTokenKey(id), signal);
    if (!item) return false;
    await this.#options.kv.transact([{ kind: "delete", key: item.key }], undefined, signal);
    return true;
  }

  async list(signal?: AbortSignal): Promise<readonly JoinTokenRecord[]> {
    const { items } = await this.#options.kv.list({ prefix: joinTokenPrefix, limit: 1000 }, signal);
    return items.map((item) => decode(item.value));
  }

  async #find(
    text: string,
    signal?: AbortSignal,
  ): Promise<{ readonly record: JoinTokenRecord; readonly modRevision: number }> {
    const token = parseJoinToken(text);
    if (!this.#options.authorityDigests().includes(token.authorityDigest)) {
      throw new Problem("forbidden", "this join token belongs to another cluster", {
        hint: "Check the address, or ask this cluster for a token: `orchctl node join`.",
      });
    }
    const { item } = await this.#options.kv.get(joinTokenKey(token.id), signal);
    const record = item && decode(item.value);
    // The same work and the same answer whether the id or the secret is wrong.
    const matches = equal(record?.secretHash ?? hashJoinSecret(""), hashJoinSecret(token.secret));
    if (!item || !record || !matches) {
      throw new Problem(
        "unauthenticated",
        "this join token is not known here: it is mistyped, revoked or long expired",
        { hint },
      );
    }
    if (this.#options.clock.nowMs() >= record.expiresAtMs) {
      const at = new Date(record.expiresAtMs).toISOString();
      throw new Problem("forbidden", `this join token expired at ${at}`, { hint });
    }
    return { record, modRevision: item.modRevision };
  }
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function encode(record: JoinTokenRecord): Uint8Array {
  return Buffer.from(JSON.stringify(record));
}

function decode(bytes: Uint8Array): JoinTokenRecord {
  return JSON.parse(Buffer.from(bytes).toString("utf8")) as JoinTokenRecord;
}
