/**
 * Writes all directories of a layer at its end. A first walk computes where each one's inode and blocks will be; then every one can name
 * its parent and its children, and all are written front to back.
 */
import { constants } from "node:fs";
import { invalidTar } from "../../tar/header.ts";
import { DirectoryNode, type LayerTree, LeafNode } from "../layer-tree.ts";
import { type DirectoryEntry, directoryBytes, encodeDirectory } from "./directory-blocks.ts";
import {
  alignUp,
  Blocks,
  blockBytes,
  encodeInode,
  encodeXattrs,
  entryTypes,
  type Inode,
  inodeBytes,
  layouts,
  rootInodeOffset,
  slotBytes,
} from "./format.ts";
import type { ImageFile } from "./image-file.ts";

/** overlayfs hides what lower layers have at such a name. */
const whiteoutMode = constants.S_IFCHR;
const opaqueXattr = "trusted.overlay.opaque";

interface Planned {
  readonly directory: DirectoryNode;
  /** Sorted, with `.` and `..` among them. */
  readonly names: readonly string[];
  readonly size: number;
  readonly xattrs: Buffer;
  /** The last block stands behind the inode. */
  readonly isInline: boolean;
  /** Of the other blocks, the first. */
  firstBlock: number;
}

export class DirectoryWriter {
  readonly #file: ImageFile;
  readonly #planned: Planned[] = [];
  /** Inodes written so far, and where the one of all whiteouts is. */
  #inodes: number;
  #whiteoutPlace = 0;
  #whiteouts = 0;

  constructor(file: ImageFile, inodes: number) {
    this.#file = file;
    this.#inodes = inodes;
  }

  /** Inodes of the whole image. */
  get inodes(): number {
    return this.#inodes;
  }

  /** Returns the root's inode, which belongs into block 0. */
  write(tree: LayerTree): Buffer {
    this.#file.align();
    const whiteoutPlace = this.#file.position;
    this.#whiteoutPlace = whiteoutPlace;
    const inodesEnd = this.#plan(tree.root, whiteoutPlace + inodeBytes);
    let block = alignUp(inodesEnd, blockBytes) / blockBytes;
    for (const planned of this.#planned) {
      planned.firstBlock = block;
      block += planned.isInline ? Math.floor(planned.size / blockBytes) : Math.ceil(planned.size / blockBytes);
    }
    this.#file.append(this.#whiteoutInode());
    let root: Buffer = Buffer.alloc(0);
    for (const planned of this.#planned) {
      const inode = this.#inode(planned);
      if (planned.directory === tree.root) root = inode;
      else this.#writeInode(planned, inode);
    }
    this.#file.align();
    for (const planned of this.#planned) this.#writeBlocks(planned);
    return root;
  }

  /** Gives the directory and those below their places from `place` on; returns the end. */
  #plan(directory: DirectoryNode, place: number): number {
    const xattrs = directoryXattrs(directory);
    const names = [".", "..", ...directory.children.keys()].sort(); // by bytes: latin1 text compares so
    const size = directoryBytes(names);
    const isRoot = directory.parent === undefined;
    const own = inodeBytes + xattrs.length;
    if (isRoot && rootInodeOffset + own > blockBytes) throw invalidTar("the root's extended attributes are too large");
    const isInline = !isRoot && size % blockBytes > 0 && own + (size % blockBytes) <= blockBytes;
    this.#planned.push({ directory, names, size, xattrs, isInline, firstBlock: 0 });
    let end = place;
    if (isRoot) directory.place = rootInodeOffset;
    else {
      const length = own + (isInline ? size % blockBytes : 0);
      // What fits a block lies in one.
      const crosses = (place % blockBytes) + length > blockBytes;
      directory.place = crosses ? alignUp(place, blockBytes) : place;
      end = alignUp(directory.place + length, slotBytes);
    }
    for (const child of directory.children.values()) {
      if (child instanceof DirectoryNode) end = this.#plan(child, end);
      else if (child === "whiteout") this.#whiteouts += 1;
    }
    return end;
  }

  #whiteoutInode(): Buffer {
    this.#inodes += 1;
    return inodeBuffer({
      layout: layouts.plain,
      mode: whiteoutMode,
      uid: 0,
      gid: 0,
      size: 0,
      links: Math.max(1, this.#whiteouts),
      number: this.#inodes,
      mtime: { seconds: 0, nanoseconds: 0 },
      union: 0,
      xattrs: Buffer.alloc(0),
    });
  }

  #inode({ directory, size, isInline, xattrs, firstBlock }: Planned): Buffer {
    this.#inodes += 1;
    const subdirectories = [...directory.children.values()].filter((child) => child instanceof DirectoryNode).length;
    const { mode, uid, gid, mtime } = directory.attributes;
    return inodeBuffer({
      layout: isInline ? layouts.inline : layouts.plain,
      mode: constants.S_IFDIR | mode,
      ...{ uid, gid, mtime, size, xattrs },
      links: 2 + subdirectories,
      number: this.#inodes,
      union: firstBlock,
    });
  }

  #writeInode(planned: Planned, inode: Buffer): void {
    this.#file.appendZeros(planned.directory.place - this.#file.position);
    this.#file.append(inode);
    if (!planned.isInline) return;
    const blocks: Buffer[] = [];
    encodeDirectory(entriesOf(planned, this.#whiteoutPlace), (block) => blocks.splice(0, 1, block));
    for (const last of blocks) this.#file.append(last);
  }

  #writeBlocks(planned: Planned): void {
    if (planned.isInline && planned.size < blockBytes) return;
    let left = planned.isInline ? Math.floor(planned.size / blockBytes) : Number.POSITIVE_INFINITY;
    encodeDirectory(entriesOf(planned, this.#whiteoutPlace), (block) => {
      if (left-- > 0) this.#file.append(block);
    });
    this.#file.align();
  }
}

function inodeBuffer(inode: Inode): Buffer {
  const own = new Blocks(inodeBytes + inode.xattrs.length);
  encodeInode(own, 0, inode);
  return own.bytes;
}

function directoryXattrs(directory: DirectoryNode): Buffer {
  const given = directory.attributes.xattrs;
  const all = directory.isOpaque ? new Map([...given, [opaqueXattr, Buffer.from("y")]]) : given;
  const bytes = encodeXattrs(all);
  if (!bytes) throw invalidTar("a directory's extended attributes are too large");
  return bytes;
}

function entriesOf({ directory, names }: Planned, whiteoutPlace: number): readonly DirectoryEntry[] {
  return names.map((name) => {
    if (name === ".") return entry(name, directory.place, entryTypes.directory);
    if (name === "..") return entry(name, (directory.parent ?? directory).place, entryTypes.directory);
    const child = directory.children.get(name);
    if (child instanceof LeafNode) return entry(name, child.place, entryTypes[child.type]);
    if (child instanceof DirectoryNode) return entry(name, child.place, entryTypes.directory);
    return entry(name, whiteoutPlace, entryTypes.char);
  });
}

function entry(name: string, place: number, type: number): DirectoryEntry {
  return { name, nid: place / slotBytes, type };
}
