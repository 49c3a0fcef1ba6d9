/**
 * Room for inodes, each with the end of its file behind it: the kernel wants that part in the inode's own block. Blocks are set aside
 * in groups while files stream past, and filled by best fit.
 */
import { alignUp, blockBytes, slotBytes } from "./format.ts";
import type { ImageFile } from "./image-file.ts";

interface Group {
  readonly place: number;
  readonly bytes: Buffer;
  /** Of each block, what is taken. */
  readonly used: number[];
}

const maxOpenGroups = 4;
const maxGroupBlocks = 16;

export class InodeSpace {
  readonly #file: ImageFile;
  readonly #open: Group[] = [];
  #groups = 0;

  constructor(file: ImageFile) {
    this.#file = file;
  }

  /** Where the bytes have gone. What fits a block lies in one. */
  place(bytes: Buffer): number {
    if (bytes.length > blockBytes) return this.#placeLarge(bytes);
    const found = this.#bestFit(bytes.length) ?? { group: this.#addGroup(), block: 0 };
    const { group, block } = found;
    const within = block * blockBytes + (group.used[block] ?? 0);
    group.bytes.set(bytes, within);
    group.used[block] = (group.used[block] ?? 0) + alignUp(bytes.length, slotBytes);
    return group.place + within;
  }

  /** Writes what is still open. */
  finish(): void {
    for (const group of this.#open.splice(0)) this.#file.fill(group.place, group.bytes);
  }

  #placeLarge(bytes: Buffer): number {
    const place = this.#file.reserve(alignUp(bytes.length, blockBytes));
    const whole = Buffer.alloc(alignUp(bytes.length, blockBytes));
    whole.set(bytes);
    this.#file.fill(place, whole);
    return place;
  }

  #bestFit(length: number): { readonly group: Group; readonly block: number } | undefined {
    let best: { readonly group: Group; readonly block: number } | undefined;
    let mostUsed = -1;
    for (const group of this.#open) {
      for (let block = 0; block < group.used.length; block++) {
        const used = group.used[block] ?? 0;
        if (used + length > blockBytes || used <= mostUsed) continue;
        best = { group, block };
        mostUsed = used;
      }
    }
    return best;
  }

  #addGroup(): Group {
    if (this.#open.length === maxOpenGroups) this.#closeFullest();
    const blocks = Math.min(maxGroupBlocks, 2 ** this.#groups++); // a small layer shall stay small
    const place = this.#file.reserve(blocks * blockBytes);
    const group = { place, bytes: Buffer.alloc(blocks * blockBytes), used: Array.from({ length: blocks }, () => 0) };
    this.#open.push(group);
    return group;
  }

  #closeFullest(): void {
    const free = (group: Group): number => group.used.reduce((sum, used) => sum + blockBytes - used, 0);
    const fullest = this.#open.reduce((one, other) => (free(other) < free(one) ? other : one));
    this.#open.splice(this.#open.indexOf(fullest), 1);
    this.#file.fill(fullest.place, fullest.bytes);
  }
}
