/** Starts other programs. Never a shell: arguments reach the program as they are. */
import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import type { Readable, Writable } from "node:stream";
import type { Clock } from "#proto/kit/clock.ts";
import { errnoOf, Problem } from "#proto/kit/problem.ts";

export interface RunOptions {
  readonly clock: Clock;
  /** The program is killed after this long and `run` rejects with `timeout`. */
  readonly timeoutMs: number;
  /** The whole environment; nothing is inherited but PATH. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string | Uint8Array;
  /** Kept of each output stream; the rest is read and dropped. Default 64 KiB. */
  readonly maxOutputBytes?: number;
  readonly signal?: AbortSignal;
}

export interface RunResult {
  /** Exit code, or 128 + n when signal n ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const defaultMaxOutputBytes = 64 * 1024;
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * Runs a program to its end. An exit code other than 0 is a result, not a failure. Problems: `unavailable` when the program
 * cannot be started, `timeout`, `canceled`.
 */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  if (options.signal?.aborted) throw Problem.from(options.signal.reason);
  const child = spawn(command, args, {
    env: { PATH: defaultPath, ...options.env },
    stdio: "pipe",
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  let stopped: Problem | undefined;
  const stop = (problem: Problem): void => {
    stopped ??= problem;
    child.kill("SIGKILL");
    // A grandchild may hold the pipes open.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const timer = options.clock.after(options.timeoutMs, () =>
    stop(new Problem("timeout", `${command} did not finish within ${options.timeoutMs} ms`)),
  );
  const onAbort = (): void => stop(Problem.from(options.signal?.reason));
  options.signal?.addEventListener("abort", onAbort, { once: true });
  const limit = options.maxOutputBytes ?? defaultMaxOutputBytes;
  const stdout = collect(child.stdout, limit);
  const stderr = collect(child.stderr, limit);
  child.stdin.on("error", () => undefined); // the program may end without reading
  child.stdin.end(options.stdin);
  try {
    const code = await exitCode(child, command, "close");
    if (stopped) throw stopped;
    return { code, stdout: stdout(), stderr: stderr() };
  } finally {
    timer.cancel();
    options.signal?.removeEventListener("abort", onAbort);
  }
}

export interface SpawnOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Standard input, output and error; `ignore` is /dev/null, a number an open file of ours. Default all `ignore`. */
  readonly stdio?: readonly [StdioTarget, StdioTarget, StdioTarget];
  /** Pipes the child finds as file descriptors 3, 4, … Both ends can read and write. */
  readonly extraPipes?: number;
}

export type StdioTarget = "ignore" | "pipe" | number;

export interface SpawnedProcess {
  readonly pid: number;
  readonly stdin: Writable | undefined;
  readonly stdout: Readable | undefined;
  readonly stderr: Readable | undefined;
  /** Our ends of the extra pipes, in order. */
  readonly pipes: readonly (Readable & Writable)[];
  /** Resolves with the exit code, 128 + n for signal n. Never rejects. */
  readonly exitCode: Promise<number>;
  kill(signal: NodeJS.Signals): void;
  /** Lets our process end while the child runs. */
  unref(): void;
}

/** Starts a program in a session of its own, so that it outlives us. Problem `unavailable` when it cannot be started. */
export async function spawnDetached(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<SpawnedProcess> {
  const extra = Array.from({ length: options.extraPipes ?? 0 }, () => "pipe" as const);
  const child = spawn(command, args, {
    detached: true,
    env: { PATH: defaultPath, ...options.env },
    stdio: [...(options.stdio ?? ["ignore", "ignore", "ignore"]), ...extra],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const ended = exitCode(child, command, "exit");
  ended.catch(() => undefined);
  if (child.pid === undefined) {
    await ended;
    throw new Problem("internal", `${command} started without a process id`);
  }
  const pipes = child.stdio.slice(3) as unknown as (Readable & Writable)[];
  for (const pipe of pipes) pipe.on("error", () => undefined); // the other end may vanish at any time
  return {
    pid: child.pid,
    stdin: child.stdin ?? undefined,
    stdout: child.stdout ?? undefined,
    stderr: child.stderr ?? undefined,
    pipes,
    exitCode: ended.catch(() => 127),
    kill: (signal) => void child.kill(signal),
    unref: () => child.unref(),
  };
}

/** `close` waits for the output pipes too, which a daemon may keep open for ever; `exit` does not. */
function exitCode(child: ChildProcess, command: string, event: "close" | "exit"): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", (thrown) => {
      if (child.pid === undefined) reject(cannotStart(command, thrown));
    });
    child.once(event, (code, signal) => resolve(code ?? 128 + signalNumber(signal)));
  });
}

function cannotStart(command: string, thrown: Error): Problem {
  const missing = errnoOf(thrown) === "ENOENT";
  const reason = missing ? "it is not installed" : thrown.message;
  return new Problem("unavailable", `cannot start ${command}: ${reason}`, {
    cause: thrown,
    ...(missing ? { hint: `install ${command} on this node`, retry: "never" } : {}),
  });
}

function collect(stream: Readable, limit: number): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on("data", (chunk: Buffer) => {
    if (size >= limit) return;
    chunks.push(chunk.subarray(0, limit - size));
    size += chunk.length;
  });
  stream.on("error", () => undefined);
  return () => Buffer.concat(chunks).toString();
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal === null ? 0 : constants.signals[signal];
}
