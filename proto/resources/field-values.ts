/** Fields objects can be selected by, per kind, as in Kubernetes. */
import type { Event } from "./event.ts";
import type { FieldValues } from "./field-selector.ts";
import type { Namespace } from "./namespace.ts";
import type { Node } from "./node.ts";
import type { KubeObject } from "./object.ts";
import type { Pod } from "./pod.ts";
import type { ReplicaSet } from "./replica-set.ts";
import type { Secret } from "./secret.ts";

type Values<T> = Readonly<Record<string, (object: T) => string | number | boolean | undefined>>;

/** Objects are those the server validated as T. */
function fields<T>(values: Values<T>): FieldValues<KubeObject> {
  const texts = Object.entries(values).map(([field, value]) => {
    return [field, (object: KubeObject) => String(value(object as T) ?? "")] as const;
  });
  return {
    "metadata.name": (object) => object.metadata.name,
    "metadata.namespace": (object) => object.metadata.namespace ?? "",
    ...Object.fromEntries(texts),
  };
}

export const commonFields = fields<KubeObject>({});
export const podFields = fields<Pod>({
  "spec.nodeName": (pod) => pod.spec.nodeName,
  "spec.restartPolicy": (pod) => pod.spec.restartPolicy,
  "spec.schedulerName": (pod) => pod.spec.schedulerName,
  "spec.serviceAccountName": (pod) => pod.spec.serviceAccountName,
  "spec.hostNetwork": (pod) => pod.spec.hostNetwork ?? false,
  "status.phase": (pod) => pod.status?.phase,
  "status.podIP": (pod) => pod.status?.podIP,
  "status.nominatedNodeName": (pod) => pod.status?.nominatedNodeName,
});
export const replicaSetFields = fields<ReplicaSet>({ "status.replicas": (object) => object.status?.replicas ?? 0 });
export const secretFields = fields<Secret>({ type: (object) => object.type });
export const namespaceFields = fields<Namespace>({ "status.phase": (object) => object.status?.phase });
export const nodeFields = fields<Node>({ "spec.unschedulable": (node) => node.spec?.unschedulable ?? false });
export const eventFields = fields<Event>({
  "involvedObject.apiVersion": (event) => event.involvedObject.apiVersion,
  "involvedObject.kind": (event) => event.involvedObject.kind,
  "involvedObject.namespace": (event) => event.involvedObject.namespace,
  "involvedObject.name": (event) => event.involvedObject.name,
  "involvedObject.uid": (event) => event.involvedObject.uid,
  "involvedObject.resourceVersion": (event) => event.involvedObject.resourceVersion,
  "involvedObject.fieldPath": (event) => event.involvedObject.fieldPath,
  reason: (event) => event.reason,
  reportingComponent: (event) => event.reportingComponent,
  source: (event) => event.source?.component ?? event.reportingComponent,
  type: (event) => event.type,
});
