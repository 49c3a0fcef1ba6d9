/**
 * Turns the entries of an archive into a layer in overlayfs' terms: parents, links and whiteouts are resolved here, an output writes
 * what comes of it. The archive is hostile: nothing it says reaches outside the layer. Synchronous.
 */
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { invalidTar } from "../tar/header.ts";
import type { TarEntry, TarSink } from "../tar/parser.ts";
import { type Attributes, madeUp } from "./attributes.ts";
import type { LayerOutput } from "./layer-output.ts";
import { type DirectoryNode, LayerTree, LeafNode, maxPathBytes } from "./layer-tree.ts";
import { cleanName, splitName } from "./tree-path.ts";
import { usableXattrs } from "./xattrs.ts";

const whiteoutPrefix = ".wh.";
const opaqueMarker = ".wh..wh..opq";
const metadataPrefix = ".wh..wh.";
const maxId = 0xfffffffe; // chown(2) reads 2^32 - 1 as "leave it"
/** Of the list of left-out parents, which the layer's record holds. */
const maxImplicitBytes = 16 * 1024 * 1024;

export class LayerBuilder implements TarSink {
  readonly #output: LayerOutput;
  readonly #tree: LayerTree;
  readonly #maxBytes: number;
  /** The regular file whose data is arriving. */
  #file: { readonly leaf: LeafNode; readonly name: string } | undefined;
  /** Where the last entry went: most of the next ones go there too. */
  #last: { readonly directory: DirectoryNode; readonly path: string } | undefined;
  #bytes = 0;
  #entries = 0;

  /** `maxBytes` of file content may be written. */
  constructor(output: LayerOutput, maxBytes: number) {
    this.#output = output;
    this.#maxBytes = maxBytes;
    const events = {
      onDirectory: (path: string) => output.makeDirectory(path),
      onRemove: (path: string) => output.remove(path),
    };
    this.#tree = new LayerTree(events, madeUp({ seconds: 0, nanoseconds: 0 }));
  }

  onEntry(entry: TarEntry): void {
    this.#entries += 1;
    const name = cleanName(entry.name);
    try {
      if (name.length > maxPathBytes) throw invalidTar("a path is too long");
      this.#take(name, entry);
    } catch (thrown) {
      throw entryProblem(name, thrown);
    }
  }

  onData(data: Buffer, offset: number): void {
    const file = this.#file;
    if (!file) return; // content of a whiteout, or of a name that means nothing
    this.#bytes += data.length;
    if (this.#bytes > this.#maxBytes) throw diskIsFull(this.#maxBytes);
    try {
      this.#output.writeFile(data, offset);
    } catch (thrown) {
      throw entryProblem(file.name, thrown);
    }
  }

  onEntryEnd(): void {
    const file = this.#file;
    if (!file) return;
    this.#file = undefined;
    try {
      this.#output.endFile(file.leaf);
    } catch (thrown) {
      throw entryProblem(file.name, thrown);
    }
  }

  /** What had to wait for all entries; then all of it is written. */
  finish(diffId: string): void {
    const implicitDirectories = this.#tree.implicitDirectories();
    const implicitBytes = implicitDirectories.reduce((sum, name) => sum + name.length, 0);
    if (implicitBytes > maxImplicitBytes) throw invalidTar("it leaves out too many directories");
    const record = { diffId, sizeBytes: this.#bytes, entries: this.#entries, implicitDirectories };
    this.#output.finish(this.#tree, record);
  }

  #take(name: string, entry: TarEntry): void {
    if (entry.uid > maxId || entry.gid > maxId || entry.uid < 0 || entry.gid < 0) {
      throw invalidTar(`its owner ${entry.uid}:${entry.gid} is out of range`);
    }
    const attributes = attributesOf(entry);
    if (name === "") {
      if (entry.type !== "directory") return;
      this.#tree.root.attributes = attributes;
      this.#tree.root.isImplicit = false;
      return;
    }
    const { parent, base } = splitName(name);
    if (base.startsWith(whiteoutPrefix)) {
      this.#whiteout(parent, base, entry, attributes.mtime);
      return;
    }
    const directory = this.#tree.makeParents(parent, attributes.mtime);
    if (entry.type === "char" && entry.major === 0 && entry.minor === 0) this.#tree.whiteout(directory, base);
    else if (entry.type === "directory") this.#tree.makeDirectory(directory, base, attributes);
    else if (entry.type === "hardlink") this.#hardLink(directory, base, entry);
    else if (entry.type === "file") this.#startFile(directory, base, entry, attributes);
    else this.#special(directory, base, entry.type, entry, attributes);
  }

  #nameIn(directory: DirectoryNode, base: string): string {
    if (this.#last?.directory !== directory) this.#last = { directory, path: directory.path() };
    const { path } = this.#last;
    return path === "" ? base : `${path}/${base}`;
  }

  #whiteout(parent: string, base: string, entry: TarEntry, mtime: Attributes["mtime"]): void {
    if (base === opaqueMarker) {
      const hidden = this.#tree.makeParentsOfWhiteout(parent, mtime);
      if (hidden) this.#tree.opaque(hidden);
      return;
    }
    const hidden = base.slice(whiteoutPrefix.length);
    if (base.startsWith(metadataPrefix)) return; // aufs' own files
    if (hidden === "" || hidden === "." || hidden === ".." || entry.type === "directory") {
      throw invalidTar(`${JSON.stringify(base)} is no valid whiteout`);
    }
    const directory = this.#tree.makeParentsOfWhiteout(parent, mtime);
    if (directory) this.#tree.whiteout(directory, hidden);
  }

