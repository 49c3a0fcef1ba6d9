/**
 * Writes a tree that somebody else made, who may mean harm, below one name of one directory: no entry lands anywhere else, no link that
 * it brought or found is followed. Files are put in place whole.
 */
import { constants } from "node:fs";
import { type FileHandle, lchown, lstat, lutimes, open, unlink } from "node:fs/promises";
import { errnoOf, Problem } from "../problem.ts";
import type { Random } from "../random.ts";
import { below, isName, openDirectory, splitPath } from "./beneath.ts";
import { type NameMaker, ownNames } from "./name-maker.ts";
import { type TreeEntry, TreeReader } from "./tree-stream.ts";

export interface WriteOptions {
  /** Where the root of the tree goes: a name in `directory`. Empty = it is `directory` itself. */
  readonly directory: FileHandle;
  readonly name: Buffer;
  /** Of everything that is made; undefined = whoever makes it. */
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
  /** Permission bits that are kept. */
  readonly modeMask: number;
  readonly random: Random;
  /** How names are made; as whoever runs this by default. */
  readonly names?: NameMaker;
  readonly onBytes?: (bytes: number) => void;
}

export interface WriteTally {
  readonly files: number;
  readonly bytes: number;
}

interface OpenLevel {
  readonly name: Buffer;
  readonly directory: FileHandle;
  readonly entry: TreeEntry;
}

