/**
 * Writes one layer into a directory of its own, in overlayfs' terms: a whiteout becomes a character device 0/0, an opaque
 * directory gets an xattr. The archive is hostile: nothing it says reaches outside the root. Synchronous; needs root.
 */
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  ftruncateSync,
  lchownSync,
  linkSync,
  openSync,
  symlinkSync,
  writeSync,
} from "node:fs";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { makeNode, setModificationTime, setXattr } from "../../host/syscalls.ts";
import { invalidTar } from "../tar/header.ts";
import type { TarEntry, TarSink } from "../tar/parser.ts";
import { LayerTree } from "./layer-tree.ts";
import { cleanName, joinName, splitName } from "./tree-path.ts";

export interface LayerWriterOptions {
  readonly root: string;
  /** Bytes of file content that may be written. */
  readonly maxBytes: number;
}

const whiteoutPrefix = ".wh.";
const opaqueMarker = ".wh..wh..opq";
const metadataPrefix = ".wh..wh.";
const maxId = 0xfffffffe; // chown(2) reads 2^32 - 1 as "leave it"
const fileTypes = { char: constants.S_IFCHR, block: constants.S_IFBLK, fifo: constants.S_IFIFO } as const;

interface OpenFile {
  readonly fd: number;
  readonly name: string;
  readonly entry: TarEntry;
  written: number;
}

export class LayerWriter implements TarSink {
  readonly #tree: LayerTree;
  readonly #maxBytes: number;
  readonly #directoryTimes = new Map<string, TarEntry["mtime"]>();
  #file: OpenFile | undefined;
  #bytes = 0;
  #entries = 0;

  constructor(options: LayerWriterOptions) {
    this.#tree = new LayerTree(options.root, (name) => this.#directoryTimes.delete(name));
    this.#maxBytes = options.maxBytes;
  }

  onEntry(entry: TarEntry): void {
    this.#entries += 1;
    const name = cleanName(entry.name);
    try {
      this.#write(name, entry);
    } catch (thrown) {
      throw entryProblem(name, thrown);
    }
  }

  onData(data: Buffer, offset: number): void {
    const file = this.#file;
    if (!file) return; // content of a whiteout, or of a name that means nothing
    this.#bytes += data.length;
    if (this.#bytes > this.#maxBytes) {
      throw new Problem(
        "too-large",
        `the disk is full: a layer holds more than the ${this.#maxBytes} bytes that are left`,
        {
          hint: "free some space on this node's data directory, or remove images",
        },
      );
    }
    try {
      for (let at = 0; at < data.length; ) at += writeSync(file.fd, data, at, data.length - at, offset + at);
    } catch (thrown) {
      throw entryProblem(file.name, thrown);
    }
    file.written = Math.max(file.written, offset + data.length);
  }

  onEntryEnd(): void {
    const file = this.#file;
    if (!file) return;
    this.#file = undefined;
    try {
      if (file.written < file.entry.size) ftruncateSync(file.fd, file.entry.size);
      fchownSync(file.fd, file.entry.uid, file.entry.gid); // before mode and xattrs: it clears suid and capabilities
      fchmodSync(file.fd, file.entry.mode);
      this.#setXattrs(file.name, file.entry);
      this.#setTime(file.name, file.entry.mtime);
    } catch (thrown) {
      throw entryProblem(file.name, thrown);
    } finally {
      closeSync(file.fd);
    }
  }

