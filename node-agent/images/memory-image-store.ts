/** Images that are only said to be there: for tests of what uses images, and for agents that run nothing real. */
import { Problem } from "#proto/kit/problem.ts";
import { sha256 } from "./digest.ts";
import type { Image, ImageConfig, ImageStore, PullOptions, PushedImage, RootfsStore } from "./image-store.ts";
import { formatReference, parseReference } from "./reference.ts";

const emptyConfig: ImageConfig = {
  user: "",
  env: [],
  entrypoint: [],
  command: ["sh"],
  workingDirectory: "",
  stopSignal: undefined,
  volumes: [],
  labels: {},
};

/** What its registry does with a reference: has the image, refuses, or keeps everybody waiting until it is told otherwise. */
type Offer = { readonly config: ImageConfig } | { readonly problem: Problem } | "hang";

export class MemoryImageStore implements ImageStore {
  readonly #offers = new Map<string, Offer>();
  readonly #names = new Map<string, Image>();
  readonly #waiting = new Map<string, Set<() => void>>();
  /** References in the order they were pulled, and with what. */
  readonly pulls: { readonly reference: string; readonly options: PullOptions }[] = [];

  /** The registry has this image from now on. Pulls that hang get it. */
  offer(reference: string, config: Partial<ImageConfig> = {}): void {
    this.#set(reference, { config: { ...emptyConfig, ...config } });
  }

  /** Pulling this fails from now on. */
  refuse(reference: string, problem: Problem): void {
    this.#set(reference, { problem });
  }

  /** Pulling this waits until `offer` or `refuse` says otherwise. */
  hang(reference: string): void {
    this.#set(reference, "hang");
  }

  async find(reference: string): Promise<Image | undefined> {
    const byDigest = [...this.#names.values()].find((image) => image.digest === reference || image.id === reference);
    return byDigest ?? (reference.startsWith("sha256:") ? undefined : this.#names.get(normal(reference)));
  }

  async pull(reference: string, options: PullOptions, signal: AbortSignal): Promise<Image> {
    const name = normal(reference);
    this.pulls.push({ reference, options });
    for (;;) {
      if (signal.aborted) throw Problem.from(signal.reason);
      const offer = this.#offers.get(name);
      if (!offer) throw new Problem("not-found", `image ${name} does not exist, or needs credentials`);
      if (offer !== "hang") return this.#take(name, offer);
      await this.#change(name, signal);
    }
  }

  async resolve(reference: string, options: Pick<PullOptions, "credentials">, signal: AbortSignal): Promise<string> {
    return (await this.pull(reference, options, signal)).digest;
  }

  /** The archive's bytes are the image's name. */
  async load(archive: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<readonly Image[]> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of archive) chunks.push(chunk);
    if (signal.aborted) throw Problem.from(signal.reason);
    const text = Buffer.concat(chunks).toString();
    if (text === "") throw new Problem("invalid", "the archive holds no image");
    return text.split("\n").map((reference) => this.#take(normal(reference), { config: emptyConfig }));
  }

  async push(reference: string, destination: string): Promise<PushedImage> {
    const image = await this.find(reference);
    if (!image) throw new Problem("not-found", `image ${reference} is not on this node`);
    return { name: normal(destination), digest: image.digest };
  }

  async list(): Promise<readonly Image[]> {
    return [...new Map([...this.#names.values()].map((image) => [image.digest, image])).values()];
  }

  async remove(reference: string): Promise<void> {
    const image = await this.find(reference);
    if (!image) return;
    for (const name of image.names)
      if (reference === image.digest || name === normal(reference)) this.#names.delete(name);
  }

  async close(): Promise<void> {
    this.#waiting.clear();
  }

  #take(name: string, offer: { readonly config: ImageConfig } | { readonly problem: Problem }): Image {
    if ("problem" in offer) throw offer.problem;
    const digest = sha256(`manifest ${name} ${JSON.stringify(offer.config)}`);
    const id = sha256(`config ${name} ${JSON.stringify(offer.config)}`);
    const image: Image = {
      digest,
      id,
      names: [name],
      config: offer.config,
      sizeBytes: 1_000_000,
      diffIds: [sha256(name)],
    };
    this.#names.set(name, image);
    return image;
  }

  #set(reference: string, offer: Offer): void {
    this.#offers.set(normal(reference), offer);
    for (const wake of this.#waiting.get(normal(reference)) ?? []) wake();
  }

  #change(name: string, signal: AbortSignal): Promise<void> {
    const waiting = this.#waiting.get(name) ?? new Set();
    this.#waiting.set(name, waiting);
    return new Promise((resolve) => {
      const wake = (): void => {
        waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      waiting.add(wake);
      signal.addEventListener("abort", wake, { once: true });
    });
  }
}

function normal(reference: string): string {
  return formatReference(parseReference(reference));
}

/** Root filesystems that are only paths. */
export class MemoryRootfsStore implements RootfsStore {
  readonly #roots = new Map<string, string>();

  async prepare(containerId: string, _image: Image): Promise<string> {
    const path = `/memory/rootfs/${containerId}/merged`;
    this.#roots.set(containerId, path);
    return path;
  }

  async remove(containerId: string): Promise<void> {
    this.#roots.delete(containerId);
  }

  async purge(): Promise<void> {
    // They take no room.
  }

  async list(): Promise<readonly string[]> {
    return [...this.#roots.keys()];
  }

  async describe(): Promise<undefined> {
    // They are only paths: nothing was made that could be told of.
  }
}
