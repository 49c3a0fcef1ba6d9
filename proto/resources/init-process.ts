/** Whether a pod's containers get an init process as their first one: it passes signals on and reaps what is left behind. Pure. */
import type { KubeObject } from "./object.ts";

export const initAnnotation = "orch/init";

/** On unless the pod says "false". */
export function wantsInit(pod: { readonly metadata: Pick<KubeObject["metadata"], "annotations"> }): boolean {
  return pod.metadata.annotations?.[initAnnotation] !== "false";
}

/** What is wrong with the annotation's value, if anything. */
export function initAnnotationProblem(annotations: Readonly<Record<string, string>> = {}): string | undefined {
  const value = annotations[initAnnotation];
  return value === undefined || value === "true" || value === "false" ? undefined : 'must be "true" or "false"';
}
