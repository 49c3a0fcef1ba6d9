/** How the parts of a kind merge, by path: what server-side apply and strategic merge patches need to know. */
import type { ListMerge, ObjectNode, TypeNode } from "./fields.ts";

export type Merge =
  | ({ readonly kind: "list" } & ListMerge)
  | { readonly kind: "map"; readonly atomic: boolean }
  | { readonly kind: "object"; readonly atomic: boolean; readonly retainKeys: boolean };

/** Paths are as `spec.containers[].ports` and, below a map, `spec.x.*`. What is not listed is a scalar or freeform. */
export type MergeKeys = ReadonlyMap<string, Merge>;

export function mergeKeysOf(type: ObjectNode): MergeKeys {
  const merges = new Map<string, Merge>();
  collect(type, "", merges);
  return merges;
}

function collect(type: TypeNode, path: string, merges: Map<string, Merge>): void {
  switch (type.kind) {
    case "object":
      if (path !== "") merges.set(path, { kind: "object", ...type.merge });
      for (const field of type.fields.values())
        collect(field.type, path === "" ? field.name : `${path}.${field.name}`, merges);
      return;
    case "list":
      merges.set(path, { kind: "list", ...type.merge });
      collect(type.item, `${path}[]`, merges);
      return;
    case "map":
      merges.set(path, { kind: "map", atomic: type.atomic });
      collect(type.value, `${path}.*`, merges);
      return;
    default:
  }
}
