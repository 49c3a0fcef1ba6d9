/** Checks a hostPath volume's type, and makes what its type says to make. Links are followed: the path is the operator's. */
import { mkdir, open, stat } from "node:fs/promises";
import { errnoOf, Problem } from "#proto/kit/problem.ts";

type Kind = "directory" | "file" | "socket" | "character device" | "block device" | "something else";

interface Rule {
  readonly wanted: Kind | undefined;
  readonly create: "directory" | "file" | undefined;
}

const rules: Readonly<Record<string, Rule>> = {
  "": { wanted: undefined, create: "directory" },
  DirectoryOrCreate: { wanted: "directory", create: "directory" },
  Directory: { wanted: "directory", create: undefined },
  FileOrCreate: { wanted: "file", create: "file" },
  File: { wanted: "file", create: undefined },
  Socket: { wanted: "socket", create: undefined },
  CharDevice: { wanted: "character device", create: undefined },
  BlockDevice: { wanted: "block device", create: undefined },
};

/** Problem `invalid` says what is there and what was asked for. */
export async function prepareHostPath(path: string, type: string, volumeName: string): Promise<void> {
  const rule = rules[type];
  if (!rule) throw new Problem("invalid", `volume ${volumeName}: hostPath has no type ${JSON.stringify(type)}`);
  if (!path.startsWith("/") || path.split("/").includes("..") || path.includes("\0")) {
    throw new Problem(
      "invalid",
      `volume ${volumeName}: hostPath ${JSON.stringify(path)} must be absolute, without ".."`,
    );
  }
  const kind = await kindOf(path);
  if (kind === undefined) {
    if (rule.create === "directory") await mkdir(path, { recursive: true, mode: 0o755 });
    else if (rule.create === "file") await createFile(path, volumeName);
    else throw new Problem("invalid", `volume ${volumeName}: there is no ${rule.wanted} ${path} on this node`);
  } else if (rule.wanted !== undefined && kind !== rule.wanted) {
    throw new Problem("invalid", `volume ${volumeName}: ${path} on this node is a ${kind}, not a ${rule.wanted}`);
  }
}

async function kindOf(path: string): Promise<Kind | undefined> {
  const stats = await stat(path).catch((thrown) => {
    if (errnoOf(thrown) === "ENOENT" || errnoOf(thrown) === "ENOTDIR") return undefined;
    throw thrown;
  });
  if (!stats) return undefined;
  if (stats.isDirectory()) return "directory";
  if (stats.isFile()) return "file";
  if (stats.isSocket()) return "socket";
  if (stats.isCharacterDevice()) return "character device";
  return stats.isBlockDevice() ? "block device" : "something else";
}

async function createFile(path: string, volumeName: string): Promise<void> {
  try {
    await (await open(path, "a", 0o644)).close();
  } catch (thrown) {
    const reason = errnoOf(thrown) === "ENOENT" ? "its directory does not exist" : String(errnoOf(thrown));
    throw new Problem("invalid", `volume ${volumeName}: ${path} cannot be made: ${reason}`, { cause: thrown });
  }
}
