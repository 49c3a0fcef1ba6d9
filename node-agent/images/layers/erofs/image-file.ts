/**
 * The file that an image is written to, front to back. A first part may be left out and filled later. Every piece that is written gets a
 * checksum, so that a damaged one can be told later.
 */
import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { crc32 } from "../../../host/crc32.ts";
import { startWriteback } from "../../../host/syscalls.ts";
import { blockBytes } from "./format.ts";

/** One piece of the file with its CRC-32. Together they cover the file, each byte once. */
export interface Segment {
  readonly offset: number;
  readonly length: number;
  readonly crc: number;
}

const bufferBytes = 512 * 1024;
/** So much at a time is given to the disk while the rest still comes. */
const writebackBytes = 8 * 1024 * 1024;

export class ImageFile {
  readonly #fd: number;
  readonly #maxBytes: number;
  readonly #onFull: () => never;
  readonly #buffer = Buffer.allocUnsafe(bufferBytes);
  readonly #segments = new Map<number, Segment>();
  /** Where the buffer's first byte belongs. */
  #start = 0;
  #fill = 0;
  #givenToDisk = 0;

  /** `onFull` throws what the caller makes of a file that would be larger than `maxBytes`. */
  constructor(path: string, maxBytes: number, onFull: () => never) {
    this.#fd = openSync(path, "wx+", 0o600);
    this.#maxBytes = maxBytes;
    this.#onFull = onFull;
  }

  /** Where the next byte goes. */
  get position(): number {
    return this.#start + this.#fill;
  }

  append(bytes: Buffer, start = 0, end = bytes.length): void {
    for (let at = start; at < end; ) {
      const length = Math.min(bufferBytes - this.#fill, end - at);
      bytes.copy(this.#buffer, this.#fill, at, at + length);
      this.#advance(length);
      at += length;
    }
  }

  appendZeros(length: number): void {
    for (let left = length; left > 0; ) {
      const some = Math.min(bufferBytes - this.#fill, left);
      this.#buffer.fill(0, this.#fill, this.#fill + some);
      this.#advance(some);
      left -= some;
    }
  }

  /** Fills up to the next block with zeros. */
  align(): void {
    const over = this.position % blockBytes;
    if (over > 0) this.appendZeros(blockBytes - over);
  }

  /** Leaves a place out; `fill` must follow. Returns where it is. */
  reserve(length: number): number {
    this.flush();
    const place = this.#start;
    this.#start += length;
    if (this.#start > this.#maxBytes) this.#onFull();
    return place;
  }

  /** Writes a place that was reserved, whole and once. */
  fill(place: number, bytes: Buffer): void {
    this.#write(place, bytes);
  }

  /** Changes bytes that are written already. They must lie in one segment. */
  patch(places: readonly { readonly offset: number; readonly bytes: Buffer }[]): void {
    this.flush();
    const touched = new Set<Segment>();
    const sorted = this.segments();
    for (const { offset, bytes } of places) {
      writeFully(this.#fd, bytes, offset);
      touched.add(segmentAt(sorted, offset));
    }
    for (const segment of touched) {
      const bytes = Buffer.allocUnsafe(segment.length);
      readSync(this.#fd, bytes, 0, segment.length, segment.offset);
      this.#segments.set(segment.offset, { ...segment, crc: crc32(bytes) });
    }
  }

  /** In the order of the file. */
  segments(): readonly Segment[] {
    this.flush();
    return [...this.#segments.values()].sort((one, other) => one.offset - other.offset);
  }

  close(): void {
    closeSync(this.#fd);
  }

  #advance(length: number): void {
    this.#fill += length;
    if (this.position > this.#maxBytes) this.#onFull();
    if (this.#fill === bufferBytes) this.flush();
  }

  /** All that was appended is in the file. Whoever keeps it syncs it. */
  flush(): void {
    if (this.#fill === 0) return;
    this.#write(this.#start, this.#buffer.subarray(0, this.#fill));
    this.#start += this.#fill;
    this.#fill = 0;
    if (this.#start - this.#givenToDisk < writebackBytes) return;
    startWriteback(this.#fd, this.#givenToDisk, this.#start - this.#givenToDisk);
    this.#givenToDisk = this.#start;
  }

  #write(offset: number, bytes: Buffer): void {
    writeFully(this.#fd, bytes, offset);
    this.#segments.set(offset, { offset, length: bytes.length, crc: crc32(bytes) });
  }
}

function writeFully(fd: number, bytes: Buffer, offset: number): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at, offset + at);
}

function segmentAt(sorted: readonly Segment[], offset: number): Segment {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((sorted[middle]?.offset ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const segment = sorted[low];
  if (!segment) throw new Error("nothing is written there");
  return segment;
}
