/** What this agent knows to exist on the host for one pod, kept current by its own steps and by what the runtime reports. */
import type { Image } from "../images/image-store.ts";
import type { NetworkAttachment } from "../network/pod-network.ts";
import { parseContainerId } from "../runtime/container-id.ts";
import type { ContainerObservation, Sandbox } from "../runtime/container-runtime.ts";
import type { PreparedVolume } from "../volumes/volume-store.ts";
import { hookKey } from "./steps.ts";
import type { ObservedContainer, ObservedImage, ObservedPod } from "./view.ts";

export class PodPresence {
  readonly uid: string;
  sandbox: Sandbox | undefined;
  attachment: NetworkAttachment | undefined;
  /** `left` = a predecessor's; asking again with `prepare` makes it known. */
  volumes: readonly PreparedVolume[] | "left" | undefined;
  logs = false;
  readonly containers = new Map<string, ContainerObservation>();
  readonly rootfses = new Set<string>();
  readonly pulls = new Map<string, AbortController>();
  readonly pulled = new Set<string>();
  /** Hooks under way, by `hookKey`. */
  readonly hooks = new Map<string, AbortController>();
  /** Rises with every change, so that a look at the whole host knows whether it is out of date. */
  version = 0;

  constructor(uid: string) {
    this.uid = uid;
  }

  observe(images: ReadonlyMap<string, Image>, listeners: ObservedPod["listeners"] = {}): ObservedPod {
    return {
      sandbox: this.sandbox !== undefined,
      addresses: this.attachment && this.addresses,
      volumes: this.volumes === undefined ? "absent" : this.volumes === "left" ? "left" : "ready",
      logs: this.logs,
      containers: [...this.containers.values()].flatMap(toObserved),
      rootfses: [...this.rootfses],
      images: Object.fromEntries([...images].map(([reference, image]) => [reference, toObservedImage(image)])),
      pulling: [...this.pulls.keys()],
      pulled: [...this.pulled],
      hooks: [...this.hooks.keys()],
      listeners,
    };
  }

  /** Without prefix length. */
  get addresses(): readonly string[] {
    return this.attachment?.addresses.map(withoutPrefixLength) ?? [];
  }

  setContainer(observation: ContainerObservation): void {
    this.version += 1;
    this.containers.set(observation.id, observation);
  }

  dropContainer(id: string): void {
    this.version += 1;
    for (const hook of ["postStart", "preStop"] as const) this.hooks.get(hookKey(hook, id))?.abort();
    this.containers.delete(id);
    this.rootfses.delete(id);
  }

  cancelPulls(reason: string): void {
    for (const pull of this.pulls.values()) pull.abort(new DOMException(reason, "AbortError"));
  }

  get isEmpty(): boolean {
    const nothing = !this.sandbox && !this.attachment && this.volumes === undefined && !this.logs;
    return nothing && this.containers.size === 0 && this.rootfses.size === 0 && this.pulls.size + this.hooks.size === 0;
  }
}

function toObserved(observation: ContainerObservation): readonly ObservedContainer[] {
  const identity = parseContainerId(observation.id);
  if (!identity) return [];
  const { id, state, exitCode, signal, oomKilled, startedAtMs, finishedAtMs, paused, message } = observation;
  const { name, attempt } = identity;
  const ended = { exitCode, signal, oomKilled, startedAtMs, finishedAtMs };
  return [{ id, name, attempt, state, ...ended, ...(paused && { paused }), ...(message && { message }) }];
}

function toObservedImage(image: Image): ObservedImage {
  return { digest: image.digest, stopSignal: image.config.stopSignal };
}

function withoutPrefixLength(address: string): string {
  return address.split("/", 1)[0] ?? address;
}
