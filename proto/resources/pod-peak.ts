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
