/** Makes names in a container's files, as who runs there where its mounts know nobody else. */
import { closeSync, constants, mkdirSync, openSync, renameSync, symlinkSync } from "node:fs";
import { open } from "node:fs/promises";
import { type NameMaker, newFile, ownNames } from "#proto/kit/tree/name-maker.ts";
import { actingAs } from "../host/acting-as.ts";
import type { ContainerRoot } from "../runtime/container-root.ts";

export function namesIn({ owner, ownUsers }: Pick<ContainerRoot, "owner" | "ownUsers">): NameMaker {
  if (!ownUsers) return ownNames;
  return {
    directory: async (path, mode) => void actingAs(owner, () => mkdirSync(path, mode)),
    file: async (path, mode) => {
      const fd = actingAs(owner, () => openSync(path, newFile, mode));
      try {
        return await open(`/proc/self/fd/${fd}`, constants.O_WRONLY); // the same file, whoever has moved its name
      } finally {
        closeSync(fd);
      }
    },
    link: async (target, path) => actingAs(owner, () => symlinkSync(target, path)),
    rename: async (from, to) => actingAs(owner, () => renameSync(from, to)),
  };
}
