/** The content of one file as it streams in: whole blocks go out at once, holes are left out, the end is kept for its inode. */
import { alignUp, blockBytes, type Layout, layouts, noBlock } from "./format.ts";
import type { ImageFile } from "./image-file.ts";

export interface FileLayout {
  readonly layout: Layout;
  readonly union: number;
  /** Goes right behind the inode: the file's end, or where its chunks are. Valid until the next file begins. */
  readonly behind: Buffer;
}

/** A part without holes. All but the last one are whole chunks. */
interface Run {
  readonly offset: number;
  readonly block: number;
  readonly length: number;
}

/** A file with holes is mapped by chunks; more than these would make the map too large. */
const maxChunks = 2 ** 18;
const zeros = Buffer.alloc(64 * 1024);
const nothing = Buffer.alloc(0);

export class FileData {
  readonly #file: ImageFile;
  readonly #size: number;
  readonly #end: Buffer;
  readonly #runs: Run[] = [];
  #endFill = 0;
  #position = 0;
  #runOffset = 0;
  #runPlace: number;
  #chunkBytes = 0;

  /** The file stands at the start of a block, and stays ours until `finish`; so does `end`, a block's worth of memory. */
  constructor(file: ImageFile, size: number, end: Buffer) {
    this.#file = file;
    this.#end = end;
    this.#size = size;
    this.#runPlace = file.position;
  }

  /** Offsets only grow. */
  write(data: Buffer, offset: number): void {
    if (offset > this.#position) this.#skipTo(offset);
    this.#put(data);
  }

  /** `roomBehind` is what the inode's block has left for the end of the file. */
  finish(roomBehind: number): FileLayout {
    if (this.#position < this.#size) this.#skipToEnd();
    if (this.#chunkBytes > 0) return this.#finishChunked();
    const block = this.#runPlace / blockBytes;
    const end = this.#end.subarray(0, this.#endFill);
    const isInline = end.length > 0 && end.length <= roomBehind;
    if (isInline) return { layout: layouts.inline, union: block, behind: end };
    this.#padEnd();
    return { layout: layouts.plain, union: block, behind: nothing };
  }

  #put(data: Buffer): void {
    this.#position += data.length;
    let at = 0;
    if (this.#endFill > 0) {
      at = data.copy(this.#end, this.#endFill);
      this.#endFill += at;
      if (this.#endFill < blockBytes) return;
      this.#file.append(this.#end);
      this.#endFill = 0;
    }
    const whole = data.length - ((data.length - at) % blockBytes);
    if (whole > at) this.#file.append(data, at, whole);
    this.#endFill = data.copy(this.#end, 0, whole);
  }

  #putZeros(length: number): void {
    for (let left = length; left > 0; left -= zeros.length) this.#put(zeros.subarray(0, Math.min(left, zeros.length)));
  }

  #skipTo(offset: number): void {
    this.#chunkBytes ||= chunkSize(this.#size);
    const chunkEnd = alignUp(this.#position, this.#chunkBytes);
    if (offset >= chunkEnd) {
      this.#putZeros(chunkEnd - this.#position);
      this.#closeRun();
      this.#position = Math.floor(offset / this.#chunkBytes) * this.#chunkBytes;
      this.#runOffset = this.#position;
    }
    this.#putZeros(offset - this.#position);
  }

  #skipToEnd(): void {
    this.#chunkBytes ||= chunkSize(this.#size);
    this.#putZeros(Math.min(alignUp(this.#position, this.#chunkBytes), this.#size) - this.#position);
  }

  #closeRun(): void {
    this.#padEnd();
    const length = this.#position - this.#runOffset;
    if (length > 0) this.#runs.push({ offset: this.#runOffset, block: this.#runPlace / blockBytes, length });
    this.#runPlace = this.#file.position;
  }

  #padEnd(): void {
    if (this.#endFill === 0) return;
    this.#file.append(this.#end.fill(0, this.#endFill));
    this.#endFill = 0;
  }

  #finishChunked(): FileLayout {
    this.#closeRun();
    const map = Buffer.alloc(Math.ceil(this.#size / this.#chunkBytes) * 4, 0xff); // all holes
    for (const run of this.#runs) {
      for (let done = 0; done < run.length; done += this.#chunkBytes) {
        const entry = (run.offset + done) / this.#chunkBytes;
        map.writeUInt32LE(Math.min(run.block + done / blockBytes, noBlock), entry * 4);
      }
    }
    return { layout: layouts.chunked, union: Math.log2(this.#chunkBytes / blockBytes), behind: map };
  }
}

/** A power of two. */
function chunkSize(size: number): number {
  let bytes = blockBytes;
  while (size / bytes > maxChunks) bytes *= 2;
  return bytes;
}
