/** What a connection has to say: gathered for a turn, sent in one write. */
import type { Socket } from "node:net";

/** Gathered so far, it goes out before the turn ends. */
const flushBytes = 65_536;
/** More is cheaper joined by the system. */
const longestJoinedBytes = 8_192;
/** A peer that reads nothing and goes on asking is left beyond this. */
const maxBacklogBytes = 16 << 20;

export class Outbox {
  readonly #socket: Socket;
  #parts: Uint8Array[] = [];
  #bytes = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Not yet taken by the system. */
  get waitingBytes(): number {
    return this.#socket.writableLength + this.#bytes;
  }

  send(bytes: Uint8Array): void {
    if (this.#socket.destroyed) return;
    if (this.#parts.length === 0) process.nextTick(() => this.flush());
    this.#parts.push(bytes);
    this.#bytes += bytes.length;
    if (this.waitingBytes > maxBacklogBytes) this.#socket.destroy();
    else if (this.#bytes >= flushBytes) this.flush();
  }

  flush(): void {
    const [first] = this.#parts;
    if (!first || this.#socket.destroyed) return;
    const [parts, bytes] = [this.#parts, this.#bytes];
    this.#parts = [];
    this.#bytes = 0;
    if (bytes <= longestJoinedBytes) this.#socket.write(parts.length === 1 ? first : Buffer.concat(parts, bytes));
    else this.#writeAll(parts);
  }

  #writeAll(parts: readonly Uint8Array[]): void {
    this.#socket.cork();
    for (const part of parts) this.#socket.write(part);
    this.#socket.uncork();
  }
}
