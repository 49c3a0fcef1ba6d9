/** Answers agents about images: what a tag means, who has a blob. Knows nodes by their sessions only. */
import { signTicket, type TicketSigner, ticketLifetimeMs } from "#proto/identity/blob-ticket.ts";
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import type { Cache } from "../cache/cache.ts";
import type { ObjectStore } from "../store/object-store.ts";
import { BlobRoutes } from "./blob-routes.ts";
import { ImageDirectory, type ImageReport } from "./image-directory.ts";
import { ImagePinning } from "./image-pinning.ts";
import { neededNames } from "./needed-images.ts";
import { isPartOfImage } from "./part-of-image.ts";
import { containersOf, digestsOf } from "./pinned-pods.ts";

export interface ImageDeskOptions {
  /** With the index `node` on pods. */
  readonly cache: Pick<Cache, "get" | "byIndex" | "list">;
  readonly store: Pick<ObjectStore, "get" | "write">;
  /** The key this control plane serves with; undefined before it serves. */
  readonly signer: () => TicketSigner | undefined;
  readonly clock: Clock;
}

const maxAvoided = 64;
/** A node asks in pieces of this size. */
const maxNeededNames = 1000;

export class ImageDesk {
  readonly #options: ImageDeskOptions;
  readonly #directory = new ImageDirectory();
  readonly #routes: BlobRoutes;
  readonly #pinning: ImagePinning;
  /** By node, digests that somebody with the right to do so has sent it to fetch. */
  readonly #granted = new Map<string, Map<string, number>>();

  constructor(options: ImageDeskOptions) {
    this.#options = options;
    const { clock } = options;
    const directory = this.#directory;
    const serves = (node: string): boolean => directory.peerAddress(node) !== undefined;
    this.#routes = new BlobRoutes({ clock, serves, holders: (digest) => directory.holders(digest) });
    this.#pinning = new ImagePinning({ ...options, directory });
  }

  report(node: string, report: ImageReport): void {
    this.#directory.report(node, report);
    for (const digest of [...(report.added ?? []), ...(report.givenUp ?? [])]) this.#routes.ended(node, digest);
  }

  /** The node's session is over. */
  forget(node: string): void {
    this.#directory.forget(node);
    this.#routes.forget(node);
    this.#pinning.forget(node);
  }

  async pin(
    node: string,
    request: orch.v1.PinImageRequest.$Properties,
    signal: AbortSignal,
  ): Promise<orch.v1.PinImageReply.$Properties> {
    const question = {
      node,
      namespace: request.namespace ?? "",
      pod: request.pod ?? "",
      uid: request.uid ?? "",
      image: request.image ?? "",
      name: request.name ?? "",
      present: request.present ?? "",
      resolved: request.resolved ?? "",
      failed: request.failed ?? false,
    };
    return { digest: (await this.#pinning.pin(question, signal)) ?? "" };
  }

  /** Problem `forbidden` when no pod of the node runs the image, or the blob is not a part of it. */
  locate(node: string, request: orch.v1.LocateBlobRequest.$Properties): orch.v1.LocateBlobReply.$Properties {
    const image = request.image ?? "";
    const digest = request.digest ?? "";
    const avoid = new Set((request.avoid ?? []).slice(0, maxAvoided));
    if (!this.#mayFetch(node, image)) {
      throw new Problem("forbidden", `no pod of node ${node} runs image ${image.slice(0, 80)}`, { retry: "never" });
    }
    if (!isPartOfImage(image, digest, request.documents ?? [])) {
      throw new Problem("forbidden", `blob ${digest.slice(0, 80)} is not a part of image ${image}`, { retry: "never" });
    }
    const signer = this.#options.signer();
    const route = this.#routes.route(node, digest, avoid);
    if (route.kind === "registry" || !signer) return { peers: [] };
    const expiresAtMs = this.#options.clock.nowMs() + ticketLifetimeMs;
    return {
      peers: route.nodes.map((from) => ({
        node: from,
        address: this.#directory.peerAddress(from) ?? "",
        ticket: signTicket({ from, by: node, digest, expiresAtMs }, signer),
      })),
    };
  }

  needed(request: orch.v1.NeededImagesRequest.$Properties): orch.v1.NeededImagesReply.$Properties {
    const names = (request.names ?? []).slice(0, maxNeededNames);
    return { needed: [...neededNames(names, this.#options.cache.list("replicasets.apps"))] };
  }

  /** Lets the node fetch an image that none of its pods runs, until the returned function is called. */
  grant(node: string, image: string): () => void {
    const grants = this.#granted.get(node) ?? new Map<string, number>();
    this.#granted.set(node, grants.set(image, (grants.get(image) ?? 0) + 1));
    return () => {
      const left = (grants.get(image) ?? 0) - 1;
      if (left > 0) grants.set(image, left);
      else grants.delete(image);
      if (grants.size === 0 && this.#granted.get(node) === grants) this.#granted.delete(node);
    };
  }

  #mayFetch(node: string, image: string): boolean {
    if (this.#granted.get(node)?.has(image)) return true;
    const get: Cache["get"] = (resource, namespace, name) => this.#options.cache.get(resource, namespace, name);
    return this.#options.cache.byIndex("pods", "node", node).some((pod) => {
      if (digestsOf(pod, get).includes(image)) return true;
      const uid = pod.metadata.ownerReferences?.find((owner) => owner.controller)?.uid ?? pod.metadata.uid ?? "";
      return containersOf(pod).some((one) => this.#pinning.remembered(uid, one.image) === image);
    });
  }
}
