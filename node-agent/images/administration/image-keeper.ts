/** Changes what images there are, as people ask for it: names, removal, repair. Never takes what a pod runs. */
import { open } from "node:fs/promises";
import { Problem } from "#proto/kit/problem.ts";
import type { PrunedImages, RemovedImage, VerifiedImage } from "#proto/resources/image-request.ts";
import { verifier } from "../digest.ts";
import type { ImageRecord } from "../image-records.ts";
import { formatReference, parseReference, type Reference } from "../reference.ts";
import type { ImageCatalog } from "./image-catalog.ts";
import type { ImageShelf } from "./image-shelf.ts";

type Layer = ImageRecord["layers"][number];

const chunkBytes = 1024 * 1024;

export class ImageKeeper {
  readonly #shelf: ImageShelf;
  readonly #catalog: ImageCatalog;

  constructor(shelf: ImageShelf, catalog: ImageCatalog) {
    this.#shelf = shelf;
    this.#catalog = catalog;
  }

  /** Returns the name in its normal form. A tag that meant something else means this from now on; pods keep what they run. */
  async tag(image: string, name: string): Promise<string> {
    const record = this.#catalog.find(image);
    const reference = parseReference(name);
    if (reference.digest !== undefined) {
      throw new Problem("bad-request", `${name} has a digest: content chooses its digest, only tags can be given`);
    }
    const tag = formatReference(reference);
    await this.#shelf.records.add([record], new Map([[tag, record.digest]]));
    this.#shelf.changed();
    return tag;
  }

  /** A tag, or by digest or id the image with all its names. Problem `conflict` says who runs it. */
  async remove(image: string): Promise<RemovedImage> {
    const record = this.#catalog.find(image);
    const before = this.#shelf.records.namesOf(record.digest);
    const tags = before.filter((name) => !name.includes("@"));
    const isTag = tags.includes(normal(image));
    const isLast = tags.length <= 1 || !isTag;
    const [user, ...more] = isLast ? this.#catalog.usersOf(record) : [];
    if (user !== undefined) {
      const others = more.length === 0 ? "" : ` and ${more.length} more`;
      throw new Problem("conflict", `image ${image} is not removed: pod ${user}${others} on this node runs it`, {
        object: image,
        hint: "Delete the pods, or the workload that makes them, first.",
        retry: "never",
      });
    }
    await this.#shelf.remove(isTag ? image : record.digest);
    const after = new Set(this.#shelf.records.namesOf(record.digest));
    return { image, names: before.filter((name) => !after.has(name)) };
  }

  /** Images that no pod runs: all, or those without a tag; and what failed pulls have left for nobody. */
  async prune(all: boolean): Promise<PrunedImages> {
    const removed: RemovedImage[] = [];
    const freedBytes = await this.#shelf.tidy(async () => {
      for (const record of this.#shelf.records.all()) {
        const names = this.#shelf.records.namesOf(record.digest);
        const isTagged = names.some((name) => !name.includes("@"));
        if ((isTagged && !all) || this.#catalog.usersOf(record).length > 0) continue;
        await this.#shelf.remove(record.digest);
        removed.push({ image: names[0] ?? record.digest, names });
      }
    });
    return { removed, freedBytes };
  }

  /**
   * Reads blobs and layers of the images whole and compares them with what they should be. With `repair` what is damaged is fetched and
   * unpacked anew; containers that run keep what they have until they start again.
   */
  async verify(
    images: readonly string[],
    repair: boolean,
    signal: AbortSignal,
    onImage: (image: string) => Promise<void>,
  ): Promise<readonly VerifiedImage[]> {
    const records = images.length > 0 ? images.map((image) => this.#catalog.find(image)) : this.#shelf.records.all();
    const verified: VerifiedImage[] = [];
    for (const record of new Set(records)) {
      const image = this.#shelf.records.namesOf(record.digest)[0] ?? record.digest;
      await onImage(image);
      const findings = await this.#shelf.holding(record, () => this.#verify(record, repair, signal));
      verified.push({ image, findings });
    }
    return verified;
  }

  async #verify(record: ImageRecord, repair: boolean, signal: AbortSignal): Promise<VerifiedImage["findings"]> {
    const findings: VerifiedImage["findings"][number][] = [];
    for (const layer of record.layers) {
      const damage = await this.#blobDamage(layer, signal);
      if (damage === undefined) continue;
      const repaired = repair && (await this.#attempt(() => this.#refetch(record, layer, signal)));
      findings.push({ part: `download ${layer.digest}`, message: damage, repaired });
    }
    const diffIds = [...new Set(record.layers.map(({ diffId }) => diffId))];
    for (const { diffId, message } of await this.#shelf.layers.verify(diffIds, signal)) {
      const layer = record.layers.find((one) => one.diffId === diffId);
      const repaired = repair && layer !== undefined && (await this.#attempt(() => this.#mend(record, layer, signal)));
      findings.push({ part: `layer ${diffId}`, message, repaired });
    }
    return findings;
  }

  /** Undefined for a blob that is right, and for one that was removed to save space. */
  async #blobDamage({ digest, size }: Layer, signal: AbortSignal): Promise<string | undefined> {
    const { blobs } = this.#shelf;
    if ((await blobs.sizeBytes(digest)) === undefined) return undefined;
    const check = verifier({ digest, size }, `download ${digest}`);
    const file = await open(blobs.path(digest), "r");
    try {
      for await (const chunk of file.createReadStream({ highWaterMark: chunkBytes, autoClose: false })) {
        signal.throwIfAborted();
        check.update(chunk as Buffer);
      }
      check.finish();
      return undefined;
    } catch (thrown) {
      signal.throwIfAborted();
      return Problem.from(thrown).message;
    } finally {
      await file.close();
    }
  }

  async #refetch(record: ImageRecord, layer: Layer, signal: AbortSignal): Promise<void> {
    await this.#shelf.blobs.remove(layer.digest);
    await this.#shelf.fetchLayer(this.#referenceOf(record), record, layer.diffId, signal);
  }

  async #mend(record: ImageRecord, layer: Layer, signal: AbortSignal): Promise<void> {
    const { blobs, layers } = this.#shelf;
    if ((await blobs.sizeBytes(layer.digest)) === undefined) await this.#refetch(record, layer, signal);
    await layers.repair({ diffId: layer.diffId, blobPath: blobs.path(layer.digest) }, signal);
  }

  /** What cannot be mended now is a finding, not the end of the look. */
  async #attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (thrown) {
      if (Problem.from(thrown).code === "canceled") throw thrown;
      return false;
    }
  }

  /** A name by digest, so that other nodes can be asked. */
  #referenceOf(record: ImageRecord): Reference {
    const names = this.#shelf.records.namesOf(record.digest);
    const name = names.find((one) => one.includes("@")) ?? names[0];
    if (name === undefined) throw new Problem("unavailable", "the image has no name to fetch it by");
    return { ...parseReference(name), digest: parseReference(name).digest ?? record.digest };
  }
}

/** As names are kept; what is no name (an id, a digest) is none of them. */
function normal(image: string): string {
  try {
    return formatReference(parseReference(image));
  } catch {
    return "";
  }
}
