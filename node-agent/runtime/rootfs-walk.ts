/**
 * Reads inside a container's root filesystem without ever leaving it: links are resolved by hand with the root as `/`. Safe because
 * nothing else runs in that root yet; files are opened without following links, and only regular ones are read.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, read, readlinkSync, type Stats } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { errnoOf, Problem } from "#proto/kit/problem.ts";

const maxLinks = 40;
const readFrom = promisify(read);

/** Path on the host of what `path` names inside `root`; undefined when it does not exist. Problem `invalid` for link loops. */
export async function resolveInRoot(root: string, path: string): Promise<string | undefined> {
  const found = await walkInRoot(root, path, () => false);
  return found === "stopped" ? undefined : found?.path;
}

/** The same, and `stopped` where the way comes to a path (as inside the root) that `stopsAt` names. */
export async function walkInRoot(
  root: string,
  path: string,
  stopsAt: (inside: string) => boolean,
): Promise<{ readonly path: string } | "stopped" | undefined> {
  let pending = path.split("/").filter(Boolean);
  let resolved: string[] = [];
  let links = 0;
  while (pending.length > 0) {
    const [name = "", ...rest] = pending;
    pending = rest;
    if (name === ".") continue;
    if (name === "..") {
      resolved = resolved.slice(0, -1);
      continue;
    }
    if (stopsAt(join("/", ...resolved, name))) return "stopped";
    const candidate = join(root, ...resolved, name);
    const stats = lookAt(candidate);
    if (!stats) return undefined;
    if (!stats.isSymbolicLink()) {
      resolved.push(name);
      continue;
    }
    links += 1;
    if (links > maxLinks) throw new Problem("invalid", `${path} in the image is a loop of symbolic links`);
    const target = readlinkSync(candidate);
    if (target.startsWith("/")) resolved = [];
    pending = [...target.split("/").filter(Boolean), ...pending];
  }
  return { path: join(root, ...resolved) };
}

/** Text of a regular file of the image, or undefined when there is none. Problem `invalid` when it is larger than `maxBytes`. */
export async function readInRoot(root: string, path: string, maxBytes: number): Promise<string | undefined> {
  const resolved = await resolveInRoot(root, path);
  if (resolved === undefined) return undefined;
  const file = openThere(resolved);
  if (file === undefined) return undefined;
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new Problem("invalid", `${path} in the image is not a regular file`);
    if (stats.size > maxBytes) throw new Problem("invalid", `${path} in the image is larger than ${maxBytes} bytes`);
    // Its bytes may still be on the disk.
    const { bytesRead, buffer } = await readFrom(file, Buffer.alloc(stats.size), 0, stats.size, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    closeSync(file);
  }
}

function openThere(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (thrown) {
    return missing(thrown);
  }
}

/** Where runtimes mount /dev, /proc and /sys: anything but a plain directory lets an image redirect those mounts. */
export async function checkRootfs(root: string): Promise<void> {
  for (const name of ["dev", "proc", "sys"]) {
    const stats = lookAt(join(root, name));
    if (stats && !stats.isDirectory()) {
      throw new Problem("invalid", `the image's /${name} is not a directory`, {
        hint: `build the image with a plain directory at /${name}`,
      });
    }
  }
}

/** Here, not in another thread: a path has many parts, each a few microseconds on a local file system. */
function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (thrown) {
    return missing(thrown);
  }
}

function missing(thrown: unknown): undefined {
  const code = errnoOf(thrown);
  if (code === "ENOENT" || code === "ENOTDIR") return undefined;
  throw thrown;
}
