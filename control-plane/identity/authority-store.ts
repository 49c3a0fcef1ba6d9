/** Where the authority lives: sealed in the store, made by whichever control plane starts first, followed by all. */
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { clusterKey } from "../store/keyspace.ts";
import type { Kv } from "../store/kv.ts";
import { isSealed, type Sealer } from "../store/sealer.ts";
import { type AuthorityState, firstState } from "./authority-state.ts";
import { dayMs, validity } from "./certificate-authority.ts";
import { makeAuthority } from "./certificate-maker.ts";

export interface AuthorityStoreOptions {
  readonly kv: Kv;
  readonly sealer: Sealer;
  readonly cluster: string;
  readonly clock: Clock;
  readonly random: Random;
}

export interface StoredAuthority {
  readonly state: AuthorityState;
  /** Guards the next write. */
  readonly modRevision: number;
}

export const authorityKey = clusterKey("ca");
export const authorityLifetimeMs = 3650 * dayMs;

export const authorityName = (cluster: string, generation: number): string =>
  `orch ${cluster} certificate authority${generation === 1 ? "" : ` ${generation}`}`;

/**
 * The cluster's authority; makes it when the store holds none (`created` is then true). Two control planes starting at
 * once end with the same one. Throws Problem `conflict` when the store belongs to another cluster or key file.
 */
export async function loadAuthority(
  options: AuthorityStoreOptions,
  signal?: AbortSignal,
): Promise<StoredAuthority & { readonly created: boolean }> {
  const { kv, cluster, clock, random } = options;
  const { item } = await kv.get(authorityKey, signal);
  if (item) return { state: openAuthority(options, item.value), modRevision: item.modRevision, created: false };
  const active = await makeAuthority(authorityName(cluster, 1), "orch", validity(clock, random, authorityLifetimeMs));
  const state = firstState(cluster, active);
  const stored = await writeAuthority(options, state, 0, signal);
  if (stored) return { ...stored, created: true };
  return await loadAuthority(options, signal);
}

/** Undefined when somebody else wrote meanwhile. */
export async function writeAuthority(
  { kv, sealer }: Pick<AuthorityStoreOptions, "kv" | "sealer">,
  state: AuthorityState,
  guard: number,
  signal?: AbortSignal,
): Promise<StoredAuthority | undefined> {
  const sealed = sealer.seal(Buffer.from(JSON.stringify(state)), authorityKey);
  const value = Buffer.from(JSON.stringify(sealed));
  const result = await kv.transact([{ kind: "put", key: authorityKey, value, guard }], undefined, signal);
  return result.outcomes[0]?.ok ? { state, modRevision: result.revision } : undefined;
}

export function openAuthority(
  { sealer, cluster }: Pick<AuthorityStoreOptions, "sealer" | "cluster">,
  sealed: Uint8Array,
): AuthorityState {
  let stored: AuthorityState;
  try {
    const envelope: unknown = JSON.parse(Buffer.from(sealed).toString("utf8"));
    if (!isSealed(envelope)) throw new Problem("internal", "the stored certificate authority is not sealed");
    stored = upgraded(JSON.parse(Buffer.from(sealer.open(envelope, authorityKey)).toString("utf8")));
  } catch (thrown) {
    if (Problem.is(thrown, "unsupported")) throw thrown;
    throw new Problem("conflict", "the cluster's certificate authority in etcd cannot be opened with this key file", {
      hint: "Start this control plane with the key-encryption key file of the cluster's first control plane.",
      cause: thrown,
    });
  }
  if (stored.cluster !== cluster) {
    throw new Problem("conflict", `etcd holds the cluster "${stored.cluster}", not "${cluster}"`, {
      hint: "Start with --cluster as it was at first, or with another etcd prefix or data directory.",
    });
  }
  return stored;
}

interface VersionOne {
  readonly version: 1;
  readonly cluster: string;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

function upgraded(stored: AuthorityState | VersionOne): AuthorityState {
  if (stored.version === 2) return stored;
  if (stored.version !== 1) {
    throw new Problem("unsupported", "the cluster's authority was written by a newer version of the control plane", {
      hint: "Start that version again.",
    });
  }
  const { cluster, certificatePem, privateKeyPem } = stored;
  return firstState(cluster, { certificatePem, privateKeyPem });
}
