/**
 * Glue: gathers what `orchctl cluster status` tells. A status is wanted most when something is wrong, so that what the store must be asked for is
 * asked side by side, and left out when it does not come in time.
 */
import { type Clock, sleep } from "#proto/kit/clock.ts";
import type { ClusterSettings } from "#proto/resources/cluster-settings.ts";
import type { ClusterStatus } from "#proto/resources/cluster-status.ts";
import { warningsOf } from "./administration.ts";
import type { CacheView } from "./cache/cache.ts";
import { controlPlaneFacts } from "./control-planes.ts";
import { defaultControllerSettings } from "./controllers/settings.ts";
import type { Identity } from "./identity/identity.ts";
import type { LeaderElection } from "./leadership/leader-election.ts";
import type { OpenSealing } from "./open-sealing.ts";
import { clusterStatus } from "./sessions/cluster-status.ts";
import type { StoreConnection } from "./store-connection.ts";

export interface StatusParts {
  /** Of this control plane. */
  readonly name: string;
  readonly version: string;
  readonly settings: Pick<ClusterSettings, "clusterName">;
  readonly cache: Pick<CacheView, "list" | "byIndex">;
  readonly connection: Pick<StoreConnection, "status" | "certificate" | "endingFiles">;
  readonly identity: Pick<Identity, "authority" | "keeper" | "records" | "revocations">;
  readonly sealing: Pick<OpenSealing, "keyring" | "members">;
  readonly election: Pick<LeaderElection, "leadership" | "leader">;
  readonly isConnected: (node: string) => boolean;
  readonly monitoringAddress: () => string | undefined;
  readonly clock: Clock;
}

/** The store's own check of its health takes no longer. */
const storeTimeoutMs = 2_500;

export async function readClusterStatus(parts: StatusParts): Promise<ClusterStatus> {
  const { name, version, settings, cache, connection, identity, sealing, election, clock } = parts;
  const { keyring, members } = sealing;
  const late = (): Promise<undefined> => sleep(clock, storeTimeoutMs).then(() => undefined);
  const inTime = <Value>(wanted: Promise<Value>): Promise<Value | undefined> =>
    Promise.race([wanted.catch(() => undefined), late()]);
  const [leader, store, listed, certificateWarnings] = await Promise.all([
    election.leadership ? name : inTime(election.leader()),
    connection.status(),
    inTime(members.list()),
    inTime(warningsOf(identity, connection, clock)),
  ]);
  const facts = controlPlaneFacts(listed?.members ?? [members.self], keyring.state, leader, clock.nowMs());
  return clusterStatus(
    {
      ...{ cluster: settings.clusterName, version, store, ...facts },
      certificateWarnings: certificateWarnings ?? [],
      authorityPem: identity.authority.authoritiesPem,
      massLossShare: defaultControllerSettings.massLossShare,
      slowEvictionIntervalMs: defaultControllerSettings.slowEvictionIntervalMs,
      monitoringAddress: parts.monitoringAddress(),
      nowMs: clock.nowMs(),
      isConnected: parts.isConnected,
    },
    cache,
  );
}
