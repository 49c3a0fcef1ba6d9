/** The reconciler's pods as those that may have to go. */
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import { allContainers } from "#proto/resources/pod-containers.ts";
import type { RootfsStore } from "../images/image-store.ts";
import type { ContainerLogs } from "../logs/container-logs.ts";
import type { Reconciler } from "../reconciler/loop.ts";
import { isOver } from "../reconciler/pod-machine.ts";
import type { EventSink } from "../reconciler/ports.ts";
import type { EvictionTargets } from "./node-pressure.ts";

export interface EvictionParts {
  readonly reconciler: Reconciler;
  readonly rootfs: Pick<RootfsStore, "purge">;
  readonly logs: ContainerLogs;
  readonly events: EventSink;
  readonly logger: Logger;
}

export function evictionTargets({ reconciler, rootfs, logs, events, logger }: EvictionParts): EvictionTargets {
  return {
    pods: () =>
      [...reconciler.records()].flatMap((record) => {
        const { uid, pod } = record;
        if (record.stop || record.expired || isOver(pod, record)) return [];
        return [{ uid, pod, rootfses: [...reconciler.presence(uid).rootfses] }];
      }),
    evict: ({ uid, pod }, eviction) => {
      events.emit(pod, { type: "Warning", reason: "Evicted", message: eviction.message.trim() });
      reconciler.evict(uid, eviction);
    },
    isGone: (uid) => {
      if (!reconciler.record(uid)) return true;
      const { containers, rootfses, volumes } = reconciler.presence(uid);
      return containers.size === 0 && rootfses.size === 0 && volumes === undefined;
    },
    freeDisk: () => rootfs.purge(),
    removeOldLogs: async () => {
      for (const { uid, pod, expired, containers } of reconciler.records()) {
        try {
          if (expired) continue; // why it went is in there
          for (const { name } of allContainers(pod)) if (containers[name]?.previous) await logs.prune(uid, name, 1);
        } catch (thrown) {
          logger.warn({ pod: uid, error: Problem.from(thrown).message }, "old logs could not be removed");
        }
      }
    },
  };
}
