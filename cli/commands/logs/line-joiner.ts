/** Makes whole lines of bytes that come in parts, so that several logs can share one output. Pure. */

/** A line longer than this is passed on in parts. */
const maxLineBytes = 64 * 1024;
const newline = 0x0a;

export class LineJoiner {
  readonly #prefix: Buffer;
  readonly #write: (bytes: Uint8Array) => void;
  #parts: Uint8Array[] = [];
  #bytes = 0;

  constructor(prefix: string, write: (bytes: Uint8Array) => void) {
    this.#prefix = Buffer.from(prefix);
    this.#write = write;
  }

  add(bytes: Uint8Array): void {
    let from = 0;
    for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, from)) {
      this.#keep(bytes.subarray(from, at + 1));
      this.#flush();
      from = at + 1;
    }
    if (from < bytes.length) this.#keep(bytes.subarray(from));
    if (this.#bytes >= maxLineBytes) this.#flush();
  }

  /** What has no line end gets one. */
  end(): void {
    if (this.#bytes === 0) return;
    this.#keep(Uint8Array.of(newline));
    this.#flush();
  }

  #keep(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#bytes += bytes.length;
  }

  #flush(): void {
    this.#write(Buffer.concat([this.#prefix, ...this.#parts]));
    this.#parts = [];
    this.#bytes = 0;
  }
}
