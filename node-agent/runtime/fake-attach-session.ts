/** A listener of a container that only pretends: hears what the test prints, notes what it is told. */
import type { AttachSession, ContainerStreams, OutputPart } from "./container-runtime.ts";

export class FakeAttachSession implements AttachSession {
  readonly streams: ContainerStreams;
  /** What was written, and ^D for the end of input. */
  input = "";
  size: readonly [number, number] | undefined;
  readonly #parts: OutputPart[] = [];
  #hasEnded = false;
  #wake: (() => void) | undefined;

  constructor(streams: ContainerStreams) {
    this.streams = streams;
  }

  /** Parts that nobody has read yet. */
  get unread(): number {
    return this.#parts.length;
  }

  push(part: OutputPart): void {
    this.#parts.push(part);
    this.#wake?.();
  }

  end(): void {
    this.#hasEnded = true;
    this.#wake?.();
  }

  async read(): Promise<OutputPart | undefined> {
    while (this.#parts.length === 0 && !this.#hasEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#parts.shift();
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.input += Buffer.from(bytes).toString();
  }

  endInput(): void {
    this.input += "^D";
  }

  async resize(rows: number, columns: number): Promise<void> {
    this.size = [rows, columns];
  }

  close(): void {
    this.end();
  }
}
