/** The calls that put a name into a directory: where a file system lets only some users do that, they are made as one of those. */
import { constants } from "node:fs";
import { type FileHandle, mkdir, open, rename, symlink } from "node:fs/promises";

export interface NameMaker {
  directory(path: Buffer, mode: number): Promise<void>;
  /** A new one, open to write. The caller closes it. */
  file(path: Buffer, mode: number): Promise<FileHandle>;
  link(target: Buffer, path: Buffer): Promise<void>;
  rename(from: Buffer, to: Buffer): Promise<void>;
}

export const newFile = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

/** As whoever runs this program. */
export const ownNames: NameMaker = {
  directory: (path, mode) => mkdir(path, mode).then(() => undefined),
  file: (path, mode) => open(path, newFile, mode),
  link: (target, path) => symlink(target, path),
  rename,
};
