/** Maps the stored bytes of a sparse file to their places in the file. */
import { blockSize, invalidTar } from "./header.ts";

export interface SparseSegment {
  readonly offset: number;
  readonly length: number;
}

const maxSegments = 1_000_000;

/** Segments must follow each other, fit the file, and account for all stored bytes. */
export function checkSegments(segments: readonly SparseSegment[], realSize: number, storedSize: number): void {
  if (segments.length > maxSegments) throw invalidTar("a sparse map is too long");
  let end = 0;
  let stored = 0;
  for (const segment of segments) {
    if (segment.offset < end || segment.offset + segment.length > realSize)
      throw invalidTar("a sparse map is malformed");
    end = segment.offset + segment.length;
    stored += segment.length;
  }
  if (stored !== storedSize) throw invalidTar("a sparse map does not fit its data");
}

/** Splits stored bytes by segment. */
export class SparseCursor {
  readonly #segments: readonly SparseSegment[];
  #index = 0;
  #within = 0;

  constructor(segments: readonly SparseSegment[]) {
    this.#segments = segments;
  }

  write(data: Buffer, put: (data: Buffer, offset: number) => void): void {
    let at = 0;
    while (at < data.length) {
      const segment = this.#segments[this.#index];
      if (!segment) throw invalidTar("a sparse file has more data than its map");
      const length = Math.min(segment.length - this.#within, data.length - at);
      if (length > 0) put(data.subarray(at, at + length), segment.offset + this.#within);
      at += length;
      this.#within += length;
      if (this.#within >= segment.length) {
        this.#index += 1;
        this.#within = 0;
      }
    }
  }
}

/** GNU's old format: four segments in the header, 21 in each block that follows. */
export function oldGnuSegments(block: Buffer, offset: number, count: number): readonly SparseSegment[] {
  const segments: SparseSegment[] = [];
  for (let index = 0; index < count; index++) {
    const start = offset + index * 24;
    if (block[start] === 0) break;
    segments.push({ offset: sparseNumber(block, start), length: sparseNumber(block, start + 12) });
  }
  return segments;
}

export function sparseNumber(block: Buffer, offset: number): number {
  const first = block[offset] ?? 0;
  if (first & 0x80) {
    let value = BigInt(first & 0x7f);
    for (const byte of block.subarray(offset + 1, offset + 12)) value = (value << 8n) | BigInt(byte);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw invalidTar("a sparse map is out of range");
    return Number(value);
  }
  const text = block
    .toString("latin1", offset, offset + 12)
    .replace(/\0.*$/s, "")
    .trim();
  if (!/^[0-7]*$/.test(text)) throw invalidTar("a sparse map is malformed");
  return text === "" ? 0 : Number.parseInt(text, 8);
}

/** Reads the map that format 1.0 puts before the data: decimal lines, padded to a block. */
export class SparseMapReader {
  #text = "";
  #consumed = 0;

  /** The segments and how many bytes of the entry they took, once all of them have arrived. Takes one block at a time. */
  push(block: Buffer): { readonly segments: readonly SparseSegment[]; readonly bytes: number } | undefined {
    this.#text += block.toString("latin1");
    this.#consumed += blockSize;
    if (this.#text.length > 32 * 1024 * 1024) throw invalidTar("a sparse map is too long");
    const lines = this.#text.split("\n");
    const count = lines.length > 1 ? decimal(lines[0] ?? "") : undefined;
    if (count === undefined) return undefined;
    if (count > maxSegments) throw invalidTar("a sparse map is too long");
    if (lines.length - 2 < count * 2) return undefined;
    const numbers = lines.slice(1, 1 + count * 2).map(decimal);
    const segments = Array.from({ length: count }, (_, index) => ({
      offset: numbers[index * 2] ?? 0,
      length: numbers[index * 2 + 1] ?? 0,
    }));
    return { segments, bytes: this.#consumed };
  }
}

function decimal(text: string): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw invalidTar("a sparse map is malformed");
  return value;
}
