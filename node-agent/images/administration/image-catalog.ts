/** What images there are, what they are made of and who runs them: for people to read. Changes nothing. */
import { statfs } from "node:fs/promises";
import { Problem } from "#proto/kit/problem.ts";
import type { ImageDetails, ImageHistoryEntry, ImageSummary, ImageUsage } from "#proto/resources/image-request.ts";
import type { ImageRecord } from "../image-records.ts";
import { maxConfigBytes, maxManifestBytes } from "../manifest.ts";
import { digestUnder, parseReference } from "../reference.ts";
import type { ImageShelf, ImageUse } from "./image-shelf.ts";

interface ConfigDocument {
  readonly created?: unknown;
  readonly os?: unknown;
  readonly architecture?: unknown;
  readonly variant?: unknown;
  readonly history?: unknown;
  readonly config?: { readonly Labels?: unknown } | null;
}

interface HistoryStep {
  readonly created?: unknown;
  readonly created_by?: unknown;
  readonly comment?: unknown;
  readonly empty_layer?: unknown;
}

export class ImageCatalog {
  readonly #shelf: ImageShelf;
  readonly #uses: () => readonly ImageUse[];

  constructor(shelf: ImageShelf, uses: () => readonly ImageUse[]) {
    this.#shelf = shelf;
    this.#uses = uses;
  }

  async list(withLabels = false): Promise<readonly ImageSummary[]> {
    const { records, isWhole } = this.#shelf;
    const users = this.#users();
    return Promise.all(
      records
        .all()
        .filter((record) => isWhole(record))
        .map(async (record) => {
          const config = await this.#config(record);
          const summary = this.#summary(record, users, config);
          return withLabels ? { ...summary, labels: labelsOf(config) } : summary;
        }),
    );
  }

  async inspect(reference: string): Promise<ImageDetails> {
    const record = this.find(reference);
    const config = await this.#config(record);
    const manifest = await this.#shelf.blobs.read(record.digest, maxManifestBytes);
    const { os, architecture, variant } = config;
    const platform = [os, architecture, variant].filter((part) => typeof part === "string" && part !== "").join("/");
    const summary = this.#summary(record, this.#users(), config);
    return { ...summary, platform, config, manifest: manifest ? parse(manifest) : undefined };
  }

  /** The newest step first, as people read it. */
  async history(reference: string): Promise<readonly ImageHistoryEntry[]> {
    const record = this.find(reference);
    const { history } = await this.#config(record);
    const steps = (Array.isArray(history) ? history : record.layers.map(() => ({}))) as readonly (HistoryStep | null)[];
    const layers = [...record.layers];
    const entries = steps.map((step): ImageHistoryEntry => {
      const layer = step?.empty_layer === true ? undefined : layers.shift();
      return {
        ...(typeof step?.created === "string" && { createdAt: step.created }),
        createdBy: typeof step?.created_by === "string" ? step.created_by : "",
        ...(typeof step?.comment === "string" && step.comment !== "" && { comment: step.comment }),
        sizeBytes: layer ? this.#shelf.layers.sizeBytes(layer.diffId) : 0,
        ...(layer && { layer: layer.digest }),
      };
    });
    return entries.toReversed();
  }

  async usage(): Promise<ImageUsage> {
    const { records, layers, blobs, directory } = this.#shelf;
    const users = this.#users();
    const all = records.all();
    const used = all.filter((record) => users.has(record.digest));
    const inUse = new Set(used.flatMap((record) => record.layers.map(({ diffId }) => diffId)));
    const total = (diffIds: Iterable<string>): number =>
      [...diffIds].reduce((sum, diffId) => sum + layers.sizeBytes(diffId), 0);
    const isOfImage = (key: string): boolean => records.isPart(key) || records.isInName(key);
    let [downloadsBytes, unfinishedBytes] = [0, total(layers.list().filter((diffId) => !isOfImage(diffId)))];
    for (const digest of await blobs.list()) {
      const size = (await blobs.sizeBytes(digest)) ?? 0;
      if (isOfImage(digest)) downloadsBytes += size;
      else unfinishedBytes += size;
    }
    for (const { size } of await blobs.partials()) unfinishedBytes += size;
    const disk = await statfs(directory);
    return {
      images: all.length,
      imagesInUse: used.length,
      layersBytes: total(layers.list().filter(isOfImage)),
      layersInUseBytes: total(inUse),
      downloadsBytes,
      unfinishedBytes,
      diskFreeBytes: disk.bavail * disk.bsize,
      diskBytes: disk.blocks * disk.bsize,
    };
  }

  /** Problem `not-found`. */
  find(reference: string): ImageRecord {
    const record = this.#shelf.lookUp(reference);
    if (record) return record;
    throw new Problem("not-found", `image ${reference} is not on this node`, {
      hint: "See what is there: orchctl image ls",
    });
  }

  /** Pods that run the image here. */
  usersOf(record: ImageRecord): readonly string[] {
    return this.#users().get(record.digest) ?? [];
  }

  /** Tags of other images that have this layer. */
  sharing(digest: string, except: string): readonly string[] {
    const { records } = this.#shelf;
    return records.all().flatMap((record) => {
      const has = record.digest !== except && record.layers.some((layer) => layer.digest === digest);
      const [name] = has ? records.namesOf(record.digest) : [];
      return name === undefined ? [] : [name];
    });
  }

  #users(): ReadonlyMap<string, readonly string[]> {
    const users = new Map<string, string[]>();
    for (const { image, pod } of this.#uses()) {
      const digest = this.#shelf.lookUp(image)?.digest;
      if (digest === undefined) continue;
      const pods = users.get(digest) ?? [];
      if (!pods.includes(pod)) pods.push(pod);
      users.set(digest, pods);
    }
    return users;
  }

  #summary(
    record: ImageRecord,
    users: ReadonlyMap<string, readonly string[]>,
    { created }: ConfigDocument,
  ): ImageSummary {
    const { records, layers } = this.#shelf;
    const names = records.namesOf(record.digest).toSorted((a, b) => Number(a.includes("@")) - Number(b.includes("@")));
    const elsewhere = new Set(
      records.all().flatMap((one) => (one.digest === record.digest ? [] : one.layers.map(({ diffId }) => diffId))),
    );
    const parts = record.layers.map(({ digest, diffId, size }) => ({
      digest,
      diffId,
      sizeBytes: layers.sizeBytes(diffId),
      downloadBytes: size,
    }));
    const sum = (of: readonly { readonly sizeBytes: number }[]): number =>
      of.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0);
    const [first] = names;
    return {
      names,
      digest:
        first === undefined ? record.digest : digestUnder({ digest: record.digest, names }, parseReference(first)),
      id: record.id,
      ...(typeof created === "string" && { createdAt: created }),
      sizeBytes: sum(parts),
      ownBytes: sum(parts.filter(({ diffId }) => !elsewhere.has(diffId))),
      downloadBytes: parts.reduce((bytes, part) => bytes + part.downloadBytes, 0),
      layers: parts,
      usedBy: users.get(record.digest) ?? [],
    };
  }

  async #config(record: ImageRecord): Promise<ConfigDocument> {
    const bytes = await this.#shelf.blobs.read(record.id, maxConfigBytes);
    return (bytes ? parse(bytes) : {}) as ConfigDocument;
  }
}

function labelsOf({ config }: ConfigDocument): Readonly<Record<string, string>> {
  const labels = config?.Labels;
  if (typeof labels !== "object" || labels === null) return {};
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => typeof value === "string"));
}

/** They were checked when they came. */
function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return {};
  }
}
