/** The port to unpacked layers, each kept once by the digest of its uncompressed tar (DiffID). EROFS files can stand behind it too. */

export interface LayerSource {
  readonly diffId: string;
  /** A whole, verified blob: tar, plain or compressed with gzip or zstd. What it is decides, not its media type. */
  readonly blobPath: string;
}

export interface LayerStore {
  has(diffId: string): boolean;
  /** Unpacked size of a layer that is here. */
  sizeBytes(diffId: string): number;
  /**
   * Unpacks the layer and survives a crash at any moment: afterwards it is whole, or not there. Single-flight per DiffID.
   * Problems: `invalid` (wrong DiffID, broken or hostile archive), `too-large` (disk full), `canceled`.
   */
  add(source: LayerSource, signal: AbortSignal): Promise<void>;
  /** Directories for overlayfs, the base first. They stay valid until a layer is removed. Problem `not-found` names a missing layer. */
  lowerDirectories(diffIds: readonly string[]): Promise<readonly string[]>;
  /** Mode and owner of the root directory that these layers give. */
  rootAttributes(diffIds: readonly string[]): Promise<DirectoryAttributes>;
  list(): readonly string[];
  /** The caller knows that nobody uses it. Idempotent. */
  remove(diffId: string): Promise<void>;
  close(): Promise<void>;
}

export interface DirectoryAttributes {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** What a worker found while unpacking. Names are relative, their bytes as latin1 text. */
export interface LayerRecord {
  readonly diffId: string;
  readonly sizeBytes: number;
  readonly entries: number;
  /** Directories that the archive needs but does not describe ("" is the root): their attributes come from lower layers. */
  readonly implicitDirectories: readonly string[];
}
