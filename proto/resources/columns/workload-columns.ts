/** Tables of Deployments and ReplicaSets. */
import type { Deployment } from "../deployment.ts";
import { imagePins, shortPinnedName } from "../image-pins.ts";
import { formatSelector, selectorOf } from "../label-selector.ts";
import type { ReplicaSet } from "../replica-set.ts";
import { ageColumn, type Column, nameColumn, normal, orNone, wide } from "./column.ts";

type Workload = Deployment | ReplicaSet;

const containers = (workload: Workload) => workload.spec.template.spec.containers;
const templateColumns: readonly Column[] = [
  wide<Workload>("CONTAINERS", (workload) =>
    containers(workload)
      .map((container) => container.name)
      .join(","),
  ),
  wide<Workload>("IMAGES", (workload) =>
    containers(workload)
      .map(({ image }) => shortPinnedName(image, imagePins(workload)[image]))
      .join(","),
  ),
  wide<Workload>("SELECTOR", (workload) => orNone(formatSelector(selectorOf(workload.spec.selector)))),
];

export const deploymentColumns: readonly Column[] = [
  nameColumn,
  normal<Deployment>("READY", (object) => `${object.status?.readyReplicas ?? 0}/${object.spec.replicas ?? 1}`),
  normal<Deployment>("UP-TO-DATE", (object) => object.status?.updatedReplicas ?? 0, "integer"),
  normal<Deployment>("AVAILABLE", (object) => object.status?.availableReplicas ?? 0, "integer"),
  ageColumn,
  ...templateColumns,
];

export const replicaSetColumns: readonly Column[] = [
  nameColumn,
  normal<ReplicaSet>("DESIRED", (object) => object.spec.replicas ?? 1, "integer"),
  normal<ReplicaSet>("CURRENT", (object) => object.status?.replicas ?? 0, "integer"),
  normal<ReplicaSet>("READY", (object) => object.status?.readyReplicas ?? 0, "integer"),
  ageColumn,
  ...templateColumns,
];
