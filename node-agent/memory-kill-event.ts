/** A process of a container was killed for memory and the container goes on: nobody would know, so it is an event of the pod. */

import type { Pod } from "#proto/resources/pod.ts";
import { allContainers } from "#proto/resources/pod-containers.ts";
import type { PodRecord } from "./journal/record.ts";
import type { EventSink } from "./reconciler/ports.ts";
import { parseContainerId } from "./runtime/container-id.ts";
import type { MemoryKill } from "./runtime/container-runtime.ts";

export function tellMemoryKill(
  { id, processes }: MemoryKill,
  pods: { record(uid: string): PodRecord | undefined },
  events: EventSink,
): void {
  const identity = parseContainerId(id);
  const record = identity && pods.record(identity.podUid);
  if (!identity || !record) return;
  const { name } = identity;
  const killed = processes === 1 ? "A process" : `${processes} processes`;
  const message = `${killed} of container ${name} ${processes === 1 ? "was" : "were"} killed for memory (${limitText(record.pod, name)}); the container goes on`;
  events.emit(record.pod, { type: "Warning", reason: "OOMKilling", message, container: name });
}

function limitText({ spec }: Pod, name: string): string {
  const all = allContainers({ spec });
  const own = all.find((container) => container.name === name)?.resources?.limits?.memory;
  const ofPod = spec.resources?.limits?.memory;
  if (own !== undefined) return `its limit is ${own}`;
  return ofPod === undefined ? "it has no limit: the node's ran out" : `the pod's limit is ${ofPod}`;
}
