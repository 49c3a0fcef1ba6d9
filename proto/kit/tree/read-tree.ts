/** A file, link or directory with all in it as a stream. What is none of these is left out and named. */
import type { Stats } from "node:fs";
import { type FileHandle, lstat, readdir, readlink } from "node:fs/promises";
import { errnoOf, Problem } from "../problem.ts";
import { below, openDirectory, openToRead } from "./beneath.ts";
import { encodeEnd, encodeEntry, encodePiece, maxPieceBytes, type TreeEntry } from "./tree-stream.ts";

/** Deeper trees are somebody's trap: every level costs an open file. */
const maxDepth = 200;

export interface ReadTally {
  files: number;
  bytes: number;
  /** Devices, sockets, fifos, and what went away meanwhile. */
  readonly skipped: string[];
}

const maxSkippedNames = 100;

/** Entries in depth first order, names sorted. Does not close `directory`. `name` empty = the directory itself. */
export async function* readTree(
  directory: FileHandle,
  name: Buffer,
  tally: ReadTally,
): AsyncGenerator<Buffer, void, undefined> {
  yield* readOne({ directory, name, path: Buffer.alloc(0), depth: 0 }, tally);
  yield encodeEnd();
}

interface Spot {
  readonly directory: FileHandle;
  readonly name: Buffer;
  /** From the root of the tree. */
  readonly path: Buffer;
  readonly depth: number;
}

async function* readOne(spot: Spot, tally: ReadTally): AsyncGenerator<Buffer, void, undefined> {
  const at = below(spot.directory, spot.name.length === 0 ? Buffer.from(".") : spot.name);
  const stats = await lstat(at).catch(gone);
  if (stats?.isDirectory()) yield* readDirectory(spot, at, tally);
  else if (stats?.isFile()) yield* readFile(spot, at, tally);
  else if (stats?.isSymbolicLink()) {
    const linkTarget = await readlink(at, { encoding: "buffer" }).catch(gone);
    if (linkTarget) yield encodeEntry({ ...entryOf(spot, stats, "link"), linkTarget });
  } else skip(spot, tally);
}

async function* readDirectory(spot: Spot, at: Buffer, tally: ReadTally): AsyncGenerator<Buffer, void, undefined> {
  if (spot.depth > maxDepth) throw new Problem("invalid", `directories are nested more than ${maxDepth} deep`);
  const directory = await openDirectory(at).catch(gone);
  if (!directory) return skip(spot, tally);
  try {
    yield encodeEntry(entryOf(spot, await directory.stat(), "directory"));
    const names = await readdir(below(directory, Buffer.from(".")), { encoding: "buffer" });
    for (const name of names.sort(Buffer.compare)) {
      const path = spot.path.length === 0 ? name : Buffer.concat([spot.path, Buffer.from("/"), name]);
      yield* readOne({ directory, name, path, depth: spot.depth + 1 }, tally);
    }
  } finally {
    await directory.close();
  }
}

async function* readFile(spot: Spot, at: Buffer, tally: ReadTally): AsyncGenerator<Buffer, void, undefined> {
  const file = await openToRead(at).catch(gone);
  if (!file) return skip(spot, tally);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return skip(spot, tally); // exchanged since we looked
    yield encodeEntry(entryOf(spot, stats, "file"));
    tally.files += 1;
    // What is appended while we read would keep us for ever: no more than there was at the start.
    for (let left = stats.size; left > 0; ) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.min(left, maxPieceBytes)));
      if (bytesRead === 0) break;
      left -= bytesRead;
      tally.bytes += bytesRead;
      yield encodePiece(buffer.subarray(0, bytesRead));
    }
    yield encodeEnd();
  } finally {
    await file.close();
  }
}

function entryOf({ path }: Spot, stats: Stats, type: TreeEntry["type"]): TreeEntry {
  return { path, type, mode: stats.mode & 0o7777, modifiedMs: Math.floor(stats.mtimeMs), linkTarget: undefined };
}

function skip({ path, name }: Spot, tally: ReadTally): void {
  if (tally.skipped.length < maxSkippedNames) tally.skipped.push((path.length > 0 ? path : name).toString());
}

/** Gone, or exchanged for a link, since its directory was read. */
function gone(thrown: unknown): undefined {
  if (["ENOENT", "ELOOP", "ENOTDIR", "ENXIO", "EINVAL"].includes(errnoOf(thrown) ?? "")) return undefined;
  throw thrown;
}
