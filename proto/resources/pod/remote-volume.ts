/** Volume kinds that need a driver or a claim. Complete in their fields; refused until volumes are cluster objects. */

import type { z } from "zod";
import { labelSelector, localObjectReference, objectMeta } from "../meta.ts";
import { choice, flag, integer, list, map, object, refused, required, text, works } from "../schema/fields.ts";
import { resourceList } from "./container.ts";

const noClaims = "persistent volumes are not built yet";
const noDriver = "this kind of volume is not built yet";
const removed = "Kubernetes removed this kind of volume";

const texts = <const N extends string>(...names: readonly N[]) =>
  Object.fromEntries(names.map((name) => [name, works(text())])) as Record<N, z.ZodOptional<z.ZodString>>;
const secretRef = () => works(localObjectReference);
const readOnly = () => works(flag());

export const persistentVolumeClaimSpec = object("PersistentVolumeClaimSpec", () => ({
  accessModes: works(list(choice("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"))),
  selector: works(labelSelector),
  resources: works(
    object("VolumeResourceRequirements", () => ({ limits: works(resourceList()), requests: works(resourceList()) })),
  ),
  ...texts("volumeName", "storageClassName", "volumeMode", "volumeAttributesClassName"),
  dataSource: works(object("TypedLocalObjectReference", () => texts("apiGroup", "kind", "name"), { atomic: true })),
  dataSourceRef: works(object("TypedObjectReference", () => texts("apiGroup", "kind", "name", "namespace"))),
}));

const diskVolumes = () => ({
  gcePersistentDisk: refused(
    object("GCEPersistentDiskVolumeSource", () => ({
      ...texts("pdName", "fsType"),
      partition: works(integer()),
      readOnly: readOnly(),
    })),
    noDriver,
  ),
  awsElasticBlockStore: refused(
    object("AWSElasticBlockStoreVolumeSource", () => ({
      ...texts("volumeID", "fsType"),
      partition: works(integer()),
      readOnly: readOnly(),
    })),
    noDriver,
  ),
  azureDisk: refused(
    object("AzureDiskVolumeSource", () => ({
      ...texts("diskName", "diskURI", "cachingMode", "fsType", "kind"),
      readOnly: readOnly(),
    })),
    noDriver,
  ),
  azureFile: refused(
    object("AzureFileVolumeSource", () => ({ ...texts("secretName", "shareName"), readOnly: readOnly() })),
    noDriver,
  ),
  cinder: refused(
    object("CinderVolumeSource", () => ({
      ...texts("volumeID", "fsType"),
      readOnly: readOnly(),
      secretRef: secretRef(),
    })),
    noDriver,
  ),
  vsphereVolume: refused(
    object("VsphereVirtualDiskVolumeSource", () =>
      texts("volumePath", "fsType", "storagePolicyName", "storagePolicyID"),
    ),
    noDriver,
  ),
  photonPersistentDisk: refused(
    object("PhotonPersistentDiskVolumeSource", () => texts("pdID", "fsType")),
    removed,
  ),
  portworxVolume: refused(
    object("PortworxVolumeSource", () => ({ ...texts("volumeID", "fsType"), readOnly: readOnly() })),
    noDriver,
  ),
});

const networkVolumes = () => ({
  nfs: refused(
    object("NFSVolumeSource", () => ({ server: required(text()), path: required(text()), readOnly: readOnly() })),
    noDriver,
  ),
  iscsi: refused(
    object("ISCSIVolumeSource", () => ({
      ...texts("targetPortal", "iqn", "iscsiInterface", "fsType", "initiatorName"),
      lun: works(integer()),
      readOnly: readOnly(),
      portals: works(list(text())),
      chapAuthDiscovery: works(flag()),
      chapAuthSession: works(flag()),
      secretRef: secretRef(),
    })),
    noDriver,
  ),
  fc: refused(
    object("FCVolumeSource", () => ({
      targetWWNs: works(list(text())),
      lun: works(integer()),
      fsType: works(text()),
      readOnly: readOnly(),
      wwids: works(list(text())),
    })),
    noDriver,
  ),
});

/** Kinds Kubernetes once had: their fields are still part of its API. */
const removedVolumes = () => ({
  glusterfs: refused(
    object("GlusterfsVolumeSource", () => ({ ...texts("endpoints", "path"), readOnly: readOnly() })),
    removed,
  ),
  rbd: refused(
    object("RBDVolumeSource", () => ({
      ...texts("image", "fsType", "pool", "user", "keyring"),
      monitors: works(list(text())),
      secretRef: secretRef(),
      readOnly: readOnly(),
    })),
    removed,
  ),
  cephfs: refused(
    object("CephFSVolumeSource", () => ({
      ...texts("path", "user", "secretFile"),
      monitors: works(list(text())),
      secretRef: secretRef(),
      readOnly: readOnly(),
    })),
    removed,
  ),
  quobyte: refused(
    object("QuobyteVolumeSource", () => ({
      ...texts("registry", "volume", "user", "group", "tenant"),
      readOnly: readOnly(),
    })),
    removed,
  ),
  flocker: refused(
    object("FlockerVolumeSource", () => texts("datasetName", "datasetUUID")),
    removed,
  ),
  scaleIO: refused(
    object("ScaleIOVolumeSource", () => ({
      ...texts("gateway", "system", "protectionDomain", "storagePool", "storageMode", "volumeName", "fsType"),
      secretRef: secretRef(),
      sslEnabled: works(flag()),
      readOnly: readOnly(),
    })),
    removed,
  ),
  storageos: refused(
    object("StorageOSVolumeSource", () => ({
      ...texts("volumeName", "volumeNamespace", "fsType"),
      readOnly: readOnly(),
      secretRef: secretRef(),
    })),
    removed,
  ),
});

export const remoteVolumeFields = () => ({
  ...diskVolumes(),
  ...networkVolumes(),
  ...removedVolumes(),
  gitRepo: refused(
    object("GitRepoVolumeSource", () => texts("repository", "revision", "directory")),
    "Kubernetes disabled this kind of volume as unsafe",
  ),
  persistentVolumeClaim: refused(
    object("PersistentVolumeClaimVolumeSource", () => ({ claimName: required(text()), readOnly: readOnly() })),
    noClaims,
  ),
  flexVolume: refused(
    object("FlexVolumeSource", () => ({
      ...texts("driver", "fsType"),
      secretRef: secretRef(),
      readOnly: readOnly(),
      options: works(map(text())),
    })),
    noDriver,
  ),
  csi: refused(
    object("CSIVolumeSource", () => ({
      ...texts("driver", "fsType"),
      readOnly: readOnly(),
      volumeAttributes: works(map(text())),
      nodePublishSecretRef: secretRef(),
    })),
    noDriver,
  ),
  ephemeral: refused(
    object("EphemeralVolumeSource", () => ({
      volumeClaimTemplate: works(
        object("PersistentVolumeClaimTemplate", () => ({
          metadata: works(objectMeta),
          spec: required(persistentVolumeClaimSpec),
        })),
      ),
    })),
    noClaims,
  ),
  image: refused(
    object("ImageVolumeSource", () => ({
      reference: works(text()),
      pullPolicy: works(choice("Always", "Never", "IfNotPresent")),
    })),
    "image volumes are not built yet",
  ),
});
