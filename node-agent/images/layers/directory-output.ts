/**
 * A layer as a plain directory tree with overlayfs' marks: a whiteout is a character device 0/0, an opaque directory has an xattr.
 * Needs root.
 */
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  ftruncateSync,
  lchownSync,
  linkSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { errnoOf } from "#proto/kit/problem.ts";
import { makeNode, setModificationTime, setXattr, syncFilesystem } from "../../host/syscalls.ts";
import type { Attributes } from "./attributes.ts";
import { type ChecksumRun, formatChecksum } from "./directory-checksums.ts";
import type { LayerOutput, RecordStart, Special } from "./layer-output.ts";
import { DirectoryNode, type LayerTree, type LeafNode } from "./layer-tree.ts";
import { joinName, TreeRoot } from "./tree-path.ts";

const characterDevice = 0o020000;
const fileTypes = { char: constants.S_IFCHR, block: constants.S_IFBLK, fifo: constants.S_IFIFO } as const;
const opaqueXattr = "trusted.overlay.opaque";

/** In a layer's directory. */
export const treeName = "fs";
export const recordName = "layer.json";
export const checksumsName = "checksums";

interface OpenFile {
  readonly fd: number;
  readonly name: string;
  readonly size: number;
  readonly attributes: Attributes;
  readonly runs: ChecksumRun[];
}

export class DirectoryOutput implements LayerOutput {
  readonly #directory: string;
  readonly #root: TreeRoot;
  readonly #checksums = new Map<LeafNode, readonly ChecksumRun[]>();
  #file: OpenFile | undefined;

  /** `directory` must not exist. */
  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { mode: 0o700 });
    mkdirSync(join(directory, treeName), { mode: 0o755 });
    this.#root = new TreeRoot(join(directory, treeName));
  }

  startFile(name: string, size: number, attributes: Attributes): void {
    const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW;
    this.#file = { fd: openSync(this.#root.path(name), flags, 0o600), name, size, attributes, runs: [] };
  }

  writeFile(data: Buffer, offset: number): void {
    const file = this.#file;
    if (!file) return;
    for (let at = 0; at < data.length; ) at += writeSync(file.fd, data, at, data.length - at, offset + at);
    const last = file.runs.at(-1);
    if (last && last.offset + last.length === offset) {
      last.crc = crc32(data, last.crc);
      last.length += data.length;
    } else file.runs.push({ offset, length: data.length, crc: crc32(data) });
  }

  endFile(leaf: LeafNode): void {
    const file = this.#file;
    if (!file) return;
    this.#file = undefined;
    try {
      const last = file.runs.at(-1);
      if ((last ? last.offset + last.length : 0) < file.size) ftruncateSync(file.fd, file.size);
      const { uid, gid, mode } = file.attributes;
      fchownSync(file.fd, uid, gid); // before mode and xattrs: it clears suid and capabilities
      fchmodSync(file.fd, mode);
      this.#setXattrs(file.name, file.attributes);
      this.#setTime(file.name, file.attributes);
    } finally {
      closeSync(file.fd);
    }
    this.#checksums.set(leaf, file.runs);
  }

  makeSpecial(name: string, _leaf: LeafNode, special: Special): void {
    const path = this.#root.path(name);
    const { type, mode, uid, gid } = special;
    if (type === "symlink") symlinkSync(Buffer.from(special.linkName, "latin1"), path);
    else makeNode(path, fileTypes[type] | mode, special.major, special.minor);
    lchownSync(path, uid, gid);
    if (type !== "symlink") chmodSync(path, mode); // a node we just made, never a link
    this.#setXattrs(name, special);
    this.#setTime(name, special);
  }

  makeLink(name: string, target: string): void {
    linkSync(this.#root.path(target), this.#root.path(name));
  }

  makeDirectory(name: string): void {
    mkdirSync(this.#root.path(name), 0o755);
  }

  remove(name: string): void {
    rmSync(this.#root.path(name), { recursive: true });
  }

  finish(tree: LayerTree, record: RecordStart): void {
    const checksums: string[] = [];
    this.#finishDirectory(tree.root, "", checksums);
    writeFileSync(join(this.#directory, checksumsName), checksums.join(""), { mode: 0o600 });
    writeFileSync(join(this.#directory, recordName), JSON.stringify(record), { mode: 0o600 });
    syncFilesystem(this.#directory);
  }

  abandon(): void {
    if (this.#file) closeSync(this.#file.fd);
    this.#file = undefined;
  }

  /** Children first: making them changes the directory's time. */
  #finishDirectory(directory: DirectoryNode, path: string, checksums: string[]): void {
    for (const [base, child] of directory.children) {
      const name = joinName(path, base);
      if (child instanceof DirectoryNode) this.#finishDirectory(child, name, checksums);
      else if (child === "whiteout") makeNode(this.#root.path(name), characterDevice);
      else this.#listChecksum(child, name, checksums);
    }
    const target = this.#root.path(path);
    lchownSync(target, directory.attributes.uid, directory.attributes.gid);
    chmodSync(target, directory.attributes.mode);
    this.#setXattrs(path, directory.attributes);
    if (directory.isOpaque) setXattr(target, opaqueXattr, Buffer.from("y"));
    this.#setTime(path, directory.attributes);
  }

  /** One name of each file is enough. */
  #listChecksum(leaf: LeafNode, name: string, checksums: string[]): void {
    const runs = this.#checksums.get(leaf);
    if (!runs) return;
    this.#checksums.delete(leaf);
    checksums.push(formatChecksum({ name, runs }));
  }

  #setXattrs(name: string, attributes: Attributes): void {
    for (const [key, value] of attributes.xattrs) {
      try {
        setXattr(this.#root.path(name), key, value);
      } catch (thrown) {
        // The file system below has none of this kind.
        const code = errnoOf(thrown);
        if (code !== "EOPNOTSUPP" && code !== "ENOTSUP" && !key.startsWith("security.selinux")) throw thrown;
      }
    }
  }

  #setTime(name: string, { mtime }: Attributes): void {
    setModificationTime(this.#root.path(name), BigInt(mtime.seconds), mtime.nanoseconds);
  }
}
