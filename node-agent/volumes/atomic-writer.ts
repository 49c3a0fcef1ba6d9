/**
 * Shows a set of files in a directory so that a reader sees all of the old or all of the new, never a mix. As Kubernetes does it: the
 * files stand in `..TIMESTAMP/`, the link `..data` points there, and each visible name is a link to `..data/NAME`. A change swaps `..data`.
 */
import {
  chmod,
  chown,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  unlink,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { errnoOf } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { removeTree } from "../host/files.ts";
import type { Payload } from "./payload.ts";

export interface AtomicWriteOptions {
  readonly directory: string;
  readonly payload: Payload;
  /** Group that may read the files, whatever their mode. */
  readonly fsGroup: number | undefined;
  readonly random: Random;
}

const dataLink = "..data";
const newDataLink = "..data_tmp";

/** Returns whether anything changed. A crash at any point leaves the old or the new content, and the next call completes it. */
export async function writeAtomically(options: AtomicWriteOptions): Promise<boolean> {
  const { directory, payload } = options;
  const current = await readlink(join(directory, dataLink)).catch(ignoreMissing);
  const isSame = current !== undefined && (await hasContent(join(directory, current), options));
  const version = isSame ? current : await writeVersion(options);
  if (!isSame) {
    await unlink(join(directory, newDataLink)).catch(ignoreMissing);
    await symlink(version, join(directory, newDataLink));
    await rename(join(directory, newDataLink), join(directory, dataLink));
  }
  await linkNames(directory, new Set([...payload.keys()].map((path) => path.split("/")[0] ?? path)));
  for (const name of await readdir(directory)) {
    const isOld = name.startsWith("..") && name !== dataLink && name !== version;
    if (isOld) await removeTree(join(directory, name));
  }
  return !isSame;
}

async function writeVersion({ directory, payload, fsGroup, random }: AtomicWriteOptions): Promise<string> {
  const version = `..${random.uuid()}`;
  const root = join(directory, version);
  const directories = new Set([root]);
  await mkdir(root);
  for (const [path, { content, mode }] of payload) {
    const target = join(root, path);
    for (let parent = dirname(target); parent !== root; parent = dirname(parent)) directories.add(parent);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content, { flag: "wx", mode: 0o600 });
    if (fsGroup !== undefined) await chown(target, 0, fsGroup);
    await chmod(target, fileMode(mode, fsGroup));
  }
  for (const path of directories) {
    if (fsGroup !== undefined) await chown(path, 0, fsGroup);
    await chmod(path, fsGroup === undefined ? 0o755 : 0o2755);
  }
  return version;
}

function fileMode(mode: number, fsGroup: number | undefined): number {
  return fsGroup === undefined ? mode : mode | 0o440;
}

async function hasContent(root: string, { payload, fsGroup }: AtomicWriteOptions): Promise<boolean> {
  const present = await readdir(root, { recursive: true, withFileTypes: true }).catch(ignoreMissing);
  if (present?.filter((entry) => !entry.isDirectory()).length !== payload.size) return false;
  for (const [path, { content, mode }] of payload) {
    const stats = await lstat(join(root, path)).catch(ignoreMissing);
    if (!stats?.isFile() || stats.size !== content.length) return false;
    if ((stats.mode & 0o7777) !== fileMode(mode, fsGroup)) return false;
    if (!(await readFile(join(root, path))).equals(content)) return false;
  }
  return true;
}

/** One link for each first component; links of names that are gone go too. */
async function linkNames(directory: string, names: ReadonlySet<string>): Promise<void> {
  for (const name of names) {
    const target = `${dataLink}/${name}`;
    const known = await readlink(join(directory, name)).catch(ignoreMissing);
    if (known !== target) await symlink(target, join(directory, name));
  }
  for (const name of await readdir(directory)) {
    if (!name.startsWith("..") && !names.has(name)) await rm(join(directory, name), { force: true });
  }
}

function ignoreMissing(thrown: unknown): undefined {
  if (errnoOf(thrown) === "ENOENT") return undefined;
  throw thrown;
}
