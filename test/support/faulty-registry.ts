/** A registry whose images fail to come, each in its own way, until it is well again. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Answer, type FakeRegistry, startFakeRegistry } from "#node-agent/images/registry/fake-registry.ts";
import type { Blob, BuiltImage } from "./image-builder.ts";

/** What it does when it is asked for this part of an image. */
export interface Fault {
  readonly at: "manifest" | "layer";
  readonly answer: (response: ServerResponse, request: IncomingMessage, blob: Blob) => void;
}

export class FaultyRegistry {
  readonly #registry: FakeRegistry;
  /** By repository, when the faulty part was asked for. */
  readonly #askedAtMs = new Map<string, number[]>();

  private constructor(registry: FakeRegistry) {
    this.#registry = registry;
  }

  static async start(address: string): Promise<FaultyRegistry> {
    return new FaultyRegistry(await startFakeRegistry(undefined, address));
  }

  get host(): string {
    return this.#registry.host;
  }

  /** Serves the image under every tag of the repository, without a fault when none is given. Replaces what was there. */
  serve(repository: string, image: BuiltImage, fault?: Fault): void {
    const answer = (blob: Blob, isFaulty: boolean): Answer => {
      if (!fault || !isFaulty) return whole(blob);
      return (response, request) => {
        this.askedAtMs(repository).push(performance.now());
        fault.answer(response, request, blob);
      };
    };
    const path = `/v2/${repository}`;
    this.#registry.on(`${path}/manifests/`, answer(image.manifest, fault?.at === "manifest"));
    for (const blob of [image.config, ...image.layers]) {
      const isLast = blob === image.layers.at(-1);
      this.#registry.on(`${path}/blobs/${blob.digest}`, answer(blob, fault?.at === "layer" && isLast));
    }
  }

  askedAtMs(repository: string): number[] {
    const known = this.#askedAtMs.get(repository) ?? [];
    this.#askedAtMs.set(repository, known);
    return known;
  }

  /** Everything it was asked, as paths. */
  get requests(): readonly string[] {
    return this.#registry.requests.map(({ path }) => path);
  }

  close(): Promise<void> {
    return this.#registry.close();
  }
}

const whole =
  (blob: Blob): Answer =>
  (response) =>
    void response.writeHead(200, { "content-type": blob.mediaType }).end(blob.content);
