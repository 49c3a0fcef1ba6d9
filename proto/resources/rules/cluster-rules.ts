/** Defaults and rules for Namespaces, Nodes and Events. */
import type { Event } from "../event.ts";
import { labelValue, qualifiedName } from "../name-rules.ts";
import type { Namespace } from "../namespace.ts";
import type { Node } from "../node.ts";
import { labelProblems } from "../pod-security/level.ts";
import { parseQuantity } from "../quantity.ts";
import { quote } from "../schema/findings.ts";
import type { RulesFor } from "./rules-for.ts";
import { checkUnique } from "./unique.ts";

const nameLabel = "kubernetes.io/metadata.name";

export const namespaceRules: RulesFor<Namespace> = {
  applyDefaults(object) {
    const { metadata } = object;
    if (metadata.name !== "") metadata.labels = { ...metadata.labels, [nameLabel]: metadata.name };
    object.status ??= { phase: "Active" };
  },
  validate(object, findings) {
    for (const [label, problem] of labelProblems(object.metadata.labels))
      findings.invalid(["metadata", "labels", label], problem);
    for (const [i, finalizer] of (object.spec?.finalizers ?? []).entries())
      findings.check(["spec", "finalizers", i], qualifiedName(finalizer));
  },
};

export const nodeRules: RulesFor<Node> = {
  applyDefaults({ status }) {
    if (status?.capacity !== undefined) status.allocatable ??= { ...status.capacity };
  },
  validate(node, findings) {
    const taints = node.spec?.taints ?? [];
    for (const [i, taint] of taints.entries()) {
      findings.check(["spec", "taints", i, "key"], qualifiedName(taint.key));
      if (taint.value !== undefined) findings.check(["spec", "taints", i, "value"], labelValue(taint.value));
    }
    checkUnique(
      taints.map(({ key, effect }) => `${key}:${effect}`),
      (i) => ["spec", "taints", i],
      findings,
    );
    for (const field of ["capacity", "allocatable"] as const)
      for (const [name, amount] of Object.entries(node.status?.[field] ?? {}))
        if ((parseQuantity(amount)?.nanos ?? 0n) < 0n)
          findings.invalid(["status", field, name], "must not be negative");
  },
  validateUpdate(node, previous, findings) {
    const before = previous.spec?.podCIDR;
    if (before !== undefined && before !== "" && node.spec?.podCIDR !== before)
      findings.forbidden(["spec", "podCIDR"], `cannot change: it is ${quote(before)}`);
  },
};

export const eventRules: RulesFor<Event> = {
  validate(event, findings) {
    const { namespace } = event.involvedObject;
    const own = event.metadata.namespace;
    const wanted = namespace === undefined || namespace === "" ? "default" : namespace;
    if (own !== undefined && own !== "" && own !== wanted)
      findings.invalid(["involvedObject", "namespace"], `must be the namespace of the event, ${quote(own)}`);
  },
};
