/** One agent per node: held by a listening socket in the run directory, which the kernel frees with the process. Keeps the process alive too. */
import { type FileHandle, open, unlink } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { errnoOf, Problem } from "#proto/kit/problem.ts";

export interface InstanceLock {
  release(): Promise<void>;
}

const name = "agent.sock";

/** Throws Problem `conflict` while another agent of the same run directory lives. */
export async function lockInstance(runDirectory: string): Promise<InstanceLock> {
  const directory = await open(runDirectory, "r");
  // Socket paths end at 108 bytes; through the descriptor any directory fits.
  const path = `/proc/self/fd/${directory.fd}/${name}`;
  const server = createServer((socket) => socket.destroy());
  try {
    await listen(server, path).catch(async (thrown: unknown) => {
      if (errnoOf(thrown) !== "EADDRINUSE") throw thrown;
      if (await isAlive(path)) throw taken(runDirectory);
      await unlink(path);
      await listen(server, path);
    });
  } catch (thrown) {
    await directory.close();
    throw thrown;
  }
  return { release: () => release(server, directory) };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

async function release(server: Server, directory: FileHandle): Promise<void> {
  await new Promise<void>((resolve) => server.close(() => resolve()));
  await directory.close();
}

function taken(runDirectory: string): Problem {
  return new Problem("conflict", `another node agent already runs with ${runDirectory}`, {
    hint: "Stop it first, or give this one its own --data-dir, --run-dir and --node-name.",
  });
}
