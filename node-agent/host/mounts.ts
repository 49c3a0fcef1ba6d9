/** The mount table of this mount namespace. */
import { readFile } from "node:fs/promises";
import { errnoOf } from "#proto/kit/problem.ts";
import { isMountRoot, unmount } from "./syscalls.ts";

/** One line of /proc/self/mountinfo (proc(5)). */
export interface MountEntry {
  readonly id: number;
  readonly parentId: number;
  readonly device: string; // major:minor
  /** Path inside the file system that is mounted here: what a bind mount shows. */
  readonly root: string;
  readonly mountPoint: string;
  readonly options: readonly string[];
  readonly type: string;
  readonly source: string;
  readonly superOptions: readonly string[];
}

export async function listMounts(): Promise<readonly MountEntry[]> {
  return parseMountInfo(await readFile("/proc/self/mountinfo", "utf8"));
}

/** Mounts at `prefix` or below it, in the order they were made. `prefix` must be a real path, without links. */
export async function mountsBelow(prefix: string): Promise<readonly MountEntry[]> {
  const text = await readFile("/proc/self/mountinfo", "utf8");
  // A node full of pods has thousands of lines, of which few are asked for.
  const candidates = /[\s\\]/.test(prefix) ? text : linesWith(text, prefix);
  return parseMountInfo(candidates).filter((entry) => isBelow(entry.mountPoint, prefix));
}

export async function isMountPoint(path: string): Promise<boolean> {
  return isMountRoot(path) ?? (await mountsBelow(path)).some((entry) => entry.mountPoint === path);
}

/** Detaches every mount at `prefix` or below, the newest first. Idempotent; a mount that vanished meanwhile is fine. */
export async function unmountBelow(prefix: string): Promise<void> {
  const entries = await mountsBelow(prefix);
  for (const entry of entries.toReversed()) {
    try {
      unmount(entry.mountPoint, { lazy: true });
    } catch (thrown) {
      // A lazy unmount takes what is mounted below with it.
      if (errnoOf(thrown) !== "EINVAL" && errnoOf(thrown) !== "ENOENT") throw thrown;
    }
  }
}

const linesWith = (text: string, word: string): string =>
  text
    .split("\n")
    .filter((line) => line.includes(word))
    .join("\n");

export function parseMountInfo(text: string): readonly MountEntry[] {
  return text.split("\n").flatMap((line) => {
    const fields = line.split(" ");
    const separator = fields.indexOf("-", 6);
    const [id, parentId, device, root, mountPoint, options] = fields;
    const [type, source, superOptions] = separator < 0 ? [] : fields.slice(separator + 1);
    if (id === undefined || parentId === undefined || device === undefined || root === undefined) return [];
    if (mountPoint === undefined || options === undefined || type === undefined) return [];
    return [
      {
        id: Number(id),
        parentId: Number(parentId),
        device,
        root: unescapeOctal(root),
        mountPoint: unescapeOctal(mountPoint),
        options: options.split(","),
        type,
        source: unescapeOctal(source ?? ""),
        superOptions: (superOptions ?? "").split(","),
      },
    ];
  });
}

function isBelow(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(prefix.endsWith("/") ? prefix : `${prefix}/`);
}

/** The kernel writes space, tab, newline and backslash as three octal digits. */
function unescapeOctal(field: string): string {
  if (!field.includes("\\")) return field;
  const bytes: number[] = [];
  const raw = Buffer.from(field);
  for (let at = 0; at < raw.length; at++) {
    const digits = raw.toString("latin1", at + 1, at + 4);
    if (raw[at] === 0x5c && /^[0-7]{3}$/.test(digits)) {
      bytes.push(Number.parseInt(digits, 8));
      at += 3;
    } else bytes.push(raw[at] ?? 0);
  }
  return Buffer.from(bytes).toString();
}
