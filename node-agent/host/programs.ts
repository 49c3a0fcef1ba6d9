/** Short programs that the start of a pod waits for: started without fork, no standard output. */
import { closeSync, constants, openSync } from "node:fs";
import { access } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { awaitReap, makePipe, pipeStream, posixSpawn } from "./posix-spawn.ts";

export const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Path of a program, looked for in the usual system folders whatever PATH says. */
export async function findProgram(
  name: string,
  directories: readonly string[] = systemPath.split(":"),
): Promise<string | undefined> {
  for (const directory of directories) {
    const path = join(directory, name);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}

export interface ProgramOptions {
  readonly clock: Clock;
  /** The program is killed after this long and the call rejects with `timeout`. */
  readonly timeoutMs: number;
  readonly stdin?: string;
}

const maxErrorBytes = 16 * 1024;

/** Runs the program at `path` to its end. An exit code other than 0 is a result; Problems: `unavailable`, `timeout`. */
export async function runProgram(
  path: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<{ readonly code: number; readonly stderr: string }> {
  const nothing = openSync("/dev/null", "r+");
  const words = makePipe();
  const input = options.stdin === undefined ? undefined : makePipe();
  let pid: number;
  try {
    const files = [input?.readEnd ?? nothing, nothing, words.writeEnd];
    pid = posixSpawn(path, args, { env: { PATH: systemPath }, files });
  } catch (thrown) {
    closeSync(words.readEnd);
    if (input) closeSync(input.writeEnd);
    throw thrown;
  } finally {
    closeSync(nothing);
    closeSync(words.writeEnd);
    if (input) closeSync(input.readEnd);
  }
  if (input) pipeStream(input.writeEnd, "writable").end(options.stdin ?? "");
  const errors = pipeStream(words.readEnd, "readable").setEncoding("utf8");
  let stderr = "";
  errors.on("data", (chunk: string) => {
    stderr = (stderr + chunk).slice(0, maxErrorBytes);
  });
  let isLate = false;
  const timer = options.clock.after(options.timeoutMs, () => {
    isLate = true;
    process.kill(pid, "SIGKILL"); // not reaped yet: still this program's
    errors.destroy(); // a child of its own may hold the pipe
  });
  await new Promise<void>((resolve) => errors.once("close", () => resolve()));
  timer.cancel();
  const code = await awaitReap(pid, options.clock);
  if (isLate) throw new Problem("timeout", `${path} did not finish within ${options.timeoutMs} ms`);
  return { code, stderr };
}
