/**
 * The port to unpacked layers, each kept once by the digest of its uncompressed tar (DiffID). Three implementations: EROFS images
 * mounted from their files, EROFS images on loop devices, plain directories.
 */
import type { ArrivingBlob } from "./unpack-pool.ts";

export interface LayerSource {
  readonly diffId: string;
  /** A whole, verified blob: tar, plain or compressed with gzip or zstd. What it is decides, not its media type. */
  readonly blobPath: string;
  /** Set when the blob is still being downloaded to that path: then it is unpacked as it comes. */
  readonly arriving?: ArrivingBlob | undefined;
}

export interface LayerStore {
  has(diffId: string): boolean;
  /** So many layers are about to be added: what unpacks them may start. Promises nothing. */
  prepare(layers: number): void;
  /** Bytes of file content in a layer that is here. */
  sizeBytes(diffId: string): number;
  /**
   * Unpacks the layer and survives a crash at any moment: afterwards it is whole, or not there. Single-flight per DiffID.
   * Problems: `invalid` (wrong DiffID, broken or hostile archive), `too-large` (disk full), `canceled`.
   */
  add(source: LayerSource, signal: AbortSignal): Promise<void>;
  /**
   * Makes the layers readable for `owner` until `release`. Idempotent. Owners share what they use. Problem `not-found` names a
   * missing layer.
   */
  acquire(owner: string, diffIds: readonly string[]): Promise<LayerStack>;
  /** What nobody else uses is unmounted. Idempotent, also for owners never heard of. */
  release(owner: string): Promise<void>;
  /**
   * After a start: these owners have what they acquired before, with its DiffIDs. What no one of them uses is unmounted.
   */
  resume(owners: ReadonlyMap<string, readonly string[]>): Promise<void>;
  list(): readonly string[];
  /** The caller knows that nobody uses it. Gone at once, its space is freed in the background. Idempotent. */
  remove(diffId: string): Promise<void>;
  close(): Promise<void>;
}

/** What an image's layers give together. */
export interface LayerStack {
  /** Directories for overlayfs, the base first. There may be one more than layers: corrections that belong to this very stack. */
  readonly directories: readonly string[];
  /** Of the root directory. */
  readonly root: DirectoryAttributes;
}

/** Finding and mending layers that are no longer what was written: a disk's flipped bits, a hand that meant well. */
export interface LayerRepair {
  /**
   * Reads layers whole and compares with the checksums from when they were written. Changes nothing. One finding for each damaged
   * layer; a layer that is not here is one too.
   */
  verify(
    diffIds: readonly string[],
    signal: AbortSignal,
    onProgress?: (progress: { readonly doneBytes: number; readonly totalBytes: number }) => void,
  ): Promise<readonly LayerFinding[]>;
  /**
   * Unpacks the layer anew and puts it in the damaged one's place, at once and whole. Containers that run keep what they have until they
   * are started anew. Problems as of `add`; the damaged layer then stays as it was.
   */
  repair(source: LayerSource, signal: AbortSignal): Promise<void>;
}

export interface LayerFinding {
  readonly diffId: string;
  /** What is wrong, to be read behind the layer's name. */
  readonly message: string;
  /** Parts of what is stored that differ; empty when the whole layer is missing or cannot be read. */
  readonly damaged: readonly { readonly offset: number; readonly length: number }[];
}

export interface DirectoryAttributes {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}
