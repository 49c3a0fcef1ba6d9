/** File writes that survive a crash, and removal that cannot be led astray. */
import { chmod, lstat, mkdir, open, opendir, readdir, rename, rmdir, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { mountsBelow } from "./mounts.ts";
import { isMountRoot } from "./syscalls.ts";

/**
 * Replaces the file by `data`, whole or not at all, also across a power cut: write a temporary file, sync, rename, sync
 * the directory. Left-over temporary files end in `.tmp`.
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array, mode = 0o600): Promise<void> {
  const temporary = `${path}.${systemRandom.uuid()}.tmp`;
  try {
    const file = await open(temporary, "wx", mode);
    try {
      await file.writeFile(data);
      await file.chmod(mode); // open() applies the umask
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (thrown) {
    await unlink(temporary).catch(() => undefined);
    throw thrown;
  }
  await syncDirectory(dirname(path));
}

/** The file's content is on the disk when it resolves. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}

export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Makes the directory and its parents, and gives the last one exactly this mode. */
export async function makeDirectory(path: string, mode = 0o700): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o755 });
  await chmod(path, mode);
}

/** Longest path `removeTree` walks into: leaves room for one more name below PATH_MAX. */
const deepestPathBytes = 3500;
const maxRounds = 100;

/**
 * Removes a file or a whole tree. Never follows a link, never enters another file system, nor anything that is mounted: what it meets of
 * that stays, and it ends with `conflict`. Trees deeper than PATH_MAX and names that are not UTF-8 are fine. Nothing there is fine.
 */
export async function removeTree(path: string): Promise<void> {
  if (isMountRoot(path) ?? (await mountsBelow(path)).length > 0) throw mountedAt(path);
  const stats = await lstat(path).catch(ignoreMissing);
  if (!stats) return;
  if (!stats.isDirectory()) return unlink(path).catch(ignoreMissing);
  await new TreeRemoval(path, stats.dev).run();
}

class TreeRemoval {
  readonly #root: Buffer;
  readonly #device: number;

  constructor(root: string, device: number) {
    this.#root = Buffer.from(root);
    this.#device = device;
  }

  async run(): Promise<void> {
    await this.#empty(this.#root);
    // Directories too deep to name were moved up to the root, which then is not empty: the rounds take them.
    await this.#removeEmptied(this.#root);
  }

  /** Someone may still be writing: a worker that has not yet noticed. It gets a few rounds to stop. */
  async #removeEmptied(directory: Buffer): Promise<void> {
    for (let round = 0; ; round++) {
      try {
        return await rmdir(directory);
      } catch (thrown) {
        if (errnoOf(thrown) === "ENOENT") return;
        if (errnoOf(thrown) !== "ENOTEMPTY" || round >= maxRounds) throw thrown;
        await this.#empty(directory);
      }
    }
  }

  async #empty(directory: Buffer): Promise<void> {
    const entries = await opendir(directory, { encoding: "buffer" as BufferEncoding }).catch(ignoreMissing);
    if (!entries) return;
    for await (const entry of entries) {
      const child = Buffer.concat([directory, slash, entry.name as unknown as Buffer]);
      if (entry.isDirectory()) await this.#removeDirectory(child);
      else await unlink(child).catch(ignoreMissing);
    }
  }

  async #removeDirectory(directory: Buffer): Promise<void> {
    if (directory.length > deepestPathBytes) {
      await rename(directory, Buffer.concat([this.#root, Buffer.from(`/.deep-${systemRandom.uuid()}`)]));
      return;
    }
    const stats = await lstat(directory).catch(ignoreMissing);
    if (!stats) return;
    if (isMountRoot(directory)) throw mountedAt(directory.toString());
    if (stats.dev !== this.#device) {
      throw new Problem("conflict", `cannot remove ${directory.toString()}: it is on another file system`);
    }
    await this.#empty(directory);
    await this.#removeEmptied(directory);
  }
}

function mountedAt(path: string): Problem {
  return new Problem("conflict", `cannot remove ${path}: something is mounted there`);
}

const slash = Buffer.from("/");

function ignoreMissing(thrown: unknown): undefined {
  if (errnoOf(thrown) === "ENOENT") return undefined;
  throw thrown;
}

/** Makes the directory, or empties it. What is still writing below an old one loses it at once. */
export async function emptyDirectory(path: string): Promise<void> {
  const old = `${path}.${systemRandom.uuid()}.old`;
  await rename(path, old).catch(ignoreMissing);
  await mkdir(path, { mode: 0o700 });
  const prefix = `${basename(path)}.`;
  for (const name of await readdir(dirname(path))) {
    if (name.startsWith(prefix) && name.endsWith(".old")) await removeTree(join(dirname(path), name));
  }
}

/** True when something is there, whatever it is. */
export async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(ignoreMissing)) !== undefined;
}

/** Path of the file's `name` inside `directory`, refusing names that would leave it. For ids that come from elsewhere. */
export function childPath(directory: string, name: string): string {
  if (name === "" || name === "." || name === ".." || name.includes("/") || name.includes("\0")) {
    throw new Problem("bad-request", `${JSON.stringify(name)} cannot be the name of a file`);
  }
  return join(directory, name);
}
