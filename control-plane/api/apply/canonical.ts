/** An applied configuration in the spelling of stored objects, so that `1000m` applied over `1` is no change, and no conflict. */
import type { KubeObject } from "#proto/resources/object.ts";
import type { TypeNode } from "#proto/resources/schema/fields.ts";
import { Findings } from "#proto/resources/schema/findings.ts";
import { read } from "#proto/resources/schema/read.ts";

/** What has the wrong shape stays as it was given: validation says what is wrong with it. */
export function canonical(type: TypeNode, config: KubeObject): KubeObject {
  const findings = new Findings();
  const spelled = read(type, config, findings, { unknown: "keep", defaults: false, levels: false });
  return findings.causes.some(({ reason }) => reason !== "FieldValueRequired") ? config : (spelled as KubeObject);
}
