/** Fields of a pod that a volume can show as a file. Those known only when it runs, as its address, are for environments. */
import { Problem } from "#proto/kit/problem.ts";
import type { Pod } from "#proto/resources/pod.ts";

export function downwardField(pod: Pod, fieldPath: string): string {
  const { metadata } = pod;
  const entry = /^metadata\.(labels|annotations)\['([^']*)'\]$/.exec(fieldPath);
  if (entry) return metadata[entry[1] === "labels" ? "labels" : "annotations"]?.[entry[2] ?? ""] ?? "";
  switch (fieldPath) {
    case "metadata.name":
      return metadata.name ?? "";
    case "metadata.namespace":
      return metadata.namespace ?? "";
    case "metadata.uid":
      return metadata.uid ?? "";
    case "metadata.labels":
      return formatMap(metadata.labels);
    case "metadata.annotations":
      return formatMap(metadata.annotations);
    default:
      throw new Problem("invalid", `the downward API of volumes has no field ${JSON.stringify(fieldPath)}`);
  }
}

/** Kubernetes' form: sorted lines of `key="value"`, the value quoted as in Go. */
function formatMap(map: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(map ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join("\n");
}
