/**
 * What a container has written, against its image: its overlay's upper directory walked beside the layers below. The container may
 * change the tree meanwhile: in it each step opens one name of an open directory and no link is ever followed. Layers never change.
 */
import type { Stats } from "node:fs";
import { type FileHandle, lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { errnoOf } from "#proto/kit/problem.ts";
import { below, openDirectory } from "#proto/kit/tree/beneath.ts";
import type { ChangedPath } from "#proto/resources/container-request.ts";
import { getXattr } from "../host/syscalls.ts";

export interface WrittenTree {
  readonly upper: string;
  /** Directories of the layers, the base first. */
  readonly layers: readonly string[];
  /** Paths that others are mounted on: made for that, not written. */
  readonly mountPoints: ReadonlySet<string>;
}

const opaqueXattr = "trusted.overlay.opaque";
const maxDepth = 512;

/** Parents before what is in them, siblings in the order of their names. What is deeper than 512 directories is left out. */
export async function* changesOf({ upper, layers, mountPoints }: WrittenTree): AsyncGenerator<ChangedPath, void> {
  const root = await openDirectory(upper);
  try {
    yield* changesIn(root, { path: "", lower: layers.toReversed(), isAnew: false, mountPoints, depth: 0 });
  } finally {
    await root.close();
  }
}

interface Where {
  /** Of the directory, as the container calls it; empty for the root. */
  readonly path: string;
  /** Directories of the layers at this path, the topmost first. */
  readonly lower: readonly string[];
  /** The directory, or one above it, was removed and made again: nothing of the layers shows. */
  readonly isAnew: boolean;
  readonly mountPoints: ReadonlySet<string>;
  readonly depth: number;
}

async function* changesIn(directory: FileHandle, where: Where): AsyncGenerator<ChangedPath, void> {
  const names = await readdir(`/proc/self/fd/${directory.fd}`, { encoding: "buffer" });
  const isAnew = where.isAnew || getXattr(below(directory, dot), opaqueXattr)?.toString() === "y";
  if (isAnew) yield* hidden(where, new Set(names.map(String)));
  for (const name of names.toSorted(Buffer.compare)) {
    const path = `${where.path}/${name}`;
    if (!where.mountPoints.has(path)) yield* changesAt(directory, name, { ...where, path, isAnew });
  }
}

const dot = Buffer.from(".");

/** Of a directory that was made anew: what was there before, unless it is there again. */
async function* hidden({ path, lower }: Where, present: ReadonlySet<string>): AsyncGenerator<ChangedPath, void> {
  const before = new Set<string>();
  for (const directory of lower) for (const name of await readdir(directory)) before.add(name);
  for (const name of [...before].toSorted()) {
    const wasThere = !present.has(name) && (await find(lower, name)) !== undefined;
    if (wasThere) yield { kind: "D", path: `${path}/${name}` };
  }
}

async function* changesAt(parent: FileHandle, name: Buffer, where: Where): AsyncGenerator<ChangedPath, void> {
  const { path } = where;
  const stats = await lstat(below(parent, name)).catch(ignoreGone);
  if (!stats) return; // removed meanwhile
  const before = await find(where.lower, name.toString());
  if (isWhiteout(stats)) {
    if (before) yield { kind: "D", path };
    return;
  }
  const here: ChangedPath = { kind: before ? "C" : "A", path };
  if (!stats.isDirectory()) return yield here;
  const isPassage = before?.stats.isDirectory() && hasSameAttributes(before.stats, stats);
  const leadsToMount = !before && [...where.mountPoints].some((mount) => mount.startsWith(`${path}/`));
  // What was copied up or made only to hold something else is told with that.
  let isTold = !isPassage && !leadsToMount;
  if (isTold) yield here;
  if (where.depth >= maxDepth) return;
  const directory = await openDirectory(below(parent, name)).catch(ignoreGone);
  if (!directory) return;
  try {
    for await (const change of changesIn(directory, {
      ...where,
      lower: before?.directories ?? [],
      depth: where.depth + 1,
    })) {
      if (!isTold) yield here;
      isTold = true;
      yield change;
    }
  } finally {
    await directory.close();
  }
}

interface Found {
  readonly stats: Stats;
  /** When it is a directory: those that make it up, the topmost first. */
  readonly directories: readonly string[];
}

/** A name in the layers on top of each other. */
async function find(lower: readonly string[], name: string): Promise<Found | undefined> {
  let top: Stats | undefined;
  const directories: string[] = [];
  for (const directory of lower) {
    const path = join(directory, name);
    const stats = await lstat(path).catch(ignoreGone);
    if (!stats) continue;
    if (isWhiteout(stats)) break;
    top ??= stats;
    if (!stats.isDirectory()) break;
    directories.push(path);
    if (getXattr(path, opaqueXattr)?.toString() === "y") break;
  }
  return top && { stats: top, directories: top.isDirectory() ? directories : [] };
}

const isWhiteout = (stats: Stats): boolean => stats.isCharacterDevice() && stats.rdev === 0;

const hasSameAttributes = (a: Stats, b: Stats): boolean => a.mode === b.mode && a.uid === b.uid && a.gid === b.gid;

/** Gone or another thing meanwhile: whoever looks while a program writes sees one of many moments. */
function ignoreGone(thrown: unknown): undefined {
  if (["ENOENT", "ENOTDIR", "ELOOP"].includes(errnoOf(thrown) ?? "")) return undefined;
  throw thrown;
}
