/** Length-prefixed messages out of a byte stream (grpc/doc/PROTOCOL-HTTP2.md). */
import { Problem } from "../problem.ts";
import { prefixBytes } from "./message-frame.ts";

export class MessageReader {
  readonly #maxBytes: number;
  #parts: Buffer[] = [];
  #length = 0;

  /** A message longer than `maxBytes` is refused before it is gathered. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The messages that are complete with this part. */
  *push(part: Buffer): Generator<Buffer, void, undefined> {
    this.#parts.push(part);
    this.#length += part.length;
    while (this.#length >= prefixBytes) {
      const prefix = this.#joined(prefixBytes);
      if (prefix[0] !== 0) throw new Problem("internal", "the other side sent a compressed message, unasked");
      const messageBytes = prefix.readUInt32BE(1);
      if (messageBytes > this.#maxBytes) {
        throw new Problem("too-large", `a message is larger than ${this.#maxBytes / 1024 / 1024} MiB`);
      }
      if (this.#length < prefixBytes + messageBytes) return;
      const all = this.#joined(prefixBytes + messageBytes);
      yield all.subarray(prefixBytes, prefixBytes + messageBytes);
      const rest = all.subarray(prefixBytes + messageBytes);
      const [, ...later] = this.#parts;
      this.#parts = rest.length > 0 ? [rest, ...later] : later;
      this.#length -= prefixBytes + messageBytes;
    }
  }

  /** Whether a message has begun and not ended. */
  get incomplete(): boolean {
    return this.#length > 0;
  }

  /** The first part, made at least so long. Joins only what is needed, once. */
  #joined(bytes: number): Buffer {
    let [first = Buffer.alloc(0)] = this.#parts;
    if (first.length >= bytes) return first;
    let count = 1;
    let length = first.length;
    while (length < bytes) length += this.#parts[count++]?.length ?? 0;
    first = Buffer.concat(this.#parts.slice(0, count), length);
    this.#parts.splice(0, count, first);
    return first;
  }
}
