/**
 * What a layer holds, in memory: what stands where, which parents were not in the archive, what is hidden below. Resolution stays
 * inside the root whatever links say. Nothing here touches a disk.
 */
import { invalidTar } from "../tar/header.ts";
import { type Attributes, madeUp } from "./attributes.ts";

/** Anything but a directory. Hard links share one. */
export class LeafNode {
  readonly link: string | undefined;
  readonly type: LeafType;
  /** Names it has. */
  names = 1;
  /** Whatever the output needs to find it again. */
  place = 0;

  constructor(type: LeafType, link?: string) {
    this.type = type;
    this.link = link;
  }
}

export type LeafType = "file" | "symlink" | "char" | "block" | "fifo";

export class DirectoryNode {
  readonly parent: DirectoryNode | undefined;
  readonly name: string;
  readonly children = new Map<string, TreeNode>();
  attributes: Attributes;
  /** Whatever the output needs to find it again. */
  place = 0;
  /** Made by us, without an entry of its own. */
  isImplicit = true;
  /** Nothing of the lower layers shows in it. */
  isOpaque = false;

  constructor(parent: DirectoryNode | undefined, name: string, attributes: Attributes) {
    this.parent = parent;
    this.name = name;
    this.attributes = attributes;
  }

  path(): string {
    const names: string[] = [];
    for (let at: DirectoryNode | undefined = this; at?.parent; at = at.parent) names.push(at.name);
    return names.reverse().join("/");
  }

  /** Nothing of the lower layers shows in it, by its own mark or one above. */
  isCutOff(): boolean {
    for (let at: DirectoryNode | undefined = this; at; at = at.parent) if (at.isOpaque) return true;
    return false;
  }
}

export type TreeNode = DirectoryNode | LeafNode | "whiteout";

export interface TreeEvents {
  onDirectory(path: string): void;
  onRemove(path: string): void;
}

/** The way to a name with all links followed: a name and, as far as it is there, a directory for each step. */
interface Trail {
  readonly names: string[];
  readonly nodes: (DirectoryNode | undefined)[];
}

const maxLinks = 255;
const maxNameBytes = 255;
export const maxPathBytes = 4095;
/** Names kept in memory: more than any honest layer has. */
const maxNodes = 1_000_000;

export class LayerTree {
  readonly root: DirectoryNode;
  readonly #events: TreeEvents;
  #nodes = 0;
  #whiteouts = 0;
  /** The parent of the last entry, as most of the next ones have it too. */
  #lastName = "";
  #lastDirectory: DirectoryNode | undefined;

  constructor(events: TreeEvents, rootAttributes: Attributes) {
    this.root = new DirectoryNode(undefined, "", rootAttributes);
    this.#events = events;
  }

