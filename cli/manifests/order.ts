/** In what order objects are made, so that each finds what it needs; they are deleted in the opposite one. Pure. */

/** Namespaces first, then what pods refer to; workloads, which are not named here, last. */
const ranks: readonly string[] = [
  "Namespace",
  "PriorityClass",
  "StorageClass",
  "ServiceAccount",
  "Secret",
  "ConfigMap",
  "Registry",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "Service",
];

/** Stable: objects of one rank stay as they were written. */
export function inOrder<T extends { readonly definition: { readonly kind: string } }>(
  documents: readonly T[],
): readonly T[] {
  const rankOf = ({ definition }: T): number => {
    const rank = ranks.indexOf(definition.kind);
    return rank < 0 ? ranks.length : rank;
  };
  return [...documents].sort((a, b) => rankOf(a) - rankOf(b));
}
