/**
 * From a container to one of its listeners. conmon waits for all of them, so a listener must keep reading: what a slow client does not take
 * is skipped, and it is told how much. Only a client that asked for it holds the container.
 */
import type { AttachSession, OutputPart } from "../runtime/container-runtime.ts";
import type { FrameStream } from "./frame-stream.ts";

export interface RelayOptions {
  /** The container waits for this client. */
  readonly waits: boolean;
  readonly terminal: boolean;
}

/** Kept for a client that does not take it yet. */
const maxQueuedBytes = 4 * 1024 * 1024;

export class OutputRelay {
  readonly #session: AttachSession;
  readonly #stream: FrameStream;
  readonly #options: RelayOptions;
  #queue: OutputPart[] = [];
  #queuedBytes = 0;
  #skippedBytes = 0;
  #hasEnded = false;
  #wake: (() => void) | undefined;

  constructor(session: AttachSession, stream: FrameStream, options: RelayOptions) {
    this.#session = session;
    this.#stream = stream;
    this.#options = options;
  }

  /** Until the container has ended and the client has all that is kept for it. Rejects when the client is gone. */
  async run(): Promise<void> {
    if (this.#options.waits) {
      for (let part = await this.#session.read(); part; part = await this.#session.read()) await this.#send(part);
      return;
    }
    const reading = this.#read();
    await Promise.all([reading, this.#write()]);
  }

  async #read(): Promise<void> {
    try {
      for (let part = await this.#session.read(); part; part = await this.#session.read()) this.#keep(part);
    } finally {
      this.#hasEnded = true;
      this.#wake?.();
    }
  }

  #keep(part: OutputPart): void {
    if (this.#skippedBytes > 0 || this.#queuedBytes + part.bytes.length > maxQueuedBytes) {
      this.#skippedBytes += part.bytes.length;
      return;
    }
    this.#queue.push(part);
    this.#queuedBytes += part.bytes.length;
    this.#wake?.();
  }

  async #write(): Promise<void> {
    for (;;) {
      const part = this.#queue.shift();
      if (part) {
        await this.#send(part);
        this.#queuedBytes -= part.bytes.length;
      } else if (this.#skippedBytes > 0) await this.#tellSkipped();
      else if (this.#hasEnded) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  async #tellSkipped(): Promise<void> {
    const skipped = this.#skippedBytes;
    this.#skippedBytes = 0;
    const [newline, stream] = this.#options.terminal ? (["\r\n", "out"] as const) : (["\n", "err"] as const);
    const words = `[${skipped} bytes were skipped: they came faster than they were taken; orchctl logs has them]`;
    await this.#send({ stream, bytes: Buffer.from(`${newline}${words}${newline}`) });
  }

  #send({ stream, bytes }: OutputPart): Promise<void> {
    return this.#stream.write(bytes, stream === "err" ? "errorData" : "data");
  }
}
