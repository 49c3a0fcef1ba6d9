/**
 * Reads protobuf's wire format field by field, without copying: `bytes` are a window on what is read. Integers of 64 bits come as
 * numbers, exact up to 2^53. Throws `internal` for what is not of this format.
 */
import { Problem } from "../problem.ts";

const lengthDelimited = 2;

export class WireReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;
  #type = 0;

  constructor(bytes: Buffer, at = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
  }

  /** The next field's number, 0 at the end. Its value is to be read, or skipped, before the next. */
  next(): number {
    if (this.#at >= this.#end) return 0;
    const tag = this.number();
    this.#type = tag & 7;
    return tag >>> 3;
  }

  /** A signed integer. */
  number(): number {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.#at >= this.#end) throw broken();
      const byte = this.#bytes[this.#at++] ?? 0;
      const part = byte & 0x7f;
      if (shift < 28) low |= part << shift;
      else if (shift === 28) {
        low |= part << 28;
        high |= part >>> 4;
      } else high |= part << (shift - 32);
      if (byte < 0x80) return high * 0x1_0000_0000 + (low >>> 0);
    }
    throw broken();
  }

  /** An integer of 64 bits as decimal text, to the last digit. */
  decimal(): string {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (this.#at >= this.#end) throw broken();
      const byte = this.#bytes[this.#at++] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value).toString();
    }
    throw broken();
  }

  flag(): boolean {
    return this.number() !== 0;
  }

  bytes(): Buffer {
    const [at, end] = this.#range();
    return this.#bytes.subarray(at, end);
  }

  text(): string {
    const [at, end] = this.#range();
    return this.#bytes.toString("utf8", at, end);
  }

  message(): WireReader {
    const [at, end] = this.#range();
    return new WireReader(this.#bytes, at, end);
  }

  skip(): void {
    if (this.#type === 0) this.number();
    else if (this.#type === lengthDelimited) this.#range();
    else if (this.#type === 1) this.#advance(8);
    else if (this.#type === 5) this.#advance(4);
    else throw broken();
  }

  #range(): readonly [at: number, end: number] {
    if (this.#type !== lengthDelimited) throw broken();
    const length = this.number();
    const at = this.#at;
    this.#advance(length);
    return [at, this.#at];
  }

  #advance(length: number): void {
    if (length < 0 || this.#at + length > this.#end) throw broken();
    this.#at += length;
  }
}

const broken = (): Problem => new Problem("internal", "a message that came over the wire cannot be read");
