/**
 * A path inside a volume, found without ever leaving it, however its links are changed meanwhile by those who write to the volume
 * (CVE-2017-1002101, CVE-2021-25741): each step opens one name below an open directory and never follows a link by itself.
 * Synchronous, on local file systems only.
 */
import { closeSync, constants, fstatSync, mkdirSync, openSync, readlinkSync } from "node:fs";
import { errnoOf, Problem } from "#proto/kit/problem.ts";

const pathOnly = 0o10000000; // O_PATH: a handle on anything, a link too, without opening it
const maxLinks = 40;
const maxComponents = 256;

export interface SubPath {
  /** `/proc/self/fd/N`: a source for a bind mount while the handle is open. */
  readonly source: string;
  readonly isDirectory: boolean;
  close(): void;
}

/** What is missing becomes a directory. Problem `invalid` when the path leaves the volume or goes through a file. */
export function openSubPath(volumeRoot: string, subPath: string): SubPath {
  const walk = new Walk(volumeRoot, subPath);
  try {
    return walk.run();
  } catch (thrown) {
    walk.abandon();
    throw thrown;
  }
}

class Walk {
  readonly #subPath: string;
  /** Open directories from the volume's root down to where we are. */
  readonly #directories: number[];
  readonly #pending: string[];
  #links = 0;
  #steps = 0;

  constructor(volumeRoot: string, subPath: string) {
    this.#subPath = subPath;
    if (subPath.startsWith("/") || subPath.includes("\0")) throw this.#refused("must be relative");
    this.#pending = subPath.split("/").reverse();
    this.#directories = [openSync(volumeRoot, pathOnly | constants.O_DIRECTORY | constants.O_NOFOLLOW)];
  }

  run(): SubPath {
    for (let name = this.#pending.pop(); name !== undefined; name = this.#pending.pop()) {
      if (++this.#steps > maxComponents) throw this.#refused("is too long");
      if (name === "" || name === ".") continue;
      if (name === "..") this.#up();
      else if (!this.#enter(name)) {
        const last = this.#openChild(name);
        if (this.#pending.some((rest) => rest !== "" && rest !== ".")) {
          closeSync(last);
          throw this.#refused("goes through something that is no directory");
        }
        this.abandon();
        return handle(last, false);
      }
    }
    const here = this.#directories.pop();
    this.abandon();
    if (here === undefined) throw this.#refused("leaves the volume");
    return handle(here, true);
  }

  abandon(): void {
    for (const fd of this.#directories.splice(0)) closeSync(fd);
  }

  /** False when the name is neither directory nor link. */
  #enter(name: string): boolean {
    const fd = this.#openChild(name);
    const stats = fstatSync(fd);
    if (stats.isDirectory()) {
      this.#directories.push(fd);
      return true;
    }
    closeSync(fd);
    if (!stats.isSymbolicLink()) return false;
    if (++this.#links > maxLinks) throw this.#refused("has too many links");
    const target = this.#readLink(name);
    if (target.startsWith("/")) throw this.#refused("is a link out of the volume");
    this.#pending.push(...target.split("/").reverse());
    return true;
  }

  #readLink(name: string): string {
    try {
      return readlinkSync(this.#child(name));
    } catch (thrown) {
      if (errnoOf(thrown) !== "EINVAL" && errnoOf(thrown) !== "ENOENT") throw thrown;
      const message = `subPath ${JSON.stringify(this.#subPath)} changes while it is looked at`;
      throw new Problem("conflict", message, { retry: "later" }); // no link any more, or gone
    }
  }

  #up(): void {
    const left = this.#directories.length > 1 ? this.#directories.pop() : undefined;
    if (left === undefined) throw this.#refused("leaves the volume");
    closeSync(left);
  }

  #openChild(name: string): number {
    const flags = pathOnly | constants.O_NOFOLLOW;
    try {
      return openSync(this.#child(name), flags);
    } catch (thrown) {
      if (errnoOf(thrown) !== "ENOENT") throw thrown;
      mkdirSync(this.#child(name), 0o755);
      return openSync(this.#child(name), flags | constants.O_DIRECTORY);
    }
  }

  #child(name: string): string {
    return `/proc/self/fd/${this.#directories.at(-1)}/${name}`;
  }

  #refused(reason: string): Problem {
    return new Problem("invalid", `subPath ${JSON.stringify(this.#subPath)} ${reason}`);
  }
}

function handle(fd: number, isDirectory: boolean): SubPath {
  return { source: `/proc/self/fd/${fd}`, isDirectory, close: () => closeSync(fd) };
}
