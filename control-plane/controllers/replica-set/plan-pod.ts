/** The pod that a ReplicaSet's template asks for. */
import { withPodDefaults } from "#proto/resources/pod-defaults.ts";
import { qosClass } from "#proto/resources/qos-class.ts";
import type { Pod, ReplicaSet } from "../model/kinds.ts";
import { controllerReference } from "../model/ownership.ts";

/** Pod names fit a DNS label, so that they can be host names. */
const maxBaseLength = 63 - 6;

export function newPod(replicaSet: ReplicaSet, suffix: string): Pod {
  const { template } = replicaSet.spec;
  const base = replicaSet.metadata.name.slice(0, maxBaseLength);
  const spec = withPodDefaults(template.spec ?? { containers: [] });
  const { labels, annotations, finalizers } = template.metadata ?? {};
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${base}-${suffix}`,
      generateName: `${base}-`,
      ...(replicaSet.metadata.namespace === undefined ? {} : { namespace: replicaSet.metadata.namespace }),
      ...(labels === undefined ? {} : { labels: { ...labels } }),
      ...(annotations === undefined ? {} : { annotations: { ...annotations } }),
      ...(finalizers === undefined ? {} : { finalizers: [...finalizers] }),
      ownerReferences: [controllerReference(replicaSet)],
    },
    spec,
    status: { phase: "Pending", qosClass: qosClass(spec) },
  };
}
