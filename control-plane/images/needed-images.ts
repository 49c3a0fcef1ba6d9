/** Which images workloads run, or may be rolled back to: those of every ReplicaSet that is kept. Pure. */
import { imagePins, pinnedName } from "#proto/resources/image-pins.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { imageName } from "#proto/resources/registry-match.ts";
import type { ReplicaSet } from "#proto/resources/replica-set.ts";

/** Those of `names` that a revision names, by tag or by the digest that its tag was pinned to. */
export function neededNames(names: readonly string[], replicaSets: readonly KubeObject[]): readonly string[] {
  const asked = new Set(names);
  const needed = new Set<string>();
  for (const object of replicaSets) {
    const pins = imagePins(object);
    const { spec } = (object as unknown as ReplicaSet).spec.template;
    for (const { image = "" } of [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])]) {
      for (const name of [imageName(image), imageName(pinnedName(image, pins[image]))]) {
        if (asked.has(name)) needed.add(name);
      }
    }
  }
  return [...needed];
}
