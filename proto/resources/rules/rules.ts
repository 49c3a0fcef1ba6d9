/** Rules of each kind beyond types: defaults that depend on other fields, and what Kubernetes calls validation. */
import type { CatalogEntry } from "../catalog.ts";
import type { KubeObject } from "../object.ts";
import type { Findings } from "../schema/findings.ts";

export interface KindRules {
  /** Changes the object, which has the right shape. */
  applyDefaults(object: KubeObject): void;
  validate(object: KubeObject, previous: KubeObject | undefined, findings: Findings): void;
}

export function rulesOf(_entry: CatalogEntry): KindRules {
  return { applyDefaults() {}, validate() {} };
}
