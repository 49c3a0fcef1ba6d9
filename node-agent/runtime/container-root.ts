/** A running container's files as its own processes see them, mounts included. */
import { constants } from "node:fs";
import { type FileHandle, open, readFile, readlink } from "node:fs/promises";
import { Problem } from "#proto/kit/problem.ts";
import { identifyProcess } from "../host/processes.ts";

export interface ContainerRoot {
  /** The caller closes it. */
  readonly root: FileHandle;
  /** Of the container's first process: files put into it belong to whoever runs there. */
  readonly owner: { readonly uid: number; readonly gid: number };
  /** It has users of its own: only they can make files on its mounts. */
  readonly ownUsers: boolean;
}

/** Problem `conflict` when the process has gone. */
export async function openContainerRoot(pid: number): Promise<ContainerRoot> {
  const before = await identifyProcess(pid);
  if (!before) throw ended();
  const users = await readlink(`/proc/${pid}/ns/user`).catch(() => undefined);
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const root = await open(`/proc/${pid}/root`, constants.O_RDONLY | constants.O_DIRECTORY).catch(() => undefined);
  // The number may have been given to another process meanwhile: then what was opened is not the container's.
  const after = await identifyProcess(pid);
  const [uid, gid] = [effective(status, "Uid"), effective(status, "Gid")];
  if (root && after?.startTicks === before.startTicks && uid !== undefined && gid !== undefined) {
    return { root, owner: { uid, gid }, ownUsers: users !== (await readlink("/proc/self/ns/user")) };
  }
  await root?.close();
  throw ended();
}

/** proc_pid_status(5): real, effective, saved and file system id. */
function effective(status: string, name: "Uid" | "Gid"): number | undefined {
  const id = new RegExp(`^${name}:\\t\\d+\\t(\\d+)\\t`, "m").exec(status)?.[1];
  return id === undefined ? undefined : Number(id);
}

const ended = (): Problem => new Problem("conflict", "the container has just ended", { retry: "later" });
