/** The subresource ephemeralcontainers of pods: containers are added to a pod that exists; nothing else of it changes. Pure. */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Pod } from "#proto/resources/pod.ts";
import type { ResourceDefinition } from "#proto/resources/registry.ts";
import { ephemeralProblem } from "#proto/resources/rules/ephemeral-rules.ts";
import { isRecord } from "../patch/json.ts";
import { describe } from "../target.ts";
import { nextObject } from "./next-object.ts";

export function withEphemeralContainers(
  definition: ResourceDefinition,
  current: KubeObject,
  body: KubeObject,
): { readonly next: KubeObject; readonly previous: KubeObject } {
  nextObject(definition, current, body, "main"); // the same object, or a refusal
  const wanted = isRecord(body.spec) ? (body.spec.ephemeralContainers ?? []) : [];
  const next: KubeObject = {
    ...current,
    spec: { ...(isRecord(current.spec) && current.spec), ephemeralContainers: wanted },
  };
  const object = describe(definition, current.metadata.namespace ?? "", current.metadata.name);
  if (current.metadata.deletionTimestamp !== undefined)
    throw new Problem("conflict", `${object} is being deleted: nothing can be added to it`, { object });
  if (!Array.isArray(wanted) || !wanted.every((one) => isRecord(one) && typeof one.name === "string"))
    throw new Problem("bad-request", "spec.ephemeralContainers is no list of containers with names", { object });
  const message = ephemeralProblem(current as unknown as Pod, next as unknown as Pod);
  if (message !== undefined)
    throw new Problem("invalid", `${object}: ${message}`, {
      object,
      causes: [{ path: "spec.ephemeralContainers", message, reason: "FieldValueForbidden" }],
    });
  // What was added is judged as part of a pod, not as a change of it.
  return { next, previous: definition.applyDefaults(next) };
}
