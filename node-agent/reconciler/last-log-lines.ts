/** What stands in for the last words of a container that failed without any: the end of its log (FallbackToLogsOnError). */
import type { Pod } from "#proto/resources/pod.ts";
import { allContainers } from "#proto/resources/pod-containers.ts";
import type { ContainerLogs } from "../logs/container-logs.ts";
import { parseContainerId } from "../runtime/container-id.ts";
import type { ContainerObservation } from "../runtime/container-runtime.ts";
import type { PodPresence } from "./presence.ts";

/** As Kubernetes. */
const maxLines = 80;
const maxBytes = 2048;
const readTimeoutMs = 5_000;

/** Adds it to what is known of the pod's containers that have ended and say nothing. Asked again it does nothing. */
export async function addLastLogLines(pod: Pod, presence: PodPresence, logs: ContainerLogs): Promise<void> {
  for (const container of allContainers(pod)) {
    if (container.terminationMessagePolicy !== "FallbackToLogsOnError") continue;
    for (const observation of presence.containers.values()) {
      const identity = parseContainerId(observation.id);
      if (identity?.name !== container.name || !isSilentFailure(observation)) continue;
      const message = await lastLines(logs, presence.uid, identity);
      presence.containers.set(observation.id, { ...observation, message });
    }
  }
}

const isSilentFailure = ({ state, exitCode, message }: ContainerObservation): boolean =>
  state === "exited" && exitCode !== 0 && message === undefined;

async function lastLines(
  logs: ContainerLogs,
  podUid: string,
  { name, attempt }: { readonly name: string; readonly attempt: number },
): Promise<string> {
  const query = { podUid, container: name, attempt, follow: false, tailLines: maxLines, timestamps: false };
  let end = Buffer.alloc(0);
  try {
    for await (const chunk of logs.read(query, AbortSignal.timeout(readTimeoutMs)))
      end = Buffer.concat([end, chunk]).subarray(-maxBytes);
  } catch {
    // A log that cannot be read has nothing to say: the exit code stands.
  }
  return end.toString("utf8");
}
