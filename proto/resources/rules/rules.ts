/** Rules of each kind beyond types: defaults that depend on other fields, and what Kubernetes calls validation. */
import type { CatalogEntry } from "../catalog.ts";
import type { KubeObject } from "../object.ts";
import type { Findings } from "../schema/findings.ts";
import { eventRules, namespaceRules, nodeRules } from "./cluster-rules.ts";
import { configMapRules, secretRules } from "./data-rules.ts";
import { validateMeta } from "./meta-rules.ts";
import { podRules } from "./pod-rules.ts";
import { registryRules } from "./registry-rules.ts";
import type { RulesFor } from "./rules-for.ts";
import { deploymentRules, replicaSetRules } from "./workload-rules.ts";

export interface KindRules {
  applyDefaults(object: KubeObject): void;
  validate(object: KubeObject, previous: KubeObject | undefined, findings: Findings): void;
}

/** Objects reach the rules of a kind only after they were read with its schema. */
function erased<T>(entry: CatalogEntry, rules: RulesFor<T>): KindRules {
  return {
    applyDefaults: (object) => rules.applyDefaults?.(object as T),
    validate(object, previous, findings) {
      validateMeta(object, previous, entry, findings);
      rules.validate(object as T, findings);
      if (previous === undefined) rules.validateCreate?.(object as T, findings);
      else rules.validateUpdate?.(object as T, previous as T, findings);
    },
  };
}

const byKind: Readonly<Record<string, (entry: CatalogEntry) => KindRules>> = {
  Pod: (entry) => erased(entry, podRules),
  Deployment: (entry) => erased(entry, deploymentRules),
  ReplicaSet: (entry) => erased(entry, replicaSetRules),
  ConfigMap: (entry) => erased(entry, configMapRules),
  Secret: (entry) => erased(entry, secretRules),
  Namespace: (entry) => erased(entry, namespaceRules),
  Node: (entry) => erased(entry, nodeRules),
  Event: (entry) => erased(entry, eventRules),
  Registry: (entry) => erased(entry, registryRules),
};

export function rulesOf(entry: CatalogEntry): KindRules {
  const make = byKind[entry.kind];
  if (make === undefined) throw new TypeError(`${entry.kind} has no rules`);
  return make(entry);
}
