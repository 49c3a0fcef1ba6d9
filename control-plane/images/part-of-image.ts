/** Whether a blob belongs to an image, proved by the image's own documents: nobody has to be believed. Pure. */
import { createHash } from "node:crypto";

export const maxDocuments = 8;
const maxDocumentBytes = 4 * 1024 * 1024;

/** `documents` lead from the image's digest (of an index or a manifest) to the blob, from the top down. */
export function isPartOfImage(image: string, blob: string, documents: readonly Uint8Array[]): boolean {
  const known = new Set([image]);
  for (const document of documents.slice(0, maxDocuments)) {
    if (known.has(blob)) return true;
    if (document.length > maxDocumentBytes || !known.has(sha256(document))) return false;
    for (const digest of digestsIn(document)) known.add(digest);
  }
  return known.has(blob);
}

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

interface Document {
  readonly manifests?: unknown;
  readonly layers?: unknown;
  readonly config?: unknown;
}

function digestsIn(bytes: Uint8Array): readonly string[] {
  let document: Document | null;
  try {
    document = JSON.parse(Buffer.from(bytes).toString("utf8")) as Document | null;
  } catch {
    return [];
  }
  const lists = [document?.manifests, document?.layers].flatMap((list) => (Array.isArray(list) ? list : []));
  return [...lists, document?.config].flatMap((entry: unknown) => {
    const digest = (entry as { readonly digest?: unknown } | null | undefined)?.digest;
    return typeof digest === "string" ? [digest] : [];
  });
}
