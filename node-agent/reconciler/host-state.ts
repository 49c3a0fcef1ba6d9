/** Everything of ours on this host, by pod: read whole at the start and now and then, otherwise kept current by the executor. */
import { parseContainerId } from "../runtime/container-id.ts";
import type { HostPorts } from "./ports.ts";
import { PodPresence } from "./presence.ts";

type ListPorts = Pick<HostPorts, "rootfs" | "volumes" | "network" | "sandboxes" | "runtime" | "logs">;

export class HostState {
  readonly #ports: ListPorts;
  readonly #pods = new Map<string, PodPresence>();

  constructor(ports: ListPorts) {
    this.#ports = ports;
  }

  of(uid: string): PodPresence {
    const known = this.#pods.get(uid);
    if (known) return known;
    const fresh = new PodPresence(uid);
    this.#pods.set(uid, fresh);
    return fresh;
  }

  /** Drops the entry of a pod of which nothing is left. */
  forget(uid: string): void {
    if (this.#pods.get(uid)?.isEmpty) this.#pods.delete(uid);
  }

  uids(): readonly string[] {
    return [...this.#pods.keys()];
  }

  /**
   * Looks at the whole host. Pods for which something was done meanwhile, or is being done (`isBusy`), keep what is known:
   * the look is older than that.
   */
  async observe(isBusy: (uid: string) => boolean): Promise<void> {
    const before = new Map([...this.#pods].map(([uid, pod]) => [uid, pod.version]));
    const seen = await this.#look();
    for (const uid of new Set([...this.#pods.keys(), ...seen.keys()])) {
      const known = this.#pods.get(uid);
      if (isBusy(uid) || (known && known.version !== before.get(uid))) continue;
      take(this.of(uid), seen.get(uid) ?? new PodPresence(uid));
      this.forget(uid);
    }
  }

  async #look(): Promise<ReadonlyMap<string, PodPresence>> {
    const { rootfs, volumes, network, sandboxes, runtime, logs } = this.#ports;
    const [containers, boxes, attachments, volumeUids, rootfses, logUids] = await Promise.all([
      runtime.list(),
      sandboxes.list(),
      network.list(),
      volumes.list(),
      rootfs.list(),
      logs.list(),
    ]);
    const seen = new Map<string, PodPresence>();
    const at = (uid: string): PodPresence => {
      const known = seen.get(uid) ?? new PodPresence(uid);
      seen.set(uid, known);
      return known;
    };
    for (const container of containers) {
      const identity = parseContainerId(container.id);
      if (identity) at(identity.podUid).containers.set(container.id, container);
    }
    for (const sandbox of boxes) at(sandbox.podUid).sandbox = sandbox;
    for (const attachment of attachments) at(attachment.podUid).attachment = attachment;
    for (const uid of volumeUids) at(uid).volumes = "left";
    for (const id of rootfses) {
      const identity = parseContainerId(id);
      if (identity) at(identity.podUid).rootfses.add(id);
    }
    for (const uid of logUids) at(uid).logs = true;
    return seen;
  }
}

/** Paths of volumes prepared by this process stay known as long as the volumes are there. */
function take(known: PodPresence, seen: PodPresence): void {
  known.sandbox = seen.sandbox;
  known.attachment = seen.attachment;
  known.volumes = seen.volumes && Array.isArray(known.volumes) ? known.volumes : seen.volumes;
  known.logs = seen.logs;
  known.containers.clear();
  for (const [id, container] of seen.containers) known.containers.set(id, container);
  known.rootfses.clear();
  for (const id of seen.rootfses) known.rootfses.add(id);
}
