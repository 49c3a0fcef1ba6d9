/** A file tree as lines of text, one for each name, so that two trees can be compared whole. Needs root. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type BigIntStats, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { getXattr, listXattrs } from "#node-agent/host/syscalls.ts";

export interface TreeOptions {
  /** Lines of these names are left out; names are latin1 text. */
  readonly without?: (name: string) => boolean;
  /** Modification times of these directories are not told: nobody wrote them down. */
  readonly timeless?: (name: string) => boolean;
  /** Extended attributes that are told. Default: all but overlayfs' own. */
  readonly hasXattr?: (name: string) => boolean;
}

/** Name, type, mode, owner, size or device, time to the nanosecond, attributes, target or content, names of one inode. Sorted. */
export function describeTree(root: string, options: TreeOptions = {}): readonly string[] {
  const lines = new Map<string, string>();
  const inodes = new Map<string, string[]>();
  walk(Buffer.from(root), "", options, lines, inodes);
  for (const names of inodes.values()) {
    if (names.length < 2) continue;
    const first = [...names].sort()[0] ?? "";
    for (const name of names) lines.set(name, `${lines.get(name)} = ${first}`);
  }
  return [...lines].map(([name, line]) => `${JSON.stringify(name)} ${line}`).sort();
}

/** Fails with the lines that differ, a few of them. */
export function assertSameTree(ours: readonly string[], theirs: readonly string[], message: string): void {
  const [mine, other] = [new Set(ours), new Set(theirs)];
  const onlyOurs = ours.filter((line) => !other.has(line));
  const onlyTheirs = theirs.filter((line) => !mine.has(line));
  const shown = [
    ...onlyOurs.slice(0, 8).map((line) => `- ours   ${line}`),
    ...onlyTheirs.slice(0, 8).map((line) => `+ theirs ${line}`),
  ];
  assert.ok(shown.length === 0, `${message}: ${onlyOurs.length + onlyTheirs.length} lines differ\n${shown.join("\n")}`);
  assert.ok(ours.length > 1, `${message}: the tree is empty`);
}

function walk(
  root: Buffer,
  name: string,
  options: TreeOptions,
  lines: Map<string, string>,
  inodes: Map<string, string[]>,
): void {
  const path = name === "" ? root : Buffer.concat([root, Buffer.from(`/${name}`, "latin1")]);
  const stats = lstatSync(path, { bigint: true });
  if (!options.without?.(name)) {
    lines.set(name, describe(path, name, stats, options));
    const isWhiteout = stats.isCharacterDevice() && stats.rdev === 0n; // they may all be one
    if (!stats.isDirectory() && !isWhiteout && stats.nlink > 1n) {
      const key = `${stats.dev}:${stats.ino}`;
      inodes.set(key, [...(inodes.get(key) ?? []), name]);
    }
  }
  if (!stats.isDirectory()) return;
  for (const child of readdirSync(path, { encoding: "buffer" })) {
    const base = child.toString("latin1");
    walk(root, name === "" ? base : `${name}/${base}`, options, lines, inodes);
  }
}

function describe(path: Buffer, name: string, stats: BigIntStats, options: TreeOptions): string {
  const isWhiteout = stats.isCharacterDevice() && stats.rdev === 0n;
  const isTimeless = isWhiteout || (stats.isDirectory() && options.timeless?.(name));
  const time = isTimeless ? "-" : String(stats.mtimeNs);
  const xattrs = listXattrs(path)
    .filter(options.hasXattr ?? ((key) => !key.startsWith("trusted.overlay.")))
    .sort()
    .map((key) => `${key}=${getXattr(path, key)?.toString("hex")}`);
  return [
    (stats.mode & 0o177777n).toString(8),
    `${stats.uid}:${stats.gid}`,
    content(path, stats),
    time,
    ...xattrs,
  ].join(" ");
}

function content(path: Buffer, stats: BigIntStats): string {
  if (stats.isSymbolicLink())
    return `-> ${JSON.stringify(readlinkSync(path, { encoding: "buffer" }).toString("latin1"))}`;
  if (stats.isCharacterDevice() || stats.isBlockDevice()) return `device ${stats.rdev}`;
  if (!stats.isFile()) return "";
  const digest = createHash("sha256").update(readFileSync(path)).digest("hex");
  return `${stats.size} ${digest.slice(0, 16)}`;
}
