/**
 * Writes protobuf's wire format (protobuf.dev/programming-guides/encoding) from the end to the front: a message's length is known
 * by the time it is written, so nothing is measured first and nothing is copied. Hence last things are written first. For the few
 * messages that are sent so often that generated code shows; numbers are safe integers, not negative.
 */
const initialBytes = 1024;

export class WireWriter {
  #bytes: Buffer;
  /** Everything from here on is written. */
  #at: number;

  /** `expectedBytes` spares growing. */
  constructor(expectedBytes = initialBytes) {
    this.#bytes = Buffer.allocUnsafe(Math.max(16, expectedBytes));
    this.#at = this.#bytes.length;
  }

  /** A number, also zero. */
  number(field: number, value: number): void {
    this.#varint(value);
    this.#varint(field * 8);
  }

  flag(field: number, value: boolean): void {
    this.number(field, value ? 1 : 0);
  }

  /** An integer of 64 bits as decimal text. */
  decimal(field: number, value: string): void {
    const rest = BigInt.asUintN(64, BigInt(value));
    const digits: number[] = [];
    for (let left = rest; left > 0n || digits.length === 0; left >>= 7n) digits.push(Number(left & 0x7fn));
    this.#reserve(digits.length);
    for (let i = digits.length - 1; i >= 0; i--) {
      this.#bytes[--this.#at] = (digits[i] ?? 0) | (i === digits.length - 1 ? 0 : 0x80);
    }
    this.#varint(field * 8);
  }

  bytes(field: number, value: Uint8Array): void {
    this.#reserve(value.length);
    this.#at -= value.length;
    this.#bytes.set(value, this.#at);
    this.#varint(value.length);
    this.#varint(field * 8 + 2);
  }

  /** A message inside this one: what `write` writes, last field first. */
  message(field: number, write: () => void): void {
    const before = this.#length;
    write();
    this.#varint(this.#length - before);
    this.#varint(field * 8 + 2);
  }

  finish(): Buffer {
    return this.#bytes.subarray(this.#at);
  }

  /** With gRPC's prefix: not compressed, length. */
  finishFramed(): Buffer {
    const length = this.#length;
    this.#reserve(5);
    this.#at -= 5;
    this.#bytes[this.#at] = 0;
    this.#bytes.writeUInt32BE(length, this.#at + 1);
    return this.finish();
  }

  get #length(): number {
    return this.#bytes.length - this.#at;
  }

  #varint(value: number): void {
    this.#reserve(10);
    let length = 1;
    for (let left = value; left >= 0x80; left = Math.floor(left / 0x80)) length++;
    this.#at -= length;
    let left = value;
    for (let i = 0; i < length - 1; i++) {
      this.#bytes[this.#at + i] = (left % 0x80) | 0x80;
      left = Math.floor(left / 0x80);
    }
    this.#bytes[this.#at + length - 1] = left;
  }

  #reserve(count: number): void {
    if (this.#at >= count) return;
    const length = this.#length;
    const grown = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, length + count));
    this.#bytes.copy(grown, grown.length - length, this.#at);
    this.#bytes = grown;
    this.#at = grown.length - length;
  }
}
