/** The port to wherever a blob's bytes can be had: a registry, a mirror of it, or another node. Bytes are never trusted: who stores them verifies. */
import type { Reference } from "./reference.ts";

export interface WantedBlob {
  readonly digest: string;
  /** Undefined for a manifest that is known by its digest only. */
  readonly size: number | undefined;
  /** The image that it is a part of, as it was asked for. */
  readonly image: Reference;
}

/** Content from an offset on. `offset` is what the source really starts at: 0 when it cannot resume. */
export interface BlobContent {
  readonly offset: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}

export interface BlobSource {
  /** For messages and logs: `registry r.example:5000`, `node two`. */
  readonly name: string;
  /**
   * Opens the content at `offset`. The stream throws a Problem when the source fails or stalls; whoever reads it ends it early by
   * leaving the loop. Problem `not-found`: the source has no such blob.
   */
  open(offset: number, signal: AbortSignal): Promise<BlobContent>;
}

/** Other nodes of the cluster. A node without any works on its registries alone. */
export interface BlobPeers {
  /**
   * Who to ask before the registry, the best first. May wait for a node that is fetching this very blob now, within a deadline of
   * its own; an empty answer sends us to the registry. Never throws but for an aborted signal.
   */
  sources(wanted: WantedBlob, signal: AbortSignal): Promise<readonly BlobSource[]>;
  /** The blob is whole, verified and stored here: others may have it from us. */
  stored(wanted: WantedBlob): void;
  /** We gave up on it: nobody should wait for us. */
  failed(wanted: WantedBlob): void;
}

export const noPeers: BlobPeers = {
  sources: async () => [],
  stored: () => undefined,
  failed: () => undefined,
};
