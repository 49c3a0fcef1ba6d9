/** The on-disk structures of EROFS that a layer needs, little-endian. Kernel: fs/erofs/erofs_fs.h. */

export const blockBytes = 4096;
/** Node ids count in these; every inode starts at such a place. */
export const slotBytes = 32;
export const inodeBytes = 64;

const magic = 0xe0f5e1e2;
const superblockOffset = 1024;
const superblockBytes = 128;
/** The root's id has 16 bits, so its inode comes right after the superblock, in block 0. */
export const rootInodeOffset: number = superblockOffset + superblockBytes;
const chunkedFileFeature = 0x4;

/** How an inode's data is found. */
export const layouts = { plain: 0, inline: 2, chunked: 4 } as const;
export type Layout = (typeof layouts)[keyof typeof layouts];

/** In a directory's entries. */
export const entryTypes = { file: 1, directory: 2, char: 3, block: 4, fifo: 5, symlink: 7 } as const;

export interface Inode {
  readonly layout: Layout;
  /** With the type's bits, as stat(2). */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly links: number;
  /** Any number of its own. */
  readonly number: number;
  readonly mtime: { readonly seconds: number; readonly nanoseconds: number };
  /** First block, device number or chunk format, as the layout and the type want. */
  readonly union: number;
  /** As `encodeXattrs` made them. */
  readonly xattrs: Buffer;
}

export const linksOffset = 44;
export const noBlock = 0xffffffff;

/** Memory that inodes and entries are written to, and the same in words: a tenth of what Buffer's methods take. */
export class Blocks {
  readonly bytes: Buffer;
  /** Little-endian, as all machines that we run on. */
  readonly words: Uint32Array;

  constructor(length: number) {
    this.bytes = Buffer.alloc(length);
    this.words = new Uint32Array(this.bytes.buffer, this.bytes.byteOffset, Math.floor(length / 4));
  }
}

/** Writes the inode with its attributes to a place that holds zeros. */
export function encodeInode({ bytes, words }: Blocks, at: number, inode: Inode): void {
  const { layout, mode, size, union, number, uid, gid, links, mtime, xattrs } = inode;
  const xattrCount = xattrs.length === 0 ? 0 : 1 + (xattrs.length - xattrHeaderBytes) / 4;
  const word = at / 4;
  words[word] = 1 | (layout << 1) | (xattrCount << 16); // 1: the 64-byte form
  words[word + 1] = mode;
  words[word + 2] = size; // the low half, as of all that is larger or negative
  words[word + 3] = Math.floor(size / 2 ** 32);
  words[word + 4] = union;
  words[word + 5] = number;
  words[word + 6] = uid;
  words[word + 7] = gid;
  words[word + 8] = mtime.seconds;
  words[word + 9] = Math.floor(mtime.seconds / 2 ** 32);
  words[word + 10] = mtime.nanoseconds;
  words[word + linksOffset / 4] = links;
  if (xattrs.length > 0) bytes.set(xattrs, at + inodeBytes);
}

export interface Superblock {
  readonly inodes: number;
  readonly blocks: number;
  /** Some file has holes. */
  readonly hasChunks: boolean;
}

export function encodeSuperblock(of: Superblock): Buffer {
  const bytes = Buffer.alloc(superblockBytes);
  bytes.writeUInt32LE(magic, 0);
  bytes.writeUInt8(Math.log2(blockBytes), 12);
  bytes.writeUInt16LE(rootInodeOffset / slotBytes, 14);
  writeUInt64(bytes, of.inodes, 16);
  bytes.writeUInt32LE(of.blocks, 36);
  bytes.writeUInt32LE(of.hasChunks ? chunkedFileFeature : 0, 80);
  return bytes;
}

/** Where in block 0 the superblock stands. */
export const superblockPlace: number = superblockOffset;

/** The kernel's own encoding of a device number (new_encode_dev). */
export function encodeDevice(major: number, minor: number): number {
  return ((minor & 0xff) | ((major & 0xfff) << 8) | ((minor & 0xfff00) << 12)) >>> 0;
}

const xattrHeaderBytes = 12;
const none = Buffer.alloc(0);
/** Prefixes are stored as numbers. The longest that fits wins. */
const xattrPrefixes: readonly (readonly [string, number])[] = [
  ["system.posix_acl_access", 2],
  ["system.posix_acl_default", 3],
  ["user.", 1],
  ["trusted.", 4],
  ["security.", 6],
];

const maxXattrNameBytes = 255;
const maxXattrValueBytes = 65_535;
const maxXattrsBytes = 65_534 * 4;

/** Empty when there are none. Undefined when they are larger than the format can say. */
export function encodeXattrs(xattrs: ReadonlyMap<string, Uint8Array>): Buffer | undefined {
  if (xattrs.size === 0) return none;
  const parts: Buffer[] = [Buffer.alloc(xattrHeaderBytes)];
  for (const [name, value] of xattrs) {
    const prefix = xattrPrefix(name);
    if (!prefix) continue;
    const rest = Buffer.from(name.slice(prefix[0].length));
    if (rest.length > maxXattrNameBytes || value.length > maxXattrValueBytes) return undefined;
    const entry = Buffer.alloc(alignUp(4 + rest.length + value.length, 4));
    entry.writeUInt8(rest.length, 0);
    entry.writeUInt8(prefix[1], 1);
    entry.writeUInt16LE(value.length, 2);
    entry.set(rest, 4);
    entry.set(value, 4 + rest.length);
    parts.push(entry);
  }
  const bytes = parts.length === 1 ? Buffer.alloc(0) : Buffer.concat(parts);
  return bytes.length > maxXattrsBytes ? undefined : bytes;
}

function xattrPrefix(name: string): readonly [string, number] | undefined {
  return xattrPrefixes.find(([prefix]) => (prefix.endsWith(".") ? name.startsWith(prefix) : name === prefix));
}

export function alignUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

export function writeUInt64(bytes: Buffer, value: number, offset: number): void {
  bytes.writeUInt32LE(value % 2 ** 32, offset);
  bytes.writeUInt32LE(Math.floor(value / 2 ** 32), offset + 4);
}
