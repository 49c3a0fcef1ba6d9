/**
 * copy: files and directories out of a running container and into it, volumes included. Nothing of the container is executed, and no
 * link of it leads out of it: see proto/kit/tree.
 */
import type { FileHandle } from "node:fs/promises";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { findPlace, isName, type Place } from "#proto/kit/tree/beneath.ts";
import { type ReadTally, readTree } from "#proto/kit/tree/read-tree.ts";
import { writeTree } from "#proto/kit/tree/write-tree.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import { type ContainerRoot, openContainerRoot } from "../runtime/container-root.ts";
import type { ContainerRuntime } from "../runtime/container-runtime.ts";
import { namesIn } from "./container-names.ts";
import type { FrameStream } from "./frame-stream.ts";
import { type FindRecord, findContainer, runningId } from "./pod-lookup.ts";
import type { StreamServer } from "./serve-stream.ts";

type Copy = orch.v1.CopyOptions.$Properties;

const permissions = 0o777;

export function copyServer(runtime: ContainerRuntime, find: FindRecord, random: Random): StreamServer {
  return async (target, stream) => {
    const pid = (await runtime.inspect(runningId(findContainer(target, find))))?.pid;
    if (pid === undefined) throw new Problem("conflict", "the container has just ended", { retry: "later" });
    const container = await openContainerRoot(pid);
    const { root } = container;
    try {
      const copy = target.copy ?? {};
      const detail = copy.upload ? await receive(container, copy, stream, random) : await send(root, copy, stream);
      return { exitCode: 0, detail: Buffer.from(JSON.stringify(detail)) };
    } finally {
      await root.close();
    }
  };
}

async function send(root: FileHandle, copy: Copy, stream: FrameStream): Promise<ReadTally> {
  const path = copy.path ?? "";
  const tally: ReadTally = { files: 0, bytes: 0, skipped: [] };
  const place = await findPlace(root, path, (copy.content || copy.follow) ?? false);
  try {
    if (!place.stats) throw new Problem("not-found", `${path} does not exist in the container`);
    if (copy.content && !place.stats.isDirectory()) throw new Problem("invalid", `${path} is no directory`);
    for await (const part of readTree(place.directory, place.name, tally)) await stream.write(part);
    return tally;
  } finally {
    await place.directory.close();
  }
}

async function receive(container: ContainerRoot, copy: Copy, stream: FrameStream, random: Random): Promise<object> {
  const { root, owner } = container;
  const place = await destination(root, copy);
  const { directory, name } = place;
  try {
    return await writeTree(stream.input(), {
      ...{ directory, name, owner, modeMask: permissions, random, names: namesIn(container) },
    });
  } finally {
    await directory.close();
  }
}

/** As cp(1) has it: into a directory that is there, under its own name; else under the name that was given. */
async function destination(root: FileHandle, copy: Copy): Promise<Pick<Place, "directory" | "name">> {
  const path = copy.path ?? "";
  const place = await findPlace(root, path, true);
  if (!place.stats?.isDirectory()) {
    if (!path.endsWith("/")) return place;
    await place.directory.close();
    throw new Problem("not-found", `there is no directory ${path} in the container`);
  }
  if (!copy.name) return place;
  await place.directory.close();
  const name = Buffer.from(copy.name);
  if (!isName(name)) throw new Problem("bad-request", `${JSON.stringify(copy.name)} is no name of a file`);
  const inside = await findPlace(root, `${path}/${copy.name}`, false);
  return inside;
}
