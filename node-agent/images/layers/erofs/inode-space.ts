/**
 * Room for inodes, each with the end of its file behind it: the kernel wants that part in the inode's own block. Groups of blocks are
 * filled by best fit while files stream past, and go out between them when they are full: only then is known where they are.
 */
import type { LeafNode } from "../layer-tree.ts";
import { alignUp, Blocks, blockBytes, encodeInode, type Inode, inodeBytes, slotBytes } from "./format.ts";
import type { ImageFile } from "./image-file.ts";

interface Group {
  readonly blocks: Blocks;
  /** Of each block, what is taken. */
  readonly used: number[];
  readonly leaves: { readonly leaf: LeafNode; readonly within: number }[];
}

const maxOpenGroups = 4;
const maxGroupBlocks = 16;

export class InodeSpace {
  readonly #file: ImageFile;
  readonly #open: Group[] = [];
  /** Buffers of groups that went out. */
  readonly #spare: Blocks[] = [];
  #groups = 0;

  constructor(file: ImageFile) {
    this.#file = file;
  }

  /** Takes the inode and what comes right behind it. The file must stand at the start of a block. Sets `leaf.place` now or later. */
  place(leaf: LeafNode, inode: Inode, behind: Buffer): void {
    const length = inodeBytes + inode.xattrs.length + behind.length;
    if (length > blockBytes) {
      this.#placeLarge(leaf, inode, behind);
      return;
    }
    const { group, block } = this.#bestFit(length) ?? { group: this.#addGroup(), block: 0 };
    const within = block * blockBytes + (group.used[block] ?? 0);
    encodeInode(group.blocks, within, inode);
    if (behind.length > 0) behind.copy(group.blocks.bytes, within + length - behind.length);
    group.used[block] = (group.used[block] ?? 0) + alignUp(length, slotBytes);
    group.leaves.push({ leaf, within });
  }

  /** Writes what is still open. */
  finish(): void {
    for (const group of this.#open.splice(0)) this.#close(group);
  }

  #placeLarge(leaf: LeafNode, inode: Inode, behind: Buffer): void {
    const own = new Blocks(inodeBytes + inode.xattrs.length);
    encodeInode(own, 0, inode);
    leaf.place = this.#file.position;
    this.#file.append(own.bytes);
    this.#file.append(behind);
    this.#file.align();
  }

  /** What fits a block lies in one. */
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
    const count = Math.min(maxGroupBlocks, 2 ** this.#groups++); // a small layer shall stay small
    const spare = count === maxGroupBlocks ? this.#spare.pop() : undefined;
    spare?.bytes.fill(0);
    const blocks = spare ?? new Blocks(count * blockBytes);
    const group = { blocks, used: Array.from({ length: count }, () => 0), leaves: [] };
    this.#open.push(group);
    return group;
  }

  #closeFullest(): void {
    const free = (group: Group): number => group.used.reduce((sum, used) => sum + blockBytes - used, 0);
    const fullest = this.#open.reduce((one, other) => (free(other) < free(one) ? other : one));
    this.#open.splice(this.#open.indexOf(fullest), 1);
    this.#close(fullest);
  }

  #close({ blocks, leaves }: Group): void {
    const place = this.#file.position;
    this.#file.append(blocks.bytes);
    for (const { leaf, within } of leaves) leaf.place = place + within;
    if (blocks.bytes.length === maxGroupBlocks * blockBytes) this.#spare.push(blocks);
  }
}
