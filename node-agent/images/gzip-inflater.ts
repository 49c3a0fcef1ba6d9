/**
 * Inflates gzip on a thread of the pool, into two buffers in turn: while one is read, the other can be filled. What it takes and refuses is
 * what zlib does (`createGunzip`).
 */
import { Problem } from "#proto/kit/problem.ts";
import type { GzipMember, IsaLibrary } from "../host/libisal.ts";
import { gzipHeaderBytes } from "./gzip-header.ts";

const outputBytes = 512 * 1024;
const nothing = Buffer.alloc(0);

export class GzipInflater {
  readonly #member: GzipMember;
  readonly #outputs = [Buffer.allocUnsafeSlow(outputBytes), Buffer.allocUnsafeSlow(outputBytes)] as const;
  #turn: 0 | 1 = 0;
  #state: "header" | "data" | "between" | "padding" = "header";
  /** Of a header, what came in earlier pieces. */
  #start = nothing;

  constructor(library: IsaLibrary) {
    this.#member = library.gzipMember();
  }

  /**
   * The plain bytes of all pieces, in pieces that are valid until the next but one is asked for. Those it takes need be valid only until it
   * asks for the next. Once. Problem `invalid`, also when the last member was cut.
   */
  async *inflate(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of pieces) yield* this.#inflate(piece);
    if (this.#state === "header" || this.#state === "data") throw undecodable("unexpected end of file");
  }

  async *#inflate(chunk: Buffer): AsyncGenerator<Buffer> {
    for (let at = 0; at < chunk.length && this.#state !== "padding"; ) {
      // Zeros behind a member are padding, and so is all that follows them.
      if (this.#state === "between") this.#state = chunk[at] === 0 ? "padding" : "header";
      if (this.#state === "header") at += this.#takeHeader(chunk.subarray(at));
      if (this.#state === "data") at += yield* this.#takeData(chunk.subarray(at));
    }
  }

  #takeHeader(chunk: Buffer): number {
    const header = this.#start.length === 0 ? chunk : Buffer.concat([this.#start, chunk]);
    const length = gzipHeaderBytes(header);
    if (typeof length === "string") throw undecodable(length);
    if (length === undefined) {
      this.#start = Buffer.from(header);
      return chunk.length;
    }
    const taken = length - this.#start.length;
    this.#start = nothing;
    this.#member.reset();
    this.#state = "data";
    return taken;
  }

  async *#takeData(chunk: Buffer): AsyncGenerator<Buffer, number> {
    for (let at = 0; ; ) {
      const output = this.#outputs[this.#turn];
      const step = await this.#member.stepElsewhere(chunk.subarray(at), output);
      if (typeof step === "string") throw undecodable(step);
      at += step.consumed;
      if (step.produced > 0) {
        this.#turn = this.#turn === 0 ? 1 : 0;
        yield output.subarray(0, step.produced);
      }
      if (step.isFinished) {
        this.#state = "between";
        return at;
      }
      if (at === chunk.length && step.produced < output.length) return at;
      if (step.consumed === 0 && step.produced === 0) throw undecodable("it does not go on");
    }
  }
}

function undecodable(reason: string): Problem {
  return new Problem("invalid", `the layer cannot be decompressed: ${reason}`);
}
