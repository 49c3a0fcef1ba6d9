/** What a control plane does while it leads: runs the controllers and the scheduler under the term's fence. */
import type { ClusterSettings } from "#proto/resources/cluster-settings.ts";
import { type ControllerSettings, defaultControllerSettings } from "./controllers/settings.ts";
import { startControllers } from "./controllers/start.ts";
import type { ControllerWorld } from "./controllers/world.ts";
import { LeaderElection, type LeaderElectionOptions, type Leadership } from "./leadership/leader-election.ts";
import { leaderKey } from "./store/keyspace.ts";

export type LeadingOptions = Omit<LeaderElectionOptions, "lead"> & {
  /** All that controllers need besides the term itself. */
  readonly world: Omit<ControllerWorld, "fence" | "signal" | "settings">;
  readonly settings: ClusterSettings;
  /** Goes on beside the controllers, for as long as the term lasts at most. Never rejects. */
  readonly beside?: (leadership: Leadership) => Promise<void>;
};

export interface Leading {
  readonly election: LeaderElection;
  /** Ends the term if there is one, and hands over. */
  stop(): Promise<void>;
}

/** Stands for election from now on. A predecessor of the same name is gone: its claim need not run out first. */
export async function startLeading(options: LeadingOptions, signal: AbortSignal): Promise<Leading> {
  await forgetPredecessor(options, signal);
  const { world, settings: cluster, beside, ...candidate } = options;
  const settings = controllerSettings(cluster);
  const lead = async (leadership: Leadership): Promise<void> => {
    const { fence, signal } = leadership;
    const running = startControllers({ ...world, fence, signal, settings });
    const other = beside?.(leadership);
    await running.done.finally(() => running.stop());
    await other;
  };
  const election = new LeaderElection({ ...candidate, lead });
  const stopping = new AbortController();
  const done = election.run(stopping.signal);
  return {
    election,
    stop: async () => {
      stopping.abort();
      await done;
    },
  };
}

function controllerSettings(cluster: ClusterSettings): ControllerSettings {
  return {
    ...defaultControllerSettings,
    nodeGraceMs: cluster.nodeTimeoutMs,
    clusterCidr: cluster.podCidr,
    nodeCidrMaskSize: cluster.nodeMaskBits,
  };
}

/**
 * This process has its predecessor's name, address and ports, so that one has ended. Were it still there after all, its
 * fence no longer holds and it steps down.
 */
async function forgetPredecessor({ kv, identity, logger }: LeadingOptions, signal: AbortSignal): Promise<void> {
  const { item } = await kv.get(leaderKey, signal);
  if (!item) return;
  const holder = JSON.parse(Buffer.from(item.value).toString("utf8")) as { readonly identity?: string };
  if (holder.identity !== identity) return;
  await kv.transact([{ kind: "delete", key: leaderKey, guard: item.modRevision }], undefined, signal);
  logger.info({}, "took the leadership over from a process of the same name that has ended");
}
