/** One way to keep layers on the disk. Keys are DiffIDs, and chain ids for the corrections that belong to a stack of layers. */
import type { LayerFinding } from "./layer-store.ts";
import type { LayerFormat } from "./unpack-layer.ts";

export interface StoredLayer {
  /** Bytes of file content. */
  readonly sizeBytes: number;
}

export type StorageKey = `sha256:${string}` | `chain:${string}`;

export type VerifyProgress = (bytes: number) => void;

export interface LayerStorage {
  readonly format: LayerFormat;
  /** Finds what is whole and removes what is not. */
  scan(): Promise<ReadonlyMap<string, StoredLayer>>;
  /** Puts what was unpacked at `path` in its place, at once and whole; what was there before is gone. It is on the disk when it resolves. */
  adopt(key: StorageKey, path: string): Promise<StoredLayer>;
  has(key: StorageKey): Promise<boolean>;
  /** The directory that shows the tree. Idempotent. */
  attach(key: StorageKey): Promise<string>;
  /** Those who look at it already go on. Idempotent. */
  detach(key: StorageKey): Promise<void>;
  /** What is attached, also by a predecessor. */
  attached(): Promise<readonly StorageKey[]>;
  /** What there is of corrections. */
  corrections(): Promise<readonly StorageKey[]>;
  /** Directories that the archive did not describe; "" is the root. */
  implicitDirectories(key: StorageKey): Promise<ReadonlySet<string>>;
  /** Gone when it resolves; space may come back later. Idempotent. */
  remove(key: StorageKey): Promise<void>;
  /** Bytes that `verify` reads. */
  verifiedBytes(key: StorageKey): Promise<number>;
  verify(key: StorageKey, signal: AbortSignal, onProgress: VerifyProgress): Promise<LayerFinding["damaged"] | string>;
  close(): Promise<void>;
}

export function hexOf(key: StorageKey): string {
  return key.slice(key.indexOf(":") + 1);
}