  /** The directory `name` with links resolved, made up with that time where it is missing. A file in the way gives way. */
  makeParents(name: string, mtime: Attributes["mtime"]): DirectoryNode {
    if (this.#lastDirectory && name === this.#lastName) return this.#lastDirectory;
    const { names, nodes } = this.#walk(name);
    let directory = this.root;
    for (const [step, base] of names.entries()) {
      directory = nodes[step] ?? this.#makeImplicit(directory, base, madeUp(mtime));
    }
    this.#lastName = name;
    this.#lastDirectory = directory;
    return directory;
  }

  /** As `makeParents`. Undefined below something that this layer hides: there is nothing left to hide. */
  makeParentsOfWhiteout(name: string, mtime: Attributes["mtime"]): DirectoryNode | undefined {
    if (this.#whiteouts > 0) {
      const { names, nodes } = this.#walk(name);
      const isHidden = names.some((base, step) => {
        const parent = step === 0 ? this.root : nodes[step - 1];
        return parent?.children.get(base) === "whiteout";
      });
      if (isHidden) return undefined;
    }
    return this.makeParents(name, mtime);
  }

  /** An existing directory keeps its content. Anything else gives way, and what it hid stays hidden. */
  makeDirectory(parent: DirectoryNode, base: string, attributes: Attributes): DirectoryNode {
    const standing = parent.children.get(base);
    if (standing instanceof DirectoryNode) {
      standing.attributes = attributes;
      standing.isImplicit = false;
      return standing;
    }
    const directory = this.#makeImplicit(parent, base, attributes);
    directory.isImplicit = false;
    return directory;
  }

  /** Puts something that is no directory there; what was there goes. */
  place(parent: DirectoryNode, base: string, leaf: LeafNode): void {
    if (parent.children.has(base)) this.#remove(parent, base);
    this.#put(parent, base, leaf);
  }

  /** What a hard link to `base` below `parentName` would link, with its resolved name: never a directory. */
  findLinkable(parentName: string, base: string): { readonly leaf: LeafNode; readonly name: string } | undefined {
    const { names, nodes } = this.#walk(parentName);
    const parent = names.length === 0 ? this.root : nodes.at(-1);
    const leaf = parent?.children.get(base);
    return leaf instanceof LeafNode ? { leaf, name: [...names, base].join("/") } : undefined;
  }

  /** Hides `base` of the lower layers. What this layer itself puts there stays: a whiteout is only about lower layers. */
  whiteout(parent: DirectoryNode, base: string): void {
    if (parent.isCutOff()) return;
    const standing = parent.children.get(base);
    if (standing instanceof DirectoryNode) {
      if (!standing.isImplicit || hasEntries(standing)) {
        this.opaque(standing);
        return;
      }
      this.#remove(parent, base);
    } else if (standing) return;
    this.#put(parent, base, "whiteout");
    this.#whiteouts += 1;
  }

  /** Hides all of a directory's lower content, whenever the mark comes. */
  opaque(directory: DirectoryNode): void {
    if (directory.isCutOff()) return;
    directory.isOpaque = true;
    // In a directory that is not merged the kernel would show whiteouts.
    if (this.#whiteouts > 0) this.#dropWhiteouts(directory);
  }

  implicitDirectories(): readonly string[] {
    const found: string[] = [];
    const look = (directory: DirectoryNode, path: string): void => {
      if (directory.isImplicit) found.push(path);
      for (const [name, child] of directory.children) {
        if (child instanceof DirectoryNode) look(child, path === "" ? name : `${path}/${name}`);
      }
    };
    look(this.root, "");
    return found;
  }

  #makeImplicit(parent: DirectoryNode, base: string, attributes: Attributes): DirectoryNode {
    const isReplaced = parent.children.has(base);
    if (isReplaced) this.#remove(parent, base);
    const directory = new DirectoryNode(parent, base, attributes);
    this.#put(parent, base, directory);
    const path = directory.path();
    if (path.length > maxPathBytes) throw invalidTar("a path is too long");
    this.#events.onDirectory(path);
    if (isReplaced && !parent.isCutOff()) directory.isOpaque = true;
    return directory;
  }

  #put(parent: DirectoryNode, base: string, node: TreeNode): void {
    if (base.length > maxNameBytes) throw invalidTar("a name is longer than 255 bytes");
    if (++this.#nodes > maxNodes) throw invalidTar(`it holds more than ${maxNodes} files`);
    parent.children.set(base, node);
  }

  #walk(name: string): Trail {
    const pending = name.split("/").reverse();
    const trail: Trail = { names: [], nodes: [] };
    let links = 0;
    for (let base = pending.pop(); base !== undefined; base = pending.pop()) {
      if (base === "" || base === ".") continue;
      if (base === "..") {
        trail.names.pop();
        trail.nodes.pop();
        continue;
      }
      const parent = trail.names.length === 0 ? this.root : trail.nodes.at(-1);
      const child = parent?.children.get(base);
      const link = child instanceof LeafNode ? child.link : undefined;
      if (link === undefined) {
        trail.names.push(base);
        trail.nodes.push(child instanceof DirectoryNode ? child : undefined);
        continue;
      }
      if (++links > maxLinks) throw invalidTar(`too many links on the way to ${JSON.stringify(name)}`);
      if (link.startsWith("/")) trail.names.length = trail.nodes.length = 0;
      pending.push(...link.split("/").reverse());
    }
    return trail;
  }

  #remove(parent: DirectoryNode, base: string): void {
    const node = parent.children.get(base);
    if (node === undefined) return;
    this.#lastDirectory = undefined;
    parent.children.delete(base);
    this.#forget(node);
    if (node === "whiteout") return; // no output has seen it
    const path = parent.path();
    this.#events.onRemove(path === "" ? base : `${path}/${base}`);
  }

  #forget(node: TreeNode): void {
    this.#nodes -= 1;
    if (node === "whiteout") this.#whiteouts -= 1;
    else if (node instanceof LeafNode) node.names -= 1;
    else for (const child of node.children.values()) this.#forget(child);
  }

  #dropWhiteouts(directory: DirectoryNode): void {
    for (const [name, child] of directory.children) {
      if (child === "whiteout") {
        directory.children.delete(name);
        this.#forget(child);
      } else if (child instanceof DirectoryNode && !child.isOpaque) this.#dropWhiteouts(child);
    }
  }
}

/** True when the archive put anything but whiteouts below. */
function hasEntries(directory: DirectoryNode): boolean {
  for (const child of directory.children.values()) {
    if (child === "whiteout") continue;
    if (!(child instanceof DirectoryNode) || !child.isImplicit || hasEntries(child)) return true;
  }
  return false;
}
