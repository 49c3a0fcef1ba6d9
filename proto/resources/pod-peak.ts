/**
 * What a pod's containers need together, as Kubernetes counts it: containers and sidecars side by side, or the hungriest moment of
 * the init containers when that is more (a sidecar started earlier runs beside each later init container).
 */
import type { Container, PodSpec } from "./pod.ts";

export function podPeak(spec: Pick<PodSpec, "containers" | "initContainers">, of: (one: Container) => number): number {
  let sidecars = 0;
  let initPeak = 0;
  for (const container of spec.initContainers ?? []) {
    const amount = of(container);
    if (container.restartPolicy === "Always") {
      sidecars += amount;
      initPeak = Math.max(initPeak, sidecars);
    } else initPeak = Math.max(initPeak, sidecars + amount);
  }
  return Math.max(
    initPeak,
    spec.containers.reduce((sum, container) => sum + of(container), sidecars),
  );
}

/** Limited only when all of its containers are, or the pod is: one without a limit may use what the node has. */
export function podLimit(spec: PodSpec, name: string, convert: (text: string) => number): number | undefined {
  const own = spec.resources?.limits?.[name];
  if (own !== undefined) return convert(own) || undefined;
  const limit = ({ resources }: Container): number => convert(resources?.limits?.[name] ?? "0");
  const isLimited = [...spec.containers, ...(spec.initContainers ?? [])].every((container) => limit(container) > 0);
  return isLimited ? podPeak(spec, limit) || undefined : undefined;
}