/** Rejects at the first entry that cannot be written, and says which. */
export async function writeTree(source: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<WriteTally> {
  const writer = new TreeWriter(options);
  const reader = new TreeReader(source);
  try {
    for (let entry = await reader.entry(); entry; entry = await reader.entry()) await writer.write(entry, reader);
    return await writer.finish();
  } finally {
    await writer.close();
  }
}

class TreeWriter {
  readonly #options: WriteOptions;
  readonly #names: NameMaker;
  /** The root of the tree, when that is a directory, and those open below it. */
  readonly #levels: OpenLevel[] = [];
  #files = 0;
  #bytes = 0;

  constructor(options: WriteOptions) {
    this.#options = options;
    this.#names = options.names ?? ownNames;
  }

  async write(entry: TreeEntry, reader: TreeReader): Promise<void> {
    const names = entry.path.length === 0 ? [] : splitPath(entry.path);
    if (!names.every(isName)) throw new Problem("invalid", `${shown(entry)} is no path below what is copied`);
    await this.#leaveTo(names.slice(0, -1), entry, names.length === 0);
    const { directory, name } = this.#spot(names);
    try {
      if (entry.type === "directory") await this.#enter(directory, name, entry);
      else if (entry.type === "link") await this.#link(directory, name, entry);
      else await this.#file(directory, name, entry, reader.content());
    } catch (thrown) {
      throw failed(entry, thrown);
    }
  }

  async finish(): Promise<WriteTally> {
    while (this.#levels.length > 0) await this.#leave();
    return { files: this.#files, bytes: this.#bytes };
  }

  async close(): Promise<void> {
    for (const { directory } of this.#levels.splice(0)) await directory.close();
  }

  #spot(names: readonly Buffer[]): { readonly directory: FileHandle; readonly name: Buffer } {
    const name = names.at(-1);
    if (name === undefined) return { directory: this.#options.directory, name: this.#options.name };
    return { directory: this.#levels.at(-1)?.directory ?? this.#options.directory, name };
  }

  /** Leaves what is open until the entry's parent is on top. The root comes first, and each directory before what is in it. */
  async #leaveTo(parents: readonly Buffer[], entry: TreeEntry, isRoot: boolean): Promise<void> {
    if (isRoot !== (this.#levels.length === 0)) throw new Problem("invalid", `${shown(entry)} comes out of order`);
    if (isRoot) return;
    while (this.#levels.length - 1 > parents.length) await this.#leave();
    const open = this.#levels.slice(1);
    while (open.some(({ name }, i) => parents[i] === undefined || !name.equals(parents[i]))) {
      open.pop();
      await this.#leave();
    }
    if (open.length !== parents.length) throw new Problem("invalid", `${shown(entry)} comes out of order`);
  }

  async #enter(parent: FileHandle, name: Buffer, entry: TreeEntry): Promise<void> {
    if (name.length === 0) {
      this.#levels.push({ name, directory: await openDirectory(below(parent, Buffer.from("."))), entry });
      return;
    }
    const path = below(parent, name);
    const isNew = await this.#names.directory(path, 0o700).then(() => true, unless("EEXIST", false));
    const directory = await openDirectory(path);
    this.#levels.push({ name, directory, entry: isNew ? entry : { ...entry, mode: (await directory.stat()).mode } });
    const { owner } = this.#options;
    if (isNew && owner) await directory.chown(owner.uid, owner.gid);
  }

  /** Mode and time come last: what is written into a directory changes its time, and may need to be allowed. */
  async #leave(): Promise<void> {
    const level = this.#levels.pop();
    if (!level) return;
    const { directory, entry, name } = level;
    try {
      if (name.length === 0) return;
      await directory.chmod(entry.mode & this.#options.modeMask);
      await directory.utimes(entry.modifiedMs / 1000, entry.modifiedMs / 1000);
    } finally {
      await directory.close();
    }
  }

  async #file(parent: FileHandle, name: Buffer, entry: TreeEntry, content: AsyncIterable<Uint8Array>): Promise<void> {
    await refuseDirectory(parent, name);
    const temporary = this.#temporaryName();
    const file = await this.#names.file(below(parent, temporary), 0o600);
    try {
      await this.#fill(file, entry, content);
      await this.#place(parent, temporary, name, entry, file);
    } catch (thrown) {
      await unlink(below(parent, temporary)).catch(() => undefined);
      throw thrown;
    } finally {
      await file.close();
    }
    this.#files += 1;
  }

  async #fill(file: FileHandle, entry: TreeEntry, content: AsyncIterable<Uint8Array>): Promise<void> {
    const { owner, modeMask, onBytes } = this.#options;
    for await (const piece of content) {
      await file.writeFile(piece);
      this.#bytes += piece.length;
      onBytes?.(piece.length);
    }
    if (owner) await file.chown(owner.uid, owner.gid);
    await file.chmod(entry.mode & modeMask);
    await file.utimes(entry.modifiedMs / 1000, entry.modifiedMs / 1000);
  }

  /** A file that is a mount of its own (/etc/hosts in a container) cannot be replaced: its content is. */
  async #place(parent: FileHandle, from: Buffer, to: Buffer, entry: TreeEntry, written: FileHandle): Promise<void> {
    try {
      await this.#names.rename(below(parent, from), below(parent, to));
    } catch (thrown) {
      if (errnoOf(thrown) !== "EBUSY") throw thrown;
      const target = await open(below(parent, to), constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      const source = await open(`/proc/self/fd/${written.fd}`, "r");
      try {
        if (!(await target.stat()).isFile()) throw new Problem("invalid", `${shown(entry)} is no file there`);
        await target.truncate(0);
        for await (const piece of source.createReadStream({ autoClose: false }))
          await target.writeFile(piece as Buffer);
      } finally {
        await Promise.all([target.close(), source.close()]);
      }
      await unlink(below(parent, from));
    }
  }

  async #link(parent: FileHandle, name: Buffer, entry: TreeEntry): Promise<void> {
    await refuseDirectory(parent, name);
    const temporary = below(parent, this.#temporaryName());
    await this.#names.link(entry.linkTarget ?? Buffer.alloc(0), temporary);
    const { owner } = this.#options;
    try {
      if (owner) await lchown(temporary, owner.uid, owner.gid);
      await lutimes(temporary, entry.modifiedMs / 1000, entry.modifiedMs / 1000);
      await this.#names.rename(temporary, below(parent, name));
    } catch (thrown) {
      await unlink(temporary).catch(() => undefined);
      throw thrown;
    }
    this.#files += 1;
  }

  #temporaryName(): Buffer {
    return Buffer.from(`.orch-copy-${this.#options.random.uuid()}`);
  }
}

async function refuseDirectory(parent: FileHandle, name: Buffer): Promise<void> {
  const stats = await lstat(below(parent, name)).catch(unless("ENOENT", undefined));
  if (stats?.isDirectory()) throw new Problem("conflict", "there is a directory of that name");
}

function unless<T>(code: string, value: T): (thrown: unknown) => T {
  return (thrown) => {
    if (errnoOf(thrown) === code) return value;
    throw thrown;
  };
}

function failed(entry: TreeEntry, thrown: unknown): Problem {
  const reasons: Readonly<Record<string, string>> = {
    ENOTDIR: "something that is no directory is in its place",
    ELOOP: "a symbolic link is in its place",
    EROFS: "the file system there is read-only",
    ENOSPC: "the disk there is full",
    EACCES: "it is not allowed there",
    EPERM: "it is not allowed there",
  };
  const problem = Problem.from(thrown);
  const why = reasons[errnoOf(thrown) ?? ""] ?? problem.message;
  return new Problem(
    thrown instanceof Problem ? problem.code : "conflict",
    `${shown(entry)} cannot be written: ${why}`,
    {
      cause: thrown,
    },
  );
}

const shown = ({ path }: TreeEntry): string => (path.length === 0 ? "what is copied" : JSON.stringify(path.toString()));
