/** JSON merge patch, RFC 7386: null removes, objects merge, everything else replaces. */
import { isRecord, type JsonRecord, member } from "./json.ts";

export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: JsonRecord = isRecord(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = mergePatch(member(result, name), value);
  }
  return result;
}
