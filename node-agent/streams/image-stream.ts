/** image: what people ask of this node's images. Progress comes as lines of JSON, an archive as its bytes, the answer as the result. */
import type { Clock, Timer } from "#proto/kit/clock.ts";
import { type BlobProgress, type ImageRequest, readImageRequest } from "#proto/resources/image-request.ts";
import type { ImageCatalog } from "../images/administration/image-catalog.ts";
import type { ImageKeeper } from "../images/administration/image-keeper.ts";
import type { ImageStore } from "../images/image-store.ts";
import type { FrameStream } from "./frame-stream.ts";
import type { StreamServer } from "./serve-stream.ts";

export interface ImageStreamParts {
  readonly images: ImageStore;
  readonly catalog: ImageCatalog;
  readonly keeper: ImageKeeper;
  readonly save: (images: readonly string[]) => Promise<{ readonly chunks: AsyncIterable<Uint8Array> }>;
  /** Pods that wait for an image may go on. */
  readonly onArrived: () => Promise<void>;
  readonly clock: Clock;
}

/** People read at most so often; each layer's newest word is kept meanwhile. */
const progressMs = 150;

export function imageServer(parts: ImageStreamParts): StreamServer {
  return async (target, stream, signal) => {
    const request = readImageRequest(target.image);
    const answer = await serve(request, parts, stream, signal);
    return { exitCode: 0, detail: Buffer.from(JSON.stringify(answer)) };
  };
}

async function serve(
  request: ImageRequest,
  parts: ImageStreamParts,
  stream: FrameStream,
  signal: AbortSignal,
): Promise<unknown> {
  const { images, catalog, keeper } = parts;
  switch (request.verb) {
    case "list":
      return { images: await catalog.list(request.labels) };
    case "usage":
      return await catalog.usage();
    case "inspect":
      return await catalog.inspect(request.image);
    case "history":
      return { history: await catalog.history(request.image) };
    case "resolve":
      return { digest: await images.resolve(request.image, request, signal) };
    case "pull":
      return await pull(request, parts, stream, signal);
    case "push":
      return await push(request, parts, stream, signal);
    case "tag":
      return { name: await keeper.tag(request.image, request.name).finally(() => parts.onArrived()) };
    case "remove": {
      const removed = [];
      for (const image of request.images) removed.push(await keeper.remove(image));
      return { removed };
    }
    case "prune":
      return await keeper.prune(request.all);
    case "save": {
      const { chunks } = await parts.save(request.images);
      for await (const chunk of chunks) await stream.write(chunk);
      return {};
    }
    case "verify": {
      const told = (image: string): Promise<void> => writeLine(stream, { image });
      return { images: await keeper.verify(request.images, request.repair, signal, told) };
    }
  }
}

async function pull(
  { image, credentials }: Extract<ImageRequest, { verb: "pull" }>,
  { images, catalog, onArrived, clock }: ImageStreamParts,
  stream: FrameStream,
  signal: AbortSignal,
): Promise<unknown> {
  const progress = new ProgressLines(stream, clock);
  try {
    const found = await images.pull(
      image,
      {
        credentials,
        isVouchedFor: true,
        movesTag: true,
        onLayer: (layer) => {
          const sharedWith = layer.state === "here" ? catalog.sharing(layer.digest, "") : [];
          progress.say({ ...layer, ...(sharedWith.length > 0 && { sharedWith }) });
        },
      },
      signal,
    );
    await onArrived();
    return { names: found.names, digest: found.digest, sizeBytes: found.sizeBytes };
  } finally {
    await progress.end();
  }
}

async function push(
  { image, destination, credentials }: Extract<ImageRequest, { verb: "push" }>,
  { images, clock }: ImageStreamParts,
  stream: FrameStream,
  signal: AbortSignal,
): Promise<unknown> {
  const progress = new ProgressLines(stream, clock);
  try {
    const onProgress = ({
      outcome,
      ...blob
    }: Omit<BlobProgress, "state"> & { outcome?: BlobProgress["state"] }): void =>
      progress.say({ ...blob, state: outcome ?? "sending" });
    return await images.push(image, destination, { credentials, onProgress }, signal);
  } finally {
    await progress.end();
  }
}

/** One line for each blob now and then, its last word always. */
class ProgressLines {
  readonly #stream: FrameStream;
  readonly #clock: Clock;
  readonly #news = new Map<string, BlobProgress>();
  #timer: Timer | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(stream: FrameStream, clock: Clock) {
    this.#stream = stream;
    this.#clock = clock;
  }

  say(progress: BlobProgress): void {
    this.#news.set(progress.digest, progress);
    this.#timer ??= this.#clock.after(progressMs, () => {
      this.#timer = undefined;
      this.#flush();
    });
  }

  async end(): Promise<void> {
    this.#timer?.cancel();
    this.#flush();
    await this.#writing;
  }

  #flush(): void {
    const news = [...this.#news.values()];
    this.#news.clear();
    for (const line of news) this.#writing = this.#writing.then(() => writeLine(this.#stream, line));
    this.#writing = this.#writing.catch(() => undefined); // whoever has gone away needs no progress
  }
}

function writeLine(stream: FrameStream, value: unknown): Promise<void> {
  return stream.write(Buffer.from(`${JSON.stringify(value)}\n`));
}