  /** Sets what had to wait for all entries. */
  finish(): { readonly implicitDirectories: readonly string[]; readonly sizeBytes: number; readonly entries: number } {
    for (const [name, mtime] of [...this.#directoryTimes].reverse()) this.#setTime(name, mtime);
    return { implicitDirectories: this.#tree.implicitDirectories(), sizeBytes: this.#bytes, entries: this.#entries };
  }

  /** Closes what is open after a failure. */
  abandon(): void {
    if (this.#file) closeSync(this.#file.fd);
    this.#file = undefined;
  }

  #write(name: string, entry: TarEntry): void {
    if (entry.uid > maxId || entry.gid > maxId || entry.uid < 0 || entry.gid < 0) {
      throw invalidTar(`its owner ${entry.uid}:${entry.gid} is out of range`);
    }
    if (name === "") {
      if (entry.type === "directory") this.#directory(name, entry);
      return;
    }
    const { parent, base } = splitName(name);
    if (base.startsWith(whiteoutPrefix)) {
      this.#whiteout(parent, base, entry);
      return;
    }
    const directory = this.#tree.makeParents(parent);
    const target = joinName(directory, base);
    if (entry.type === "char" && entry.major === 0 && entry.minor === 0) this.#tree.whiteout(directory, base);
    else if (entry.type === "directory") this.#directory(target, entry);
    else if (entry.type === "hardlink") this.#hardLink(target, entry);
    else if (entry.type === "file") this.#startFile(target, entry);
    else this.#special(target, entry);
  }

  #whiteout(parent: string, base: string, entry: TarEntry): void {
    if (base === opaqueMarker) {
      this.#tree.opaque(parent);
      return;
    }
    const hidden = base.slice(whiteoutPrefix.length);
    if (base.startsWith(metadataPrefix)) return; // aufs' own files
    if (hidden === "" || hidden === "." || hidden === ".." || entry.type === "directory") {
      throw invalidTar(`${JSON.stringify(base)} is no valid whiteout`);
    }
    const directory = this.#tree.makeParentsOfWhiteout(parent);
    if (directory !== undefined) this.#tree.whiteout(directory, hidden);
  }

  #directory(name: string, entry: TarEntry): void {
    this.#tree.makeDirectory(name);
    const path = this.#tree.path(name);
    chownSync(path, entry.uid, entry.gid);
    chmodSync(path, entry.mode);
    this.#setXattrs(name, entry);
    this.#directoryTimes.delete(name); // keep the order of the last mention
    this.#directoryTimes.set(name, entry.mtime);
  }

  #startFile(name: string, entry: TarEntry): void {
    const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW;
    const path = this.#tree.path(name);
    const fd = this.#tree.replacing(name, () => openSync(path, flags, 0o600));
    this.#file = { fd, name, entry, written: 0 };
  }

  /** Attributes of a link entry are those of the inode it names: they are not applied. */
  #hardLink(name: string, entry: TarEntry): void {
    const { parent, base } = splitName(cleanName(entry.linkName));
    const target = this.#tree.findLinkable(parent, base);
    if (target === name) return;
    if (target === undefined) {
      throw invalidTar(`it links to ${JSON.stringify(entry.linkName.toString())}, which is no file of the same layer`);
    }
    const from = this.#tree.path(target);
    const to = this.#tree.path(name);
    this.#tree.replacing(name, () => linkSync(from, to));
  }

  #special(name: string, entry: TarEntry): void {
    const path = this.#tree.path(name);
    const { type } = entry;
    if (type === "symlink") {
      this.#tree.replacing(name, () => symlinkSync(entry.linkName, path));
      lchownSync(path, entry.uid, entry.gid);
    } else if (type === "char" || type === "block" || type === "fifo") {
      const isDevice = type !== "fifo";
      const node = (): void =>
        makeNode(path, fileTypes[type] | entry.mode, isDevice ? entry.major : 0, isDevice ? entry.minor : 0);
      this.#tree.replacing(name, node);
      lchownSync(path, entry.uid, entry.gid);
      chmodSync(path, entry.mode); // a node we just made, never a link
    }
    this.#setXattrs(name, entry);
    this.#setTime(name, entry.mtime);
  }

  /** overlayfs' own attributes are dropped: a layer must not forge them. */
  #setXattrs(name: string, entry: TarEntry): void {
    for (const [key, value] of entry.xattrs) {
      if (/^(trusted|user)\.overlay\./.test(key)) continue;
      try {
        setXattr(this.#tree.path(name), key, value);
      } catch (thrown) {
        // The file system has none of this kind, or allows user.* on files and directories only.
        const code = errnoOf(thrown);
        const isHarmless = code === "EOPNOTSUPP" || code === "ENOTSUP" || (code === "EPERM" && key.startsWith("user."));
        if (!isHarmless && !key.startsWith("security.selinux")) throw thrown;
      }
    }
  }

  #setTime(name: string, mtime: TarEntry["mtime"]): void {
    const seconds = Math.min(Math.max(mtime.seconds, -(2 ** 31)), 2 ** 34 - 1); // what ext4 can store
    setModificationTime(this.#tree.path(name), BigInt(seconds), mtime.nanoseconds);
  }
}

/** Errors that say the disk is the matter, not the archive. */
const diskErrors: readonly string[] = ["ENOSPC", "EDQUOT", "EIO", "EROFS", "EMFILE", "ENFILE", "ENOMEM"];

function entryProblem(name: string, thrown: unknown): unknown {
  const printable = JSON.stringify(Buffer.from(name, "latin1").toString());
  if (thrown instanceof Problem) {
    const { code, message, hint, cause } = thrown;
    return new Problem(code, `${message} (at ${printable})`, { cause, ...(hint === undefined ? {} : { hint }) });
  }
  const code = errnoOf(thrown);
  if (code === undefined || diskErrors.includes(code)) return thrown;
  return new Problem("invalid", `the archive cannot be unpacked: ${code} at ${printable}`, { cause: thrown });
}
