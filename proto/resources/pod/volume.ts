/** Volumes of a pod that Orch provides itself. Kinds that need a driver are in remote-volume.ts. */
import type { z } from "zod";
import { labelSelector } from "../meta.ts";
import {
  choice,
  flag,
  int64,
  integer,
  list,
  map,
  object,
  quantity,
  refused,
  required,
  text,
  works,
} from "../schema/fields.ts";
import { objectFieldSelector, resourceFieldSelector } from "./env.ts";
import { remoteVolumeFields } from "./remote-volume.ts";

const noFileOwners = "owners of single files are not built yet; use fsGroup";
const mode = () => integer();

export const keyToPath = object("KeyToPath", () => ({
  key: required(text()),
  path: required(text(), "File below the mount; relative, without `..`."),
  mode: works(mode(), "Permission bits of this file."),
  user: refused(int64(), noFileOwners),
}));
export type KeyToPath = z.infer<typeof keyToPath>;

export const downwardFile = object("DownwardAPIVolumeFile", () => ({
  path: required(text()),
  fieldRef: works(objectFieldSelector),
  resourceFieldRef: works(resourceFieldSelector),
  mode: works(mode()),
  user: refused(int64(), noFileOwners),
}));
export type DownwardFile = z.infer<typeof downwardFile>;

const optionalSource = flag;
const items = () => works(list(keyToPath), "Only these keys, under these paths; every key when absent.");
const defaultMode = () => works(mode(), { doc: "Permission bits of files that set none.", default: 420 });

export const configMapVolume = object("ConfigMapVolumeSource", () => ({
  name: works(text()),
  items: items(),
  defaultMode: defaultMode(),
  optional: works(optionalSource(), "True: the pod starts without it when it is missing."),
  defaultUser: refused(int64(), noFileOwners),
}));
export const secretVolume = object("SecretVolumeSource", () => ({
  secretName: works(text()),
  items: items(),
  defaultMode: defaultMode(),
  optional: works(optionalSource(), "True: the pod starts without it when it is missing."),
  defaultUser: refused(int64(), noFileOwners),
}));
export const downwardVolume = object("DownwardAPIVolumeSource", () => ({
  items: works(list(downwardFile)),
  defaultMode: defaultMode(),
  defaultUser: refused(int64(), noFileOwners),
}));
export const emptyDirVolume = object("EmptyDirVolumeSource", () => ({
  medium: works(
    text(),
    "`Memory` for tmpfs, `HugePages` or `HugePages-2Mi` for huge pages; the node's disk when empty.",
  ),
  sizeLimit: works(quantity(), "Most it can hold: in memory the volume is full then, on disk the pod is evicted."),
  mode: refused(mode(), "emptyDir directories are always 0777", { harmless: [511] }),
}));
export const hostPathVolume = object("HostPathVolumeSource", () => ({
  path: required(text(), "Absolute path on the node."),
  type: works(
    choice("", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"),
    { doc: "What must be there before the pod starts.", default: "" },
  ),
}));

const noTokens =
  "service accounts are not built yet; leave out the volume kube-api-access-… that Kubernetes adds by itself";
export const volumeProjection = object("VolumeProjection", () => ({
  secret: works(
    object("SecretProjection", () => ({ name: works(text()), items: items(), optional: works(optionalSource()) })),
  ),
  downwardAPI: works(object("DownwardAPIProjection", () => ({ items: works(list(downwardFile)) }))),
  configMap: works(
    object("ConfigMapProjection", () => ({ name: works(text()), items: items(), optional: works(optionalSource()) })),
  ),
  serviceAccountToken: refused(
    object("ServiceAccountTokenProjection", () => ({
      audience: works(text()),
      expirationSeconds: works(int64(), { default: 3600 }),
      path: required(text()),
      user: refused(int64(), noFileOwners),
    })),
    noTokens,
  ),
  clusterTrustBundle: refused(
    object("ClusterTrustBundleProjection", () => ({
      name: works(text()),
      signerName: works(text()),
      labelSelector: works(labelSelector),
      optional: works(flag()),
      path: required(text()),
      user: refused(int64(), noFileOwners),
    })),
    "trust bundles are not built yet",
  ),
  podCertificate: refused(
    object("PodCertificateProjection", () => ({
      signerName: works(text()),
      keyType: works(text()),
      maxExpirationSeconds: works(integer()),
      credentialBundlePath: works(text()),
      keyPath: works(text()),
      certificateChainPath: works(text()),
      userAnnotations: works(map(text())),
      user: refused(int64(), noFileOwners),
    })),
    "certificates for pods are not built yet",
  ),
}));
export type VolumeProjection = z.infer<typeof volumeProjection>;

export const projectedVolume = object("ProjectedVolumeSource", () => ({
  sources: works(list(volumeProjection)),
  defaultMode: defaultMode(),
  defaultUser: refused(int64(), noFileOwners),
}));

const volumeSchema = object(
  "Volume",
  () => ({
    name: required(text(), "Name containers mount it by."),
    emptyDir: works(emptyDirVolume, "An empty directory that lives as long as the pod."),
    hostPath: works(hostPathVolume, "A file or directory of the node."),
    configMap: works(configMapVolume, "Keys of a ConfigMap as files."),
    secret: works(secretVolume, "Keys of a Secret as files, in memory only."),
    downwardAPI: works(downwardVolume, "Fields of the pod as files."),
    projected: works(projectedVolume, "Several of the above in one directory."),
    ...remoteVolumeFields(),
  }),
  { retainKeys: true },
);
export interface Volume extends z.infer<typeof volumeSchema> {}
export const volume: z.ZodType<Volume> = volumeSchema;
export const volumes = () => list(volume, { type: "map", keys: ["name"], patchMergeKey: "name", retainKeys: true });
