/** A folder that only its owner may enter. */
import { chmod, mkdir } from "node:fs/promises";
import { errnoOf, Problem } from "#proto/kit/problem.ts";

const reasons: Readonly<Record<string, string>> = {
  EACCES: "this user may not",
  EPERM: "this user may not",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of the path is not a folder",
  EEXIST: "there is a file of that name",
};

/** Made with its parents when missing, mode 0700 in any case. Throws Problem `forbidden` that names the flag to change. */
export async function ensureOwnFolder(path: string, flag: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await chmod(path, 0o700);
  } catch (thrown) {
    const reason = reasons[errnoOf(thrown) ?? ""];
    if (reason === undefined) throw thrown;
    throw new Problem("forbidden", `the folder ${path} cannot be made: ${reason}`, {
      hint: `Run as root, or choose another folder with ${flag}.`,
      cause: thrown,
    });
  }
}
