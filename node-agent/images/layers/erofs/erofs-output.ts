/**
 * A layer as one EROFS image: data goes out as it arrives, blocks of inodes between it, directories at the end, block 0 last.
 * Behind the image stands its record with the checksums, so that a layer is one file.
 */
import { constants } from "node:fs";
import { invalidTar } from "../../tar/header.ts";
import type { Attributes } from "../attributes.ts";
import type { LayerOutput, RecordStart, Special } from "../layer-output.ts";
import type { LayerTree, LeafNode } from "../layer-tree.ts";
import { DirectoryWriter } from "./directory-writer.ts";
import { FileData } from "./file-data.ts";
import {
  blockBytes,
  encodeDevice,
  encodeSuperblock,
  encodeXattrs,
  inodeBytes,
  type Layout,
  layouts,
  linksOffset,
  rootInodeOffset,
  superblockPlace,
} from "./format.ts";
import { ImageFile } from "./image-file.ts";
import { InodeSpace } from "./inode-space.ts";
import { encodeTrailer } from "./trailer.ts";

const fileTypes = {
  file: constants.S_IFREG,
  symlink: constants.S_IFLNK,
  char: constants.S_IFCHR,
  block: constants.S_IFBLK,
  fifo: constants.S_IFIFO,
} as const;
const symlinkMode = 0o777;
const nothing = Buffer.alloc(0);

interface OpenFile {
  readonly attributes: Attributes;
  readonly size: number;
  readonly data: FileData;
}

export class ErofsOutput implements LayerOutput {
  readonly #file: ImageFile;
  readonly #inodes: InodeSpace;
  /** The end of the file that is being written. */
  readonly #end = Buffer.alloc(blockBytes);
  /** Files with several names, whose inodes are written with one. */
  readonly #linked = new Set<LeafNode>();
  #open: OpenFile | undefined;
  #count = 0;
  #hasChunks = false;
  #closed = false;

  /** `path` must not exist. `onFull` throws when the image would be larger than `maxBytes`. */
  constructor(path: string, maxBytes: number, onFull: () => never) {
    this.#file = new ImageFile(path, maxBytes, onFull);
    this.#file.reserve(blockBytes);
    this.#inodes = new InodeSpace(this.#file);
  }

  startFile(_name: string, size: number, attributes: Attributes): void {
    this.#open = { attributes, size, data: new FileData(this.#file, size, this.#end) };
  }

  writeFile(data: Buffer, offset: number): void {
    this.#open?.data.write(data, offset);
  }

  endFile(leaf: LeafNode): void {
    if (!this.#open) return;
    const { attributes, size, data } = this.#open;
    this.#open = undefined;
    const xattrs = xattrBytes(attributes);
    const { layout, union, behind } = data.finish(blockBytes - inodeBytes - xattrs.length);
    if (layout === layouts.chunked) this.#hasChunks = true;
    this.#place(leaf, { attributes, size, layout, union, xattrs }, behind);
  }

  makeSpecial(_name: string, leaf: LeafNode, special: Special): void {
    const xattrs = xattrBytes(special);
    if (special.type !== "symlink") {
      const union = encodeDevice(special.major, special.minor);
      this.#place(leaf, { attributes: special, size: 0, layout: layouts.plain, union, xattrs }, nothing);
      return;
    }
    const data = new FileData(this.#file, special.linkName.length, this.#end);
    data.write(Buffer.from(special.linkName, "latin1"), 0);
    const { layout, union, behind } = data.finish(blockBytes - inodeBytes - xattrs.length);
    const attributes = { ...special, mode: symlinkMode };
    this.#place(leaf, { attributes, size: special.linkName.length, layout, union, xattrs }, behind);
  }

  makeLink(_name: string, _target: string, leaf: LeafNode): void {
    this.#linked.add(leaf);
  }

  /** Directories are written at the end. */
  makeDirectory(): void {}

  /** What was written stays behind, without a name. */
  remove(): void {}

  finish(tree: LayerTree, record: RecordStart): void {
    this.#inodes.finish();
    const directories = new DirectoryWriter(this.#file, this.#count);
    const root = directories.write(tree);
    this.#patchLinks();
    const imageBytes = this.#file.position;
    const first = Buffer.alloc(blockBytes);
    const { inodes } = directories;
    const blocks = imageBytes / blockBytes;
    first.set(encodeSuperblock({ inodes, blocks, hasChunks: this.#hasChunks }), superblockPlace);
    first.set(root, rootInodeOffset);
    this.#file.fill(0, first);
    this.#file.append(encodeTrailer({ ...record, imageBytes }, this.#file.segments()));
    this.#file.flush();
    this.abandon();
  }

  abandon(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#file.close();
  }

  #patchLinks(): void {
    const patches = [...this.#linked].map((leaf) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(leaf.names);
      return { offset: leaf.place + linksOffset, bytes };
    });
    if (patches.length > 0) this.#file.patch(patches);
  }

  #place(
    leaf: LeafNode,
    of: {
      readonly attributes: Attributes;
      readonly size: number;
      readonly layout: Layout;
      readonly union: number;
      readonly xattrs: Buffer;
    },
    behind: Buffer,
  ): void {
    this.#count += 1;
    const { mode, uid, gid, mtime } = of.attributes;
    const { size, layout, union, xattrs } = of;
    const number = this.#count;
    const inode = { mode: fileTypes[leaf.type] | mode, uid, gid, mtime, size, layout, union, xattrs, links: 1, number };
    this.#inodes.place(leaf, inode, behind);
  }
}

export function xattrBytes(attributes: Attributes): Buffer {
  const bytes = encodeXattrs(attributes.xattrs);
  if (!bytes) throw invalidTar("its extended attributes are too large");
  return bytes;
}
