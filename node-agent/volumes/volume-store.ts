/** The port to a pod's volumes on this node. */
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod } from "#proto/resources/pod.ts";

/** Objects a pod refers to, as the control plane assigned them. */
export interface PodObjects {
  configMap(name: string): KubeObject | undefined;
  /** With `data` decoded to base64 strings as in Kubernetes. */
  secret(name: string): KubeObject | undefined;
}

export interface PreparedVolume {
  readonly name: string;
  /** Host path to bind mount. */
  readonly path: string;
  readonly readOnly: boolean;
  /** A device of the node, asked for as one. */
  readonly isDevice?: boolean;
}

export interface VolumeStore {
  /**
   * Makes all volumes of the pod, idempotently. Secrets, ConfigMaps, projected and downward files live on tmpfs.
   * Problem `not-found` names the missing object or key; `invalid` a hostPath of the wrong type.
   */
  prepare(pod: Pod, objects: PodObjects): Promise<readonly PreparedVolume[]>;
  /** Writes new content of ConfigMap and Secret volumes atomically (symlink swap) when it changed. */
  refresh(pod: Pod, objects: PodObjects): Promise<void>;
  /**
   * A host path for `subPath` of a prepared volume, pinned: those who write to the volume cannot turn it elsewhere. What is missing
   * becomes a directory. Asked anew at each start of a container; removed with the pod. Problem `invalid` when it leaves the volume.
   */
  subPath(podUid: string, volume: PreparedVolume, subPath: string): Promise<string>;
  /** Unmounts and removes all that `prepare` made for the pod. Idempotent. Never follows links, never touches hostPaths. */
  remove(podUid: string): Promise<void>;
  list(): Promise<readonly string[]>; // pod uids
}
