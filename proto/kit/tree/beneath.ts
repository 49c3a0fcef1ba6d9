/**
 * Files below a directory, however those who may write there change its links meanwhile: each step opens one name below an open directory
 * and never follows a link by itself (CVE-2018-15664, CVE-2019-14271, CVE-2021-25741). Names are bytes: not all are UTF-8.
 */
import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, open, readlink } from "node:fs/promises";
import { errnoOf, Problem } from "../problem.ts";

const maxLinks = 40;
const maxComponents = 256;
const maxNameBytes = 255;
const dot = Buffer.from(".");
const dotDot = Buffer.from("..");
const slash = 0x2f;

/** Path by which this process reaches `name` in an open directory, without walking there again. */
export function below(directory: FileHandle, name: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`/proc/self/fd/${directory.fd}/`), name]);
}

export const openDirectory = (path: Buffer | string): Promise<FileHandle> =>
  open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);

/** Never waits for the other end of a fifo, never follows a link. */
export const openToRead = (path: Buffer): Promise<FileHandle> =>
  open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);

/** One name of one directory: neither empty, nor a way up, nor a path. */
export function isName(name: Uint8Array): boolean {
  if (name.length === 0 || name.length > maxNameBytes) return false;
  return !name.includes(slash) && !name.includes(0) && !dot.equals(name) && !dotDot.equals(name);
}

export function splitPath(path: Uint8Array): readonly Buffer[] {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = 0; at <= path.length; at++) {
    if (at < path.length && path[at] !== slash) continue;
    parts.push(Buffer.from(path.subarray(from, at)));
    from = at + 1;
  }
  return parts;
}

/** Where a path ends: a name in an open directory. `stats` undefined = nothing is there. */
export interface Place {
  /** The caller closes it. */
  readonly directory: FileHandle;
  /** Empty for the root itself. */
  readonly name: Buffer;
  readonly stats: Stats | undefined;
}

/**
 * Finds `path` below `root` as if that were `/`: links lead to where they would lead there, `..` not above it. The last name is followed
 * only with `followLast`. Problem `not-found` when something before the last name is missing or no directory.
 */
export async function findPlace(root: FileHandle, path: string, followLast: boolean): Promise<Place> {
  const walk = new Walk(root, path, followLast);
  try {
    return await walk.run();
  } finally {
    await walk.close();
  }
}

class Walk {
  readonly #root: FileHandle;
  readonly #path: string;
  readonly #followLast: boolean;
  /** Open directories below the root, down to where we are. */
  #open: FileHandle[] = [];
  #names: Buffer[] = [];
  #pending: readonly Buffer[];
  #links = 0;
  #steps = 0;

  constructor(root: FileHandle, path: string, followLast: boolean) {
    if (path.includes("\0")) throw new Problem("bad-request", "a path has no NUL in it");
    this.#root = root;
    this.#path = path;
    // "a/" is the directory that a leads to.
    this.#followLast = followLast || path.endsWith("/");
    this.#pending = splitPath(Buffer.from(path));
  }

  async run(): Promise<Place> {
    while (true) {
      const [name, ...rest] = this.#pending;
      if (name === undefined) return this.#here();
      this.#pending = rest;
      if (++this.#steps > maxComponents) throw this.#problem("invalid", "is too long");
      if (name.length === 0 || dot.equals(name)) continue;
      if (dotDot.equals(name)) {
        await this.#open.pop()?.close();
        this.#names.pop();
        continue;
      }
      const place = await this.#step(
        name,
        rest.every((one) => one.length === 0 || dot.equals(one)),
      );
      if (place) return place;
    }
  }

  async close(): Promise<void> {
    for (const directory of this.#open.splice(0)) await directory.close();
  }

  /** The place itself when this was the last name; else it was entered, or its link unfolded. */
  async #step(name: Buffer, isLast: boolean): Promise<Place | undefined> {
    const directory = this.#open.at(-1) ?? this.#root;
    const stats = await lstat(below(directory, name)).catch(missing);
    if (stats?.isSymbolicLink() && (!isLast || this.#followLast)) {
      await this.#unfold(await readlink(below(directory, name), { encoding: "buffer" }));
      return undefined;
    }
    if (isLast && !(stats?.isDirectory() && this.#path.endsWith("/"))) return this.#place(name, stats);
    if (!stats) throw this.#problem("not-found", "does not exist");
    if (!stats.isDirectory()) throw this.#problem("not-found", "goes through something that is no directory");
    this.#open.push(await openDirectory(below(directory, name)));
    this.#names.push(name);
    return undefined;
  }

  async #unfold(target: Buffer): Promise<void> {
    if (++this.#links > maxLinks) throw this.#problem("invalid", "is a loop of symbolic links");
    if (target[0] === slash) {
      await this.close();
      this.#names = [];
    }
    this.#pending = [...splitPath(target), ...this.#pending];
  }

  /** The path ended in a directory: as a name in the one above it. */
  async #here(): Promise<Place> {
    const name = this.#names.pop();
    if (name === undefined) return this.#place(Buffer.alloc(0), await this.#root.stat());
    const inner = this.#open.pop();
    const stats = await inner?.stat();
    await inner?.close();
    return this.#place(name, stats);
  }

  /** Hands the directory out: it is not closed with the walk. */
  async #place(name: Buffer, stats: Stats | undefined): Promise<Place> {
    const directory = this.#open.pop() ?? (await openDirectory(below(this.#root, dot)));
    return { directory, name, stats };
  }

  #problem(code: "invalid" | "not-found", what: string): Problem {
    return new Problem(code, `path ${JSON.stringify(this.#path)} ${what}`);
  }
}

function missing(thrown: unknown): undefined {
  if (errnoOf(thrown) === "ENOENT") return undefined;
  throw thrown;
}