  #startFile(directory: DirectoryNode, base: string, entry: TarEntry, attributes: Attributes): void {
    const leaf = new LeafNode("file");
    this.#tree.place(directory, base, leaf);
    const name = this.#nameIn(directory, base);
    this.#output.startFile(name, entry.size, attributes);
    this.#file = { leaf, name };
  }

  /** Attributes of a link entry are those of the inode it names: they are not applied. */
  #hardLink(directory: DirectoryNode, base: string, entry: TarEntry): void {
    const wanted = splitName(cleanName(entry.linkName));
    const target = this.#tree.findLinkable(wanted.parent, wanted.base);
    if (!target) {
      throw invalidTar(`it links to ${JSON.stringify(readable(entry.linkName))}, which is no file of the same layer`);
    }
    if (directory.children.get(base) === target.leaf) return;
    target.leaf.names += 1;
    this.#tree.place(directory, base, target.leaf);
    this.#output.makeLink(this.#nameIn(directory, base), target.name, target.leaf);
  }

  #special(
    directory: DirectoryNode,
    base: string,
    type: "symlink" | "char" | "block" | "fifo",
    entry: TarEntry,
    attributes: Attributes,
  ): void {
    if (type === "symlink" && (entry.linkName.length === 0 || entry.linkName.length > maxPathBytes)) {
      throw invalidTar(`its target has ${entry.linkName.length} bytes`);
    }
    const leaf = new LeafNode(type, type === "symlink" ? entry.linkName : undefined);
    this.#tree.place(directory, base, leaf);
    const isDevice = type === "char" || type === "block";
    const [major, minor] = isDevice ? [entry.major, entry.minor] : [0, 0];
    const { linkName } = entry;
    this.#output.makeSpecial(this.#nameIn(directory, base), leaf, { ...attributes, type, linkName, major, minor });
  }
}

/** Times are cut to what file systems can store. */
function attributesOf(entry: TarEntry): Attributes {
  const { mode, uid, gid } = entry;
  const { seconds, nanoseconds } = entry.mtime;
  const isStorable = seconds >= earliestSecond && seconds <= latestSecond;
  const cut = Math.min(Math.max(seconds, earliestSecond), latestSecond);
  const mtime = isStorable ? entry.mtime : { seconds: cut, nanoseconds };
  return { mode, uid, gid, mtime, xattrs: usableXattrs(entry) };
}

const earliestSecond = -(2 ** 31);
const latestSecond = 2 ** 34 - 1;

export function diskIsFull(maxBytes: number): Problem {
  return new Problem("too-large", `the disk is full: a layer holds more than the ${maxBytes} bytes that are left`, {
    hint: "free some space on this node's data directory, or remove images",
  });
}

const readable = (name: string): string => Buffer.from(name, "latin1").toString();

/** Errors that say the disk is the matter, not the archive. */
const diskErrors: readonly string[] = ["ENOSPC", "EDQUOT", "EIO", "EROFS", "EMFILE", "ENFILE", "ENOMEM"];

function entryProblem(name: string, thrown: unknown): unknown {
  const printable = JSON.stringify(readable(name).slice(0, 500));
  if (thrown instanceof Problem) {
    const { code, message, hint, cause } = thrown;
    return new Problem(code, `${message} (at ${printable})`, { cause, ...(hint === undefined ? {} : { hint }) });
  }
  const code = errnoOf(thrown);
  if (code === undefined || diskErrors.includes(code)) return thrown;
  return new Problem("invalid", `the archive cannot be unpacked: ${code} at ${printable}`, { cause: thrown });
}
