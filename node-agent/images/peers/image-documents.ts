/** The index and manifest that lead from an image to one of its blobs, as far as they are here: what the control plane checks a request by. */

type Read = (digest: string) => Promise<Uint8Array | undefined>;

const maxDepth = 5;

/** From the top down. Empty when nothing leads there, and for the image's own digest, which needs no proof. */
export async function documentsTo(image: string, blob: string, read: Read): Promise<readonly Uint8Array[]> {
  return (await search(image, blob, read, maxDepth)) ?? [];
}

async function search(
  from: string,
  blob: string,
  read: Read,
  depth: number,
): Promise<readonly Uint8Array[] | undefined> {
  if (from === blob) return [];
  const document = depth > 0 ? await read(from) : undefined;
  if (!document) return undefined;
  const { manifests, parts } = digestsIn(document);
  if (manifests.includes(blob) || parts.includes(blob)) return [document];
  for (const manifest of manifests) {
    const rest = await search(manifest, blob, read, depth - 1);
    if (rest) return [document, ...rest];
  }
  return undefined;
}

interface Descriptor {
  readonly digest?: unknown;
}

function digestsIn(document: Uint8Array): { readonly manifests: readonly string[]; readonly parts: readonly string[] } {
  const digests = (list: unknown): readonly string[] =>
    (Array.isArray(list) ? list : [list]).flatMap((entry: Descriptor | null | undefined) =>
      typeof entry?.digest === "string" ? [entry.digest] : [],
    );
  try {
    const json = JSON.parse(Buffer.from(document).toString("utf8")) as Record<string, unknown> | null;
    return { manifests: digests(json?.manifests), parts: [...digests(json?.layers), ...digests(json?.config)] };
  } catch {
    return { manifests: [], parts: [] };
  }
}
