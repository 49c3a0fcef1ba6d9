/** Which image a name, a digest or an id means on this node. Pure. */
import { Problem } from "#proto/kit/problem.ts";
import type { ImageRecord, ImageRecords } from "./image-records.ts";
import { formatReference, isDigest, parseReference } from "./reference.ts";

type Records = Pick<ImageRecords, "all" | "byDigest" | "byId" | "byName" | "namesOf">;

/** Problem `bad-request` for what can be no name. */
export function lookUp(records: Records, reference: string): ImageRecord | undefined {
  if (isIdentifier(reference)) {
    const digest = reference.startsWith("sha256:") ? reference : `sha256:${reference}`;
    return records.byDigest(digest) ?? records.byId(digest);
  }
  const parsed = parseReference(reference);
  const named = records.byName(formatReference(parsed));
  if (named || parsed.digest === undefined) return named;
  // A digest names the same content in every repository; it must be known under this one.
  const record = records.byDigest(parsed.digest);
  const isOfRepository = (name: string): boolean => {
    const known = parseReference(name);
    return known.domain === parsed.domain && known.path === parsed.path;
  };
  return record && records.namesOf(record.digest).some(isOfRepository) ? record : undefined;
}

/** A pod's spelling; what cannot be read names none. */
export function lookUpNamed(records: Records, reference: string): ImageRecord | undefined {
  try {
    return lookUp(records, reference);
  } catch {
    return undefined;
  }
}

/** As people write it: a name, or else the beginning of a digest or id, as lists show them. */
export function lookUpTyped(records: Records, typed: string): ImageRecord | undefined {
  const beginning = /^(?:sha256:)?([a-f0-9]{6,63})$/.exec(typed)?.[1];
  if (beginning === undefined) return lookUp(records, typed);
  const named = typed.includes(":") ? undefined : lookUp(records, typed);
  if (named) return named;
  const found = records.all().filter((record) => identifiersOf(record, records).some((id) => id.startsWith(beginning)));
  if (found.length <= 1) return found[0];
  throw new Problem("bad-request", `${found.length} images have a digest or id that begins with ${typed}`, {
    hint: "write more of it, or a name: orchctl images shows both",
  });
}

export function isIdentifier(reference: string): boolean {
  return /^[a-f0-9]{64}$/.test(reference) || (reference.startsWith("sha256:") && isDigest(reference));
}

/** In hex: of its manifest, its config, and of indexes that it was chosen from. */
function identifiersOf(record: ImageRecord, records: Records): readonly string[] {
  const inNames = records.namesOf(record.digest).map((name) => name.split("@")[1] ?? "");
  return [record.digest, record.id, ...inNames].map((digest) => digest.replace(/^sha256:/, ""));
}
