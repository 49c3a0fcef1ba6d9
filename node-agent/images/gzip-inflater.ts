/** Inflates gzip in one thread, into one buffer. What it takes and refuses is what zlib does (`createGunzip`). */
import { Problem } from "#proto/kit/problem.ts";
import type { GzipMember, IsaLibrary } from "../host/libisal.ts";

const outputBytes = 256 * 1024;

export class GzipInflater {
  readonly #member: GzipMember;
  readonly #output = Buffer.allocUnsafeSlow(outputBytes);
  #state: "member" | "between" | "padding" = "member";

  constructor(library: IsaLibrary) {
    this.#member = library.gzipMember();
  }

  /** The plain bytes of one more piece, in pieces that are valid until the next one is asked for. Problem `invalid`. */
  *inflate(chunk: Buffer): Generator<Buffer> {
    for (let at = 0; this.#isOpen(chunk, at); ) {
      const step = this.#member.step(at === 0 ? chunk : chunk.subarray(at), this.#output);
      if (typeof step === "string") throw undecodable(step);
      at += step.consumed;
      if (step.produced > 0) yield this.#output.subarray(0, step.produced);
      if (step.isFinished) this.#state = "between";
      else if (at === chunk.length && step.produced < this.#output.length) return;
      else if (step.consumed === 0 && step.produced === 0) throw undecodable("no end of it");
    }
  }

  /** Problem `invalid` when the last member was cut. */
  finish(): void {
    if (this.#state === "member") throw undecodable("unexpected end of file");
  }

  /** Whether there is more to do. Zeros behind a member are padding, and so is all that follows them. */
  #isOpen(chunk: Buffer, at: number): boolean {
    if (this.#state === "member") return true;
    if (this.#state === "padding" || at === chunk.length) return false;
    this.#state = chunk[at] === 0 ? "padding" : "member";
    if (this.#state === "member") this.#member.reset();
    return this.#state === "member";
  }
}

function undecodable(reason: string): Problem {
  return new Problem("invalid", `the layer cannot be decompressed: ${reason}`);
}
