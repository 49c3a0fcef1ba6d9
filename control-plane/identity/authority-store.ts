/** Where the authority lives: sealed in the store, made by whichever control plane starts first. */
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { clusterKey } from "../store/keyspace.ts";
import type { Kv } from "../store/kv.ts";
import { isSealed, type Sealer } from "../store/sealer.ts";
import { dayMs, validity } from "./certificate-authority.ts";
import { type KeyAndCertificate, makeAuthority } from "./certificate-maker.ts";

export interface AuthorityStoreOptions {
  readonly kv: Kv;
  readonly sealer: Sealer;
  readonly cluster: string;
  readonly clock: Clock;
  readonly random: Random;
}

interface StoredAuthority {
  readonly version: 1;
  readonly cluster: string;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/**
 * The cluster's authority; makes it when the store holds none (`created` is then true). Two control planes starting at
 * once end with the same one. Throws Problem `conflict` when the store belongs to another cluster or key file.
 */
export async function loadAuthority(
  options: AuthorityStoreOptions,
  signal?: AbortSignal,
): Promise<{ readonly material: KeyAndCertificate; readonly created: boolean }> {
  const key = clusterKey("ca");
  const { item } = await options.kv.get(key, signal);
  if (item) return { material: open(options, item.value), created: false };
  const name = `orch ${options.cluster} certificate authority`;
  const material = await makeAuthority(name, "orch", validity(options.clock, options.random, 3650 * dayMs));
  const stored: StoredAuthority = { version: 1, cluster: options.cluster, ...material };
  const value = Buffer.from(JSON.stringify(options.sealer.seal(Buffer.from(JSON.stringify(stored)), key)));
  const result = await options.kv.transact([{ kind: "put", key, value, guard: 0 }], undefined, signal);
  const outcome = result.outcomes[0];
  if (outcome && !outcome.ok && outcome.current) {
    return { material: open(options, outcome.current.value), created: false };
  }
  return { material, created: true };
}

function open(options: AuthorityStoreOptions, sealed: Uint8Array): KeyAndCertificate {
  let stored: StoredAuthority;
  try {
    const envelope: unknown = JSON.parse(Buffer.from(sealed).toString("utf8"));
    if (!isSealed(envelope)) throw new Problem("internal", "the stored certificate authority is not sealed");
    const plain = options.sealer.open(envelope, clusterKey("ca"));
    stored = JSON.parse(Buffer.from(plain).toString("utf8")) as StoredAuthority;
  } catch (thrown) {
    throw new Problem("conflict", "the cluster's certificate authority in etcd cannot be opened with this key file", {
      hint: "Start this control plane with the key-encryption key file of the cluster's first control plane.",
      cause: thrown,
    });
  }
  if (stored.cluster !== options.cluster) {
    throw new Problem("conflict", `etcd holds the cluster "${stored.cluster}", not "${options.cluster}"`, {
      hint: "Start with --cluster as it was at first, or with another etcd prefix or data directory.",
    });
  }
  return stored;
}
