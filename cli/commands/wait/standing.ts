/** What an object is like that is not as it was waited for, in a few words. Pure. */
import type { KubeObject } from "#proto/resources/object.ts";
import { fieldOf } from "../../printers/field-path.ts";

/** "" where there is nothing to say. */
export function standing(object: KubeObject | undefined, conditions: readonly string[]): string {
  if (object === undefined) return "";
  return conditions.map((wanted) => standingTo(object, wanted)).find((words) => words !== "") ?? "";
}

function standingTo(object: KubeObject, wanted: string): string {
  if (wanted === "delete") return deletion(object);
  const type = /^condition=([^=]+)/.exec(wanted)?.[1];
  return type === undefined ? "" : condition(object, type);
}

function deletion({ metadata: { deletionTimestamp, finalizers = [] } }: KubeObject): string {
  if (deletionTimestamp === undefined) return "nobody has deleted it";
  return finalizers.length > 0 ? `it waits for its finalizers ${finalizers.join(", ")}` : "it is being deleted";
}

interface ConditionLike {
  readonly type?: unknown;
  readonly status?: unknown;
  readonly message?: unknown;
}

function condition(object: KubeObject, type: string): string {
  const found = fieldOf(object, "status.conditions");
  const all = (Array.isArray(found) ? found : []) as readonly ConditionLike[];
  const same = all.find((one) => String(one.type).toLowerCase() === type.toLowerCase());
  if (same) {
    const why = typeof same.message === "string" && same.message !== "" ? ` (${same.message})` : "";
    return `${String(same.type)} is ${String(same.status)}${why}`;
  }
  if (all.length === 0) return "it has no conditions yet";
  return `it has the conditions ${all.map((one) => `${String(one.type)}=${String(one.status)}`).join(", ")}`;
}
