/** Which stored form of each kind this cluster has reached: kept in the store, so that an older control plane knows before it reads. */
import { Problem } from "#proto/kit/problem.ts";
import { clusterKey } from "../store/keyspace.ts";
import type { Fence, Kv } from "../store/kv.ts";
import { newerData, type StoredVersions } from "../store/stored-versions.ts";

export interface VersionMark {
  readonly version: number;
  /** Set while objects of older forms may be left: all up to this key are rewritten; "" = none yet. */
  readonly rewrittenTo?: string;
}

export type VersionMarks = Readonly<Record<string, VersionMark>>;

const maxTries = 10;
const markKey = clusterKey("stored-versions");

export async function readMarks(
  kv: Pick<Kv, "get">,
  signal?: AbortSignal,
): Promise<{ readonly marks: VersionMarks; readonly modRevision: number }> {
  const { item } = await kv.get(markKey, signal);
  if (!item) return { marks: {}, modRevision: 0 };
  return { marks: JSON.parse(Buffer.from(item.value).toString("utf8")) as VersionMarks, modRevision: item.modRevision };
}

/**
 * Before the first write of this process: throws Problem `unsupported` when the cluster has newer data than it reads, and marks the
 * forms it will write, so that from here on no older one starts.
 */
export async function claimVersions(
  kv: Pick<Kv, "get" | "transact">,
  versions: StoredVersions,
  signal: AbortSignal,
): Promise<void> {
  await changeMarks(
    kv,
    (marks) => {
      const known = new Map(versions.kinds.map(({ resource, storageVersion }) => [resource, storageVersion]));
      for (const [resource, { version }] of Object.entries(marks)) {
        const current = known.get(resource) ?? 0;
        if (version > current) throw newerData(resource, version, current);
      }
      const behind = versions.kinds.filter(
        ({ resource, storageVersion }) => storageVersion > (marks[resource]?.version ?? 1),
      );
      if (behind.length === 0) return marks;
      const next = behind.map(({ resource, storageVersion }) => [
        resource,
        { version: storageVersion, rewrittenTo: "" },
      ]);
      return { ...marks, ...Object.fromEntries(next) };
    },
    { signal },
  );
}

/** `change` may be called again when another writer was faster; the same value back writes nothing. */
export async function changeMarks(
  kv: Pick<Kv, "get" | "transact">,
  change: (marks: VersionMarks) => VersionMarks,
  options: { readonly fence?: Fence; readonly signal: AbortSignal },
): Promise<void> {
  for (let attempt = 0; attempt < maxTries; attempt++) {
    const { marks, modRevision } = await readMarks(kv, options.signal);
    const next = change(marks);
    if (next === marks) return;
    const write = { kind: "put", key: markKey, value: Buffer.from(JSON.stringify(next)), guard: modRevision } as const;
    const { fenceHeld, outcomes } = await kv.transact([write], options.fence, options.signal);
    if (!fenceHeld) throw new Problem("conflict", "another control plane leads");
    if (outcomes[0]?.ok) return;
  }
  throw new Problem("conflict", "the marks of stored versions change too often; try again", { retry: "later" });
}
