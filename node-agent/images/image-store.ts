/** The port to images on this node. */
import type { RootfsDetails } from "#proto/resources/container-request.ts";

/** The parts of the OCI image config that a container is made from (image-spec config.md). */
export interface ImageConfig {
  readonly user: string;
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly workingDirectory: string;
  readonly stopSignal: string | undefined;
  readonly volumes: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

export interface Image {
  /** Digest of the manifest for this platform (or of the config, for archives that have no manifest). */
  readonly digest: string;
  /** Digest of the config: Docker's image id. */
  readonly id: string;
  /** Normalised references under which it is known here. */
  readonly names: readonly string[];
  readonly config: ImageConfig;
  readonly sizeBytes: number;
  /** DiffIDs, base first. */
  readonly diffIds: readonly string[];
}

export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
  /** What some registries give instead of a password at `docker login`: traded for tokens, never sent to the registry itself. */
  readonly identityToken?: string | undefined;
}

/** Cluster settings for one registry, or for what lies below one path of it. */
export interface RegistrySettings {
  /** `host[:port][/path]`: the images it is for. */
  readonly host: string;
  readonly plainHttp?: boolean;
  /** HTTPS without looking at the certificate. */
  readonly insecureSkipVerify?: boolean;
  readonly certificateAuthority?: string; // PEM
  /** Hosts outside its own domain that give tokens for it (and so see its credentials). */
  readonly tokenHosts?: readonly string[];
  /** Tried before the registry, in this order. */
  readonly mirrors?: readonly MirrorSettings[];
  /** For everybody on this cluster; those of the one who pulls come first. */
  readonly credentials?: RegistryCredentials;
  /** Of one node, to this host. */
  readonly requestsPerSecond?: number;
  /** Blobs that one node fetches from it at a time. */
  readonly maxConcurrentDownloads?: number;
  /** Longest silence, before an answer or in the middle of it. */
  readonly stallTimeoutMs?: number;
}

export interface MirrorSettings {
  /** `host[:port]` */
  readonly host: string;
  /** Goes before the repository's path; empty, or without slashes at its ends. */
  readonly pathPrefix: string;
  /** Whether what it says about tags counts. Content by digest needs no trust. */
  readonly resolvesTags: boolean;
  readonly plainHttp?: boolean;
  readonly insecureSkipVerify?: boolean;
  readonly certificateAuthority?: string;
  readonly tokenHosts?: readonly string[];
  readonly credentials?: RegistryCredentials;
}

export interface PullOptions {
  /** Tried in order for the reference's registry; anonymous last. */
  readonly credentials: readonly RegistryCredentials[];
  readonly onProgress?: (progress: { readonly doneBytes: number; readonly totalBytes: number }) => void;
  /**
   * The control plane vouches for whoever pulls: by digest, the manifest may come from other nodes without asking the registry, which
   * else checks the credentials first.
   */
  readonly isVouchedFor?: boolean;
  /** Hears of each layer. */
  readonly onLayer?: (progress: LayerProgress) => void;
  /** The registry has just said that the tag means this digest: the tag moves here too. Else it is set only where it is unknown. */
  readonly movesTag?: boolean;
}

export interface LayerProgress {
  readonly digest: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly state: "here" | "fetching" | "unpacking" | "done";
  /** As `registry r.example:5000` or `node two`. */
  readonly source?: string;
}

export interface PushOptions {
  /** Tried in order for the destination's registry; those of a Registry object, then none, last. */
  readonly credentials: readonly RegistryCredentials[];
  /** Hears of each blob; with `outcome` it is done. */
  readonly onProgress?: (progress: {
    readonly digest: string;
    readonly doneBytes: number;
    readonly totalBytes: number;
    readonly outcome?: "exists" | "mounted" | "uploaded";
  }) => void;
}

export interface PushedImage {
  /** The normal form of where it is now. */
  readonly name: string;
  /** Of its manifest there. */
  readonly digest: string;
}

export interface ImageStore {
  /** What is here and whole under this reference (tag or digest). */
  find(reference: string): Promise<Image | undefined>;
  /** The digest that a tag means at its registry now: of an index, if it is one. Problems as `pull`. */
  resolve(reference: string, options: Pick<PullOptions, "credentials">, signal: AbortSignal): Promise<string>;
  /**
   * Resolves, fetches, verifies and unpacks; resolves when the image can run. Single-flight per reference and per layer.
   * Problems: `bad-request` (malformed reference), `not-found`, `unauthenticated`/`forbidden`, `unavailable` (registry down),
   * `too-large` (does not fit on the disk), `invalid` (digest or archive broken).
   */
  pull(reference: string, options: PullOptions, signal: AbortSignal): Promise<Image>;
  /** Reads a docker-archive or OCI archive (plain, gzip or zstd tar) and keeps all its images. Never moves nothing halfway. */
  load(archive: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<readonly Image[]>;
  /**
   * Sends an image of this node to a registry. Problems: `not-found` (not here, or its blobs were collected), `unauthenticated`,
   * `forbidden`, `unavailable`.
   */
  push(reference: string, destination: string, options: PushOptions, signal: AbortSignal): Promise<PushedImage>;
  list(): Promise<readonly Image[]>;
  remove(reference: string): Promise<void>;
  close(): Promise<void>;
}

/** Root filesystems of containers: image layers below, one writable layer on top. Found again by container id after a crash. */
export interface RootfsUsers {
  /** Its file. */
  readonly namespace: string;
  /** What is user and group 0 in it. */
  readonly first: number;
}

export interface RootfsStore {
  /** Idempotent. Returns the absolute path of the mounted root. With `users` its owners are those of that user namespace. */
  prepare(containerId: string, image: Image, users?: RootfsUsers): Promise<string>;
  /** Unmounts and removes the writable layer. Idempotent; fine when nothing is there. */
  remove(containerId: string): Promise<void>;
  /** What was removed so far takes no room on the disk any more. Until then it may. */
  purge(): Promise<void>;
  list(): Promise<readonly string[]>; // container ids
  /** Where its parts lie; undefined when it is not there. */
  describe(containerId: string): Promise<RootfsDetails | undefined>;
}
