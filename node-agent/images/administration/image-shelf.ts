/** What those who show, mend and tidy up images need of the store behind them. */
import type { BlobStore } from "../blob-store.ts";
import type { ImageRecord, ImageRecords } from "../image-records.ts";
import type { LayerRepair, LayerStore } from "../layers/layer-store.ts";
import type { Reference } from "../reference.ts";

export interface ImageShelf {
  readonly records: ImageRecords;
  readonly blobs: BlobStore;
  readonly layers: LayerStore & LayerRepair;
  /** Where all of it lies. */
  readonly directory: string;
  lookUp(reference: string): ImageRecord | undefined;
  isWhole(record: ImageRecord): boolean;
  /** As `ImageStore.remove`. */
  remove(reference: string): Promise<void>;
  /** Does the work, then removes what nobody needs, also what failed pulls have left. Returns the bytes that were freed. */
  tidy(work: () => Promise<void>): Promise<number>;
  /** Names were changed. */
  changed(): void;
  /** Nothing of the image is collected as garbage meanwhile. */
  holding<T>(record: ImageRecord, work: () => Promise<T>): Promise<T>;
  /** Fetches the layer's blob again, from other nodes or its registry. */
  fetchLayer(reference: Reference, record: ImageRecord, diffId: string, signal: AbortSignal): Promise<void>;
}

/** An image of a pod on this node, by a name that means its content, and the pod as NAMESPACE/NAME. */
export interface ImageUse {
  readonly image: string;
  readonly pod: string;
}
