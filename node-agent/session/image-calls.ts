/** The control plane's answers about images, by calls of this node's second connection. */
import { Problem } from "#proto/kit/problem.ts";
import type { ImageOffice, LocateRequest, PeerOffer, PinRequest } from "../images/peers/image-office.ts";
import type { ControlPlaneLink } from "./control-plane-link.ts";

/** Another node may be finding the answer out. */
const pinMs = 60_000;
const locateMs = 5_000;
const neededMs = 5_000;
const namesAtOnce = 1000;

export class ImageCalls implements ImageOffice {
  readonly #link: Pick<ControlPlaneLink, "pinImage" | "locateBlob" | "neededImages">;
  #state: ImageOffice["state"] = "away";
  #turnedAway = false;

  constructor(link: Pick<ControlPlaneLink, "pinImage" | "locateBlob" | "neededImages">) {
    this.#link = link;
  }

  get state(): ImageOffice["state"] {
    return this.#state;
  }

  /** `features` are what the control plane named in its welcome. True when somebody was turned away while there was none. */
  connected(features: readonly string[]): boolean {
    this.#state = features.includes("images") ? "open" : "absent";
    const wasTurnedAway = this.#turnedAway;
    this.#turnedAway = false;
    return wasTurnedAway;
  }

  disconnected(): void {
    this.#state = "away";
  }

  async pin(request: PinRequest, signal: AbortSignal): Promise<string | undefined> {
    if (this.#state === "away") {
      this.#turnedAway = true;
      throw new Problem("unavailable", "there is no session with the control plane", { retry: "later" });
    }
    const { present = "", resolved = "", failed = false, ...what } = request;
    const { digest } = await this.#link.pinImage({ ...what, present, resolved, failed }, { signal, deadlineMs: pinMs });
    return digest || undefined;
  }

  async locate(request: LocateRequest, signal: AbortSignal): Promise<readonly PeerOffer[]> {
    const { image, digest } = request;
    const message = { image, digest, documents: [...request.documents], avoid: [...request.avoid] };
    const { peers } = await this.#link.locateBlob(message, { signal, deadlineMs: locateMs });
    return (peers ?? []).flatMap(({ node, address, ticket }) =>
      node && address && ticket ? [{ node, address, ticket }] : [],
    );
  }

  async needed(names: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string> | undefined> {
    if (this.#state !== "open") return undefined;
    const needed = new Set<string>();
    for (let at = 0; at < names.length; at += namesAtOnce) {
      const request = { names: names.slice(at, at + namesAtOnce) };
      const reply = await this.#link.neededImages(request, { signal, deadlineMs: neededMs });
      for (const name of reply.needed ?? []) needed.add(name);
    }
    return needed;
  }
}
