/** Table columns, as kubectl shows them. Priority 0 is always shown, 1 with `-o wide`. */
import { formatAge } from "../duration.ts";
import type { KubeObject } from "../object.ts";

export interface Column {
  readonly name: string;
  readonly type: "string" | "integer";
  readonly priority: 0 | 1;
  readonly value: (object: KubeObject, nowMs: number) => string;
}

type Value<T> = (object: T, nowMs: number) => string | number | undefined;

/** Objects are those the server validated as T. */
function column<T>(priority: 0 | 1, name: string, value: Value<T>, type: Column["type"] = "string"): Column {
  return { name, type, priority, value: (object, nowMs) => String(value(object as T, nowMs) ?? "") };
}

export const normal = <T>(name: string, value: Value<T>, type?: Column["type"]): Column => column(0, name, value, type);
export const wide = <T>(name: string, value: Value<T>, type?: Column["type"]): Column => column(1, name, value, type);

export const nameColumn = normal<KubeObject>("NAME", (object) => object.metadata.name);
export const ageColumn = normal<KubeObject>("AGE", (object, nowMs) =>
  formatAge(object.metadata.creationTimestamp, nowMs),
);

/** `<none>` for what is absent or empty. */
export const orNone = (text: string | undefined): string => (text === undefined || text === "" ? "<none>" : text);
