/** exec: a command in a running container, its three streams and its exit code. */
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { Problem } from "#proto/kit/problem.ts";
import type { ContainerRuntime } from "../runtime/container-runtime.ts";
import { type FrameStream, windowSize } from "./frame-stream.ts";
import { type FindRecord, findContainer, refusePaused, runningId } from "./pod-lookup.ts";
import type { StreamServer } from "./serve-stream.ts";

export function execServer(runtime: ContainerRuntime, find: FindRecord): StreamServer {
  return async (target, stream, signal) => {
    const found = findContainer(target, find);
    const id = runningId(found);
    refusePaused(found);
    const { command = [], stdin = false, terminal = false, size } = target.exec ?? {};
    if (!command || command.length === 0) throw new Problem("bad-request", "exec needs a command");
    const options = { command, stdin: stdin ?? false, terminal: terminal ?? false, size: windowSize(size ?? {}) };
    const session = await runtime.exec(id, options, signal);
    const onAbort = (): void => session.kill();
    signal.addEventListener("abort", onAbort, { once: true });
    stream.onResize(({ rows, columns }) => session.resize(rows, columns));
    try {
      const feeding = options.stdin ? feed(stream, session.stdio, signal) : Promise.resolve();
      feeding.catch(() => undefined); // a process that takes no more input is not a failure
      const outputs = [pump(session.stdio, stream, "data"), pump(session.stderr, stream, "errorData")];
      await Promise.all(outputs);
      return { exitCode: await session.exitCode };
    } finally {
      signal.removeEventListener("abort", onAbort);
      session.stdio.destroy();
      session.stderr.destroy();
    }
  };
}

async function pump(from: Readable, stream: FrameStream, kind: "data" | "errorData"): Promise<void> {
  for await (const chunk of from) await stream.write(chunk as Buffer, kind);
}

/** The client's input, at the process's pace; its half-close is the process's end of file. */
export async function feed(stream: FrameStream, to: Writable, signal: AbortSignal): Promise<void> {
  to.on("error", () => undefined);
  for await (const chunk of stream.input()) {
    if (to.destroyed) return;
    if (!to.write(chunk)) await Promise.race([once(to, "drain", { signal }), once(to, "close", { signal })]);
  }
  to.end();
}
