/** Volumes that are only said to be there, with the content of their files: for tests of what uses volumes. */
import { join } from "node:path";
import { Problem } from "#proto/kit/problem.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { type Payload, volumePayload } from "./payload.ts";
import type { PodObjects, PreparedVolume, VolumeStore } from "./volume-store.ts";

export class MemoryVolumeStore implements VolumeStore {
  readonly #pods = new Map<string, Map<string, Payload>>();

  async prepare(pod: Pod, objects: PodObjects): Promise<readonly PreparedVolume[]> {
    const uid = pod.metadata.uid ?? "";
    const volumes = this.#pods.get(uid) ?? new Map<string, Payload>();
    this.#pods.set(uid, volumes);
    return (pod.spec.volumes ?? []).map((volume): PreparedVolume => {
      const { name, hostPath, emptyDir } = volume;
      if (hostPath) return { name, path: hostPath.path, readOnly: false };
      const path = join("/memory/volumes", uid, name);
      if (emptyDir) return { name, path, readOnly: false };
      const payload = volumePayload(volume, { pod, objects, resourceValue: () => "0" });
      if (!payload) throw new Problem("unsupported", `volume ${name} is of a kind that this node does not support`);
      volumes.set(name, payload);
      return { name, path, readOnly: true };
    });
  }

  async refresh(pod: Pod, objects: PodObjects): Promise<void> {
    if (this.#pods.has(pod.metadata.uid ?? "")) await this.prepare(pod, objects);
  }

  async subPath(_podUid: string, volume: PreparedVolume, subPath: string): Promise<string> {
    const names = subPath.split("/");
    if (subPath.startsWith("/") || names.includes("..")) {
      throw new Problem("invalid", `subPath ${JSON.stringify(subPath)} leaves the volume`);
    }
    return join(volume.path, subPath);
  }

  async remove(podUid: string): Promise<void> {
    this.#pods.delete(podUid);
  }

  async list(): Promise<readonly string[]> {
    return [...this.#pods.keys()];
  }

  /** Content of a file, by the path of its volume and its own. */
  read(volumePath: string, file: string): string | undefined {
    const [uid = "", name = ""] = volumePath.split("/").slice(-2);
    return this.#pods.get(uid)?.get(name)?.get(file)?.content.toString();
  }
}
