/** Inflates gzip in one thread, into one buffer. What it takes and refuses is what zlib does (`createGunzip`). */
import { Problem } from "#proto/kit/problem.ts";
import type { GzipMember, IsaLibrary } from "../host/libisal.ts";
import { gzipHeaderBytes } from "./gzip-header.ts";

const outputBytes = 256 * 1024;
const nothing = Buffer.alloc(0);

export class GzipInflater {
  readonly #member: GzipMember;
  readonly #output = Buffer.allocUnsafeSlow(outputBytes);
  #state: "header" | "data" | "between" | "padding" = "header";
  /** Of a header, what came in earlier pieces. */
  #start = nothing;

  constructor(library: IsaLibrary) {
    this.#member = library.gzipMember();
  }

  /** The plain bytes of one more piece, in pieces that are valid until the next one is asked for. Problem `invalid`. */
  *inflate(chunk: Buffer): Generator<Buffer> {
    for (let at = 0; at < chunk.length && this.#state !== "padding"; ) {
      // Zeros behind a member are padding, and so is all that follows them.
      if (this.#state === "between") this.#state = chunk[at] === 0 ? "padding" : "header";
      if (this.#state === "header") at += this.#takeHeader(chunk.subarray(at));
      if (this.#state === "data") at += yield* this.#takeData(chunk.subarray(at));
    }
  }

  /** Problem `invalid` when the last member was cut. */
  finish(): void {
    if (this.#state === "header" || this.#state === "data") throw undecodable("unexpected end of file");
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

  *#takeData(chunk: Buffer): Generator<Buffer, number> {
    for (let at = 0; ; ) {
      const step = this.#member.step(chunk.subarray(at), this.#output);
      if (typeof step === "string") throw undecodable(step);
      at += step.consumed;
      if (step.produced > 0) yield this.#output.subarray(0, step.produced);
      if (step.isFinished) {
        this.#state = "between";
        return at;
      }
      if (at === chunk.length && step.produced < this.#output.length) return at;
      if (step.consumed === 0 && step.produced === 0) throw undecodable("it does not go on");
    }
  }
}

function undecodable(reason: string): Problem {
  return new Problem("invalid", `the layer cannot be decompressed: ${reason}`);
}
