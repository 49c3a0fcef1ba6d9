/** The scale subresource: replicas of a workload behind one shape, `autoscaling/v1` Scale. */
import { Problem } from "#proto/kit/problem.ts";
import { formatSelector, selectorOf } from "#proto/resources/label-selector.ts";
import type { LabelSelector } from "#proto/resources/meta.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { isRecord, type JsonRecord } from "../patch/json.ts";

export function scaleOf(object: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const spec = isRecord(object.spec) ? object.spec : {};
  const status = isRecord(object.status) ? object.status : {};
  return {
    apiVersion: "autoscaling/v1",
    kind: "Scale",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec.replicas ?? 0 },
    status: {
      replicas: status.replicas ?? 0,
      selector: formatSelector(selectorOf(spec.selector as LabelSelector | undefined)),
    },
  };
}

/** The workload with the replicas of a Scale. The schema checks the number. */
export function withScale(current: KubeObject, scale: JsonRecord): KubeObject {
  const spec = isRecord(scale.spec) ? scale.spec : {};
  if (scale.kind !== undefined && scale.kind !== "Scale") {
    throw new Problem("bad-request", "the body of the scale subresource is a Scale of autoscaling/v1");
  }
  // A Scale without replicas means none, as in Kubernetes.
  return { ...current, spec: { ...(isRecord(current.spec) && current.spec), replicas: spec.replicas ?? 0 } };
}
