/** What a pod may need of a node besides room: told by nodes in `status.declaredFeatures`. Pure. */
import type { Pod } from "./pod.ts";

export const nodeFeatures = ["AppArmor", "SELinux", "UserNamespaces"] as const;
export type NodeFeature = (typeof nodeFeatures)[number];

/** Without them the pod would run with more rights than it was given, or not at all. */
export function featuresNeeded({ spec, metadata }: Pick<Pod, "spec" | "metadata">): readonly NodeFeature[] {
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
  const contexts = [spec.securityContext, ...containers.map(({ securityContext }) => securityContext)];
  const annotated = Object.entries(metadata.annotations ?? {}).some(
    ([name, value]) =>
      name.startsWith("container.apparmor.security.beta.kubernetes.io/") && value.startsWith("localhost/"),
  );
  const needsAppArmor = annotated || contexts.some((context) => context?.appArmorProfile?.type === "Localhost");
  return [
    ...(needsAppArmor ? (["AppArmor"] as const) : []),
    ...(spec.hostUsers === false ? (["UserNamespaces"] as const) : []),
  ];
}
