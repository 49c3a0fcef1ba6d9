/** The directory of a layer being unpacked: what stands where, which parents were not in the archive, what is hidden below. */
import {
  type Dirent,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmdirSync,
  type Stats,
  unlinkSync,
} from "node:fs";
import { errnoOf } from "#proto/kit/problem.ts";
import { makeNode, setXattr } from "../../host/syscalls.ts";
import { isWithin, joinName, pathDownTo, resolveDirectory, type Standing, splitName, TreeRoot } from "./tree-path.ts";

const opaqueXattr = "trusted.overlay.opaque";
const characterDevice = 0o020000;

export class LayerTree {
  readonly #root: TreeRoot;
  readonly #onRemoved: (name: string) => void;
  /** Made by us without an entry. The root counts until the archive describes it. */
  readonly #implicit = new Set<string>([""]);
  readonly #whiteouts = new Set<string>();
  readonly #opaque = new Set<string>();
  /** Parents of entries by their name, resolved. Dropped whenever something that stood there goes. */
  readonly #resolved = new Map<string, string>([["", ""]]);

  constructor(root: string, onRemoved: (name: string) => void) {
    this.#root = new TreeRoot(root);
    this.#onRemoved = onRemoved;
  }

  path(name: string): string | Buffer {
    return this.#root.path(name);
  }

  implicitDirectories(): readonly string[] {
    return [...this.#implicit];
  }

  /** The directory `name` with links resolved, made where it is missing. A file in the way gives way. */
  makeParents(name: string): string {
    const known = this.#resolved.get(name);
    if (known !== undefined) return known;
    const directory = this.#resolve(name);
    for (const at of pathDownTo(directory)) this.#makeImplicit(at);
    this.#resolved.set(name, directory);
    return directory;
  }

  /** As `makeParents`. Undefined below something that this layer hides: there is nothing left to hide. */
  makeParentsOfWhiteout(name: string): string | undefined {
    const isHidden = this.#whiteouts.size > 0 && pathDownTo(this.#resolve(name)).some((at) => this.#whiteouts.has(at));
    return isHidden ? undefined : this.makeParents(name);
  }

  /** The directory `name` with links resolved, whether it is here or not. */
  #resolve(name: string): string {
    return this.#resolved.get(name) ?? resolveDirectory(name, (at) => this.#look(at));
  }

  #makeImplicit(name: string): void {
    if (this.#stat(name)?.isDirectory()) return;
    this.makeDirectory(name);
    this.#implicit.add(name);
  }

  /** An existing directory keeps its content. Anything else gives way, and what it hid stays hidden. */
  makeDirectory(name: string): void {
    this.#implicit.delete(name);
    if (name === "") return;
    try {
      mkdirSync(this.path(name), 0o755);
    } catch (thrown) {
      if (errnoOf(thrown) !== "EEXIST") throw thrown;
      if (this.#stat(name)?.isDirectory()) return;
      this.#remove(name);
      mkdirSync(this.path(name), 0o755);
      this.#setOpaque(name);
    }
  }

  /** Runs `make`, which fails with EEXIST when something is there; then removes that and runs it again. */
  replacing<T>(name: string, make: () => T): T {
    try {
      return make();
    } catch (thrown) {
      if (errnoOf(thrown) !== "EEXIST") throw thrown;
      this.#remove(name);
      return make();
    }
  }

  /** What a hard link to `base` below `parent` would link: never a directory. */
  findLinkable(parent: string, base: string): string | undefined {
    const name = joinName(this.#resolve(parent), base);
    const stats = this.#stat(name);
    return stats === undefined || stats.isDirectory() ? undefined : name;
  }

  /** Hides `base` of the lower layers. What this layer itself puts there stays: a whiteout is only about lower layers. */
  whiteout(directory: string, base: string): void {
    if (this.#isHiddenBelow(directory)) return;
    const name = joinName(directory, base);
    const stats = this.#stat(name);
    if (stats?.isDirectory()) {
      if (!this.#implicit.has(name) || this.#hasEntries(name)) {
        this.#setOpaque(name);
        return;
      }
      this.#remove(name);
    } else if (stats) return;
    makeNode(this.path(name), characterDevice);
    this.#whiteouts.add(name);
  }

  /** Hides all of a directory's lower content, whenever the marker comes. */
  opaque(name: string): void {
    const directory = this.makeParentsOfWhiteout(name);
    if (directory !== undefined) this.#setOpaque(directory);
  }

  #setOpaque(name: string): void {
    if (this.#isHiddenBelow(splitName(name).parent) && name !== "") return;
    setXattr(this.path(name), opaqueXattr, Buffer.from("y"));
    this.#opaque.add(name);
    // In a directory that is not merged the kernel would show whiteouts.
    for (const whiteout of this.#whiteouts) {
      if (!isWithin(whiteout, name)) continue;
      unlinkSync(this.path(whiteout));
      this.#whiteouts.delete(whiteout);
    }
  }

  /** True when nothing of the lower layers shows in this directory. */
  #isHiddenBelow(name: string): boolean {
    if (this.#opaque.size === 0) return false;
    for (let at = name; ; at = splitName(at).parent) {
      if (this.#opaque.has(at)) return true;
      if (at === "") return false;
    }
  }

  /** True when the archive put anything but whiteouts below. */
  #hasEntries(name: string): boolean {
    return this.#children(name).some((child) => {
      const at = joinName(name, child.name);
      if (this.#whiteouts.has(at)) return false;
      return !this.#implicit.has(at) || this.#hasEntries(at);
    });
  }

  #look(name: string): Standing {
    const stats = this.#stat(name);
    if (!stats) return "missing";
    if (stats.isDirectory()) return "directory";
    if (!stats.isSymbolicLink()) return "other";
    return { link: readlinkSync(this.path(name), { encoding: "buffer" }).toString("latin1") };
  }

  #stat(name: string): Stats | undefined {
    try {
      return lstatSync(this.path(name), { throwIfNoEntry: false });
    } catch (thrown) {
      if (errnoOf(thrown) === "ENOTDIR") return undefined;
      throw thrown;
    }
  }

  #children(name: string): readonly { readonly name: string; readonly isDirectory: boolean }[] {
    const entries: readonly Dirent<Buffer>[] = readdirSync(this.path(name), {
      encoding: "buffer",
      withFileTypes: true,
    });
    return entries.map((entry) => ({ name: entry.name.toString("latin1"), isDirectory: entry.isDirectory() }));
  }

  #remove(name: string): void {
    this.#resolved.clear();
    this.#resolved.set("", "");
    if (this.#stat(name)?.isDirectory()) this.#removeDirectory(name);
    else unlinkSync(this.path(name));
    this.#forget(name);
  }

  #removeDirectory(name: string): void {
    for (const child of this.#children(name)) {
      const at = joinName(name, child.name);
      if (child.isDirectory) this.#removeDirectory(at);
      else unlinkSync(this.path(at));
      this.#forget(at);
    }
    rmdirSync(this.path(name));
  }

  #forget(name: string): void {
    this.#implicit.delete(name);
    this.#whiteouts.delete(name);
    this.#opaque.delete(name);
    this.#onRemoved(name);
  }
}
