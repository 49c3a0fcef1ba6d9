/**
 * Starts programs without fork: Node's own spawn copies the page tables of a large process, which stops the event loop for milliseconds.
 * libuv reaps only its own children, so whoever starts one here also awaits it here.
 */
import { closeSync } from "node:fs";
import { Socket } from "node:net";
import koffi from "koffi";
import { type Clock, sleep } from "#proto/kit/clock.ts";
import { errnoOf, Problem } from "#proto/kit/problem.ts";
import { declare, SystemError } from "./libc.ts";

const library = koffi.load(null);
const nativeSpawn = library.func(
  "int posix_spawn(void *pid, const char *path, const void *actions, const void *attributes, const char **argv, const char **envp)",
);
const initActions = library.func("int posix_spawn_file_actions_init(void *actions)");
const destroyActions = library.func("int posix_spawn_file_actions_destroy(void *actions)");
const addDuplicate = library.func("int posix_spawn_file_actions_adddup2(void *actions, int from, int to)");
const addClose = library.func("int posix_spawn_file_actions_addclose(void *actions, int fd)");
const addDirectory = library.func("int posix_spawn_file_actions_addchdir_np(void *actions, const char *path)");
const initAttributes = library.func("int posix_spawnattr_init(void *attributes)");
const setFlags = library.func("int posix_spawnattr_setflags(void *attributes, short flags)");
const setDefaultSignals = library.func("int posix_spawnattr_setsigdefault(void *attributes, const void *set)");
const setSignalMask = library.func("int posix_spawnattr_setsigmask(void *attributes, const void *set)");
const nativePipe = declare<[Uint8Array, number]>("int pipe2(void *fds, int flags)");
const nativeWait = declare<[number, Uint8Array, number]>("int waitpid(int pid, void *status, int options)");

// Larger than glibc's and musl's structures.
const actionsBytes = 256;
const attributesBytes = 512;
const signalSetBytes = 128;
const flagSignalDefault = 0x04;
const flagSignalMask = 0x08;
const flagNewSession = 0x80;
const parkedFiles = 1_000;
const closeOnExec = 0o2000000;
const noHang = 1;

export interface Pipe {
  readonly readEnd: number;
  readonly writeEnd: number;
}

/** A real pipe: unlike Node's pairs of sockets it can be opened again through /dev/stdout. Both ends close on exec. */
export function makePipe(): Pipe {
  const fds = new Int32Array(2);
  nativePipe("pipe", new Uint8Array(fds.buffer), closeOnExec);
  const [readEnd = -1, writeEnd = -1] = fds;
  return { readEnd, writeEnd };
}

/** Our end of a pipe as a stream, which then owns it. */
export function pipeStream(fd: number, direction: "readable" | "writable"): Socket {
  const socket = new Socket({ fd, readable: direction === "readable", writable: direction === "writable" });
  socket.on("error", () => undefined); // the other end may vanish at any time
  return socket;
}

export interface PosixSpawnOptions {
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** File descriptors of ours that become 0, 1, 2 … of the child. Everything else of ours closes on exec. */
  readonly files: readonly number[];
}

/** Returns the pid of the new process, in a session of its own, with no signal blocked or ignored. `path` is absolute. */
export function posixSpawn(path: string, args: readonly string[], options: PosixSpawnOptions): number {
  const actions = Buffer.alloc(actionsBytes);
  const pid = Buffer.alloc(4);
  initActions(actions);
  try {
    placeFiles(actions, options.files);
    if (options.cwd !== undefined) addDirectory(actions, options.cwd);
    const argv = [path, ...args, null];
    const envp = [...Object.entries(options.env).map(([name, value]) => `${name}=${value}`), null];
    const errno: number = nativeSpawn(pid, path, actions, sessionAttributes(), argv, envp);
    if (errno !== 0) throw cannotStart(path, errno);
  } finally {
    destroyActions(actions);
  }
  return pid.readInt32LE(0);
}

/** Sources that are targets too would be overwritten before they are used: then all go through high numbers. */
function placeFiles(actions: Buffer, files: readonly number[]): void {
  const clashes = files.some((source, target) => source < files.length && source !== target);
  const from = (target: number, source: number): number => (clashes ? parkedFiles + target : source);
  for (const [target, source] of files.entries()) if (clashes) addDuplicate(actions, source, parkedFiles + target);
  for (const [target, source] of files.entries()) addDuplicate(actions, from(target, source), target);
  for (const target of files.keys()) if (clashes) addClose(actions, parkedFiles + target);
}

function sessionAttributes(): Buffer {
  const attributes = Buffer.alloc(attributesBytes);
  initAttributes(attributes);
  setFlags(attributes, flagSignalDefault | flagSignalMask | flagNewSession);
  setDefaultSignals(attributes, Buffer.alloc(signalSetBytes, 0xff));
  setSignalMask(attributes, Buffer.alloc(signalSetBytes));
  return attributes;
}

function cannotStart(path: string, errno: number): Problem {
  const cause = new SystemError("posix_spawn", errno, path);
  const reason = errnoOf(cause) === "ENOENT" ? "it is not installed" : cause.code;
  return new Problem("unavailable", `cannot start ${path}: ${reason}`, { cause, retry: "never" });
}

/** Exit code, 128 + n for signal n; undefined while it runs. Call it no more once it has answered. */
export function reapProcess(pid: number): number | undefined {
  const status = Buffer.alloc(4);
  if (nativeWait(`waitpid ${pid}`, pid, status, noHang) === 0) return undefined;
  const bits = status.readInt32LE(0);
  const signal = bits & 0x7f;
  return signal === 0 ? (bits >> 8) & 0xff : 128 + signal;
}

const reapPauseMs = 1;
const reapTimeoutMs = 10_000;

/** For a process that is known to be ending: it is a moment between its last file's closing and its death. */
export async function awaitReap(pid: number, clock: Clock): Promise<number> {
  const deadlineMs = clock.monotonicMs() + reapTimeoutMs;
  for (let pauseMs = reapPauseMs; ; pauseMs = Math.min(pauseMs * 2, 100)) {
    const code = reapProcess(pid);
    if (code !== undefined) return code;
    if (clock.monotonicMs() > deadlineMs) throw new Problem("timeout", `process ${pid} does not end`);
    await sleep(clock, pauseMs);
  }
}

export function closeAll(fds: readonly number[]): void {
  for (const fd of fds) closeSync(fd);
}
