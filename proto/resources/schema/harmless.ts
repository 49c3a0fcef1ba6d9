/** Values that mean the same as leaving a field out: at any level they pass in silence. */
import type { Field } from "./fields.ts";

export function isHarmless(field: Field, given: unknown): boolean {
  if (field.harmless !== undefined) return field.harmless.includes(given);
  if (Array.isArray(given)) return given.length === 0;
  return given === false || isEmptyMap(field, given);
}

const isEmptyMap = (field: Field, given: unknown): boolean =>
  field.type.kind === "map" && typeof given === "object" && given !== null && Object.keys(given).length === 0;
