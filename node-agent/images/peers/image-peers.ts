/**
 * Other nodes as sources of blobs: asks the control plane who has one, shows it by the image's own manifests that the blob belongs to the image,
 * and remembers which nodes failed. Nothing here is trusted: who stores a blob verifies it; wrong bytes are the fault of who sent them.
 */
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { BlobPeers, BlobSource, WantedBlob } from "../blob-source.ts";
import type { BlobStore } from "../blob-store.ts";
import { maxManifestBytes } from "../manifest.ts";
import { documentsTo } from "./image-documents.ts";
import type { ImageOffice, PeerOffer } from "./image-office.ts";
import type { PeerIdentity } from "./peer-identity.ts";
import { PeerSource } from "./peer-source.ts";

export interface ImagePeersOptions {
  readonly office: ImageOffice;
  readonly identity: () => PeerIdentity;
  readonly blobs: () => Pick<BlobStore, "read">;
  readonly clock: Clock;
  readonly logger: Logger;
  /** This node has the blob now, or will not have it. */
  readonly onEnd: (digest: string, end: "stored" | "given-up") => void;
}

interface Experience {
  /** Nodes that did not do what they were asked for. */
  readonly failed: Set<string>;
  /** Nodes that sent all of it; nobody has said yet that it was right. */
  readonly delivered: Set<string>;
}

const maxRemembered = 500;

export class ImagePeers implements BlobPeers {
  readonly #options: ImagePeersOptions;
  /** By digest. */
  readonly #experiences = new Map<string, Experience>();

  constructor(options: ImagePeersOptions) {
    this.#options = options;
  }

  async sources(wanted: WantedBlob, signal: AbortSignal): Promise<readonly BlobSource[]> {
    const { office, logger, blobs } = this.#options;
    const image = wanted.image.digest;
    if (office.state !== "open" || image === undefined) return [];
    const experience = this.#blame(wanted.digest);
    try {
      const read = (digest: string): Promise<Uint8Array | undefined> => blobs().read(digest, maxManifestBytes);
      const documents = await documentsTo(image, wanted.digest, read);
      const avoid = [...experience.failed];
      const offers = await office.locate({ image, digest: wanted.digest, documents, avoid }, signal);
      return offers.map((offer) => this.#source(wanted.digest, offer, experience));
    } catch (thrown) {
      if (signal.aborted) throw Problem.from(signal.reason);
      logger.info(
        { blob: wanted.digest, error: Problem.from(thrown).message },
        "no other node can be asked for a blob",
      );
      return [];
    }
  }

  stored({ digest }: WantedBlob): void {
    this.#experiences.delete(digest);
    this.#options.onEnd(digest, "stored");
  }

  failed({ digest }: WantedBlob): void {
    this.#blame(digest);
    this.#options.onEnd(digest, "given-up");
  }

  #source(digest: string, offer: PeerOffer, experience: Experience): BlobSource {
    const { clock, identity } = this.#options;
    return new PeerSource({
      ...{ offer, digest, clock, identity: identity() },
      onFailure: () => experience.failed.add(offer.node),
      onDelivered: () => experience.delivered.add(offer.node),
    });
  }

  /** Whoever sent all of a blob that is needed once more has sent something else. */
  #blame(digest: string): Experience {
    const experience = this.#experiences.get(digest) ?? { failed: new Set(), delivered: new Set() };
    this.#experiences.delete(digest);
    this.#experiences.set(digest, experience);
    const [oldest] = this.#experiences.keys();
    if (this.#experiences.size > maxRemembered && oldest !== undefined) this.#experiences.delete(oldest);
    for (const node of experience.delivered) {
      this.#options.logger.warn({ blob: digest, peer: node }, "another node sent wrong bytes");
      experience.failed.add(node);
    }
    experience.delivered.clear();
    return experience;
  }
}
