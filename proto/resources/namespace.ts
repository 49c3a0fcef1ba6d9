/** Namespace: a space of names. Deleting it deletes what is in it. */
import type { z } from "zod";
import { typeMeta } from "./meta.ts";
import { conditionStatus } from "./pod/status.ts";
import { choice, list, listByKey, object, required, text, time, works } from "./schema/fields.ts";

const namespaceCondition = object("NamespaceCondition", () => ({
  type: required(text()),
  status: required(conditionStatus()),
  lastTransitionTime: works(time()),
  reason: works(text()),
  message: works(text()),
}));
export type NamespaceCondition = z.infer<typeof namespaceCondition>;

export const namespace = object("Namespace", () => ({
  ...typeMeta("v1", "Namespace"),
  spec: works(
    object("NamespaceSpec", () => ({
      finalizers: works(list(text()), "The namespace stays until this list is empty."),
    })),
  ),
  status: works(
    object("NamespaceStatus", () => ({
      phase: works(choice("Active", "Terminating")),
      conditions: works(listByKey(namespaceCondition, "type")),
    })),
  ),
}));
export type Namespace = z.infer<typeof namespace>;
