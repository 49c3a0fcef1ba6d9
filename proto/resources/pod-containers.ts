/** The containers of a pod, whatever their role. Pure. */
import type { Container, PodSpec } from "./pod.ts";

type Lists = Partial<Pick<PodSpec, "initContainers" | "containers" | "ephemeralContainers">>;

/** In the order of their turn: those that prepare the pod, its own, those added to look inside. */
export const allContainers = ({ spec }: { readonly spec: Lists }): readonly Container[] => [
  ...(spec.initContainers ?? []),
  ...(spec.containers ?? []),
  ...(spec.ephemeralContainers ?? []),
];

export const isEphemeral = ({ spec }: { readonly spec: Lists }, name: string): boolean =>
  (spec.ephemeralContainers ?? []).some((container) => container.name === name);
