/** Which labels a machine may give itself when it joins: others schedule by trust, so some names are not its own to take. */

const wellKnown: ReadonlySet<string> = new Set([
  "kubernetes.io/hostname",
  "kubernetes.io/arch",
  "kubernetes.io/os",
  "node.kubernetes.io/instance-type",
  "topology.kubernetes.io/region",
  "topology.kubernetes.io/zone",
]);
const labelKey = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const reservedDomains = ["kubernetes.io", "k8s.io", "orch"];

/** Facts about the machine: renewed each time it registers. */
export const isWellKnownNodeLabel = (key: string): boolean => wellKnown.has(key);

/** Why a machine may not have this label of itself; undefined = it may. */
export function ownLabelRefusal(key: string, value: string): string | undefined {
  if (!labelKey.test(key)) return `"${key.slice(0, 80)}" is no label key`;
  if (!labelValue.test(value)) return `"${value.slice(0, 80)}" is no label value`;
  const domain = key.includes("/") ? key.slice(0, key.indexOf("/")) : "";
  const reserved = reservedDomains.find((one) => domain === one || domain.endsWith(`.${one}`));
  if (reserved === undefined || wellKnown.has(key)) return undefined;
  return `a machine may not give itself labels of ${reserved} (${key}); an administrator may: orchctl label node`;
}
