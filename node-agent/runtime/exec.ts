/**
 * Runs a further process in a container, by the runtime's `exec` with real pipes: /dev/stdout can be opened in it. Or with a terminal,
 * which the runtime makes in the container and hands over. It lives no longer than the agent needs it.
 */

import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { ConsoleSocket } from "../host/console-socket.ts";
import { readInMemory, unlinkInMemory, writeInMemory } from "../host/memory-files.ts";
import { awaitReap, closeAll, makePipe, pipeStream, posixSpawn } from "../host/posix-spawn.ts";
import { identifyProcess, signalProcess } from "../host/processes.ts";
import { systemPath } from "../host/programs.ts";
import { joinStreams } from "../host/stream-pair.ts";
import { openTerminal, type Terminal, type TerminalSize } from "../host/terminal.ts";
import type { ExecOptions, ExecSession } from "./container-runtime.ts";
import { toOciJson } from "./oci-json.ts";

export interface ExecTarget {
  readonly id: string;
  readonly bundle: string;
  readonly runtime: "crun" | "runc";
  readonly runtimePath: string;
  readonly stateDirectory: string;
  readonly clock: Clock;
}

const sigkill = 9;

const terminalTimeoutMs = 10_000;
/** What every terminal understands, for processes that were not told better. */
const defaultTerm = "TERM=xterm";

/** Problem `bad-request` without a command, `unsupported` for a terminal with runc. A command that cannot be started ends with 127. */
export async function execInContainer(
  target: ExecTarget,
  options: ExecOptions,
  signal: AbortSignal,
): Promise<ExecSession> {
  if (options.command.length === 0) throw new Problem("bad-request", "there is no command to execute");
  if (options.terminal && target.runtime !== "crun") {
    throw new Problem("unsupported", `a terminal in a container needs crun; this node runs ${target.runtime}`, {
      hint: "Install crun on the node (apt-get install crun), or leave the terminal (-t) out.",
    });
  }
  const name = `exec-${systemRandom.uuid()}`;
  const files = join(target.bundle, name);
  if (signal.aborted) throw Problem.from(signal.reason);
  writeInMemory(`${files}.json`, toOciJson(processOf(ownProcess(target), options)), 0o600);
  const console = options.terminal ? new ConsoleSocket(target.bundle, `${name}.sock`) : undefined;
  const started = startExec(target, name, {
    hasInput: options.stdin && !options.terminal,
    hasConsole: options.terminal,
  });
  const kill = (): void => void killExec(`${files}.pid`, started.pid).catch(() => undefined);
  signal.addEventListener("abort", kill, { once: true });
  const exitCode = ended(started, `${files}.pid`, target.clock).finally(() => {
    signal.removeEventListener("abort", kill);
    for (const suffix of ["json", "pid"]) unlinkInMemory(`${files}.${suffix}`);
  });
  exitCode.catch(() => undefined);
  const terminal = console && (await terminalOf(console, exitCode, target.clock, signal));
  return {
    stdio: terminal?.stream ?? started.stdio,
    stderr: started.stderr,
    resize: (rows, columns) => terminal?.resize({ rows, columns }),
    exitCode,
    kill,
  };
}

/** Of crun 1.8 and later; older ones leave the terminal's size to a resize that follows. */
const consoleSize = ({ rows, columns }: TerminalSize) => ({ height: rows, width: columns });

type OciProcess = Readonly<Record<string, unknown>>;

/** The container's own: the new one gets the same user, environment and confinement. */
function ownProcess({ id, bundle }: ExecTarget): OciProcess {
  const config = readInMemory(join(bundle, "config.json"));
  if (config !== undefined) return (JSON.parse(config) as { readonly process: OciProcess }).process;
  throw new Problem("conflict", "the container is gone", { object: `Container ${id}`, retry: "later" });
}

function processOf(own: OciProcess, { command, terminal, size }: ExecOptions): object {
  if (!terminal) return { ...own, args: command, terminal: false };
  const env = Array.isArray(own.env) ? (own.env as readonly string[]) : [];
  const told = env.some((variable) => variable.startsWith("TERM="));
  return {
    ...own,
    args: command,
    terminal: true,
    env: told ? env : [...env, defaultTerm],
    ...(size && { consoleSize: consoleSize(size) }),
  };
}

/** Undefined when the runtime ended without making one: its exit code and what it said tell why. */
async function terminalOf(
  console: ConsoleSocket,
  exitCode: Promise<number>,
  clock: Clock,
  signal: AbortSignal,
): Promise<Terminal | undefined> {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  exitCode.then(over, over);
  try {
    const fd = await console.receive(clock, { timeoutMs: terminalTimeoutMs, hasEnded: () => isOver, signal });
    return fd === undefined ? undefined : openTerminal(fd);
  } finally {
    console.close();
  }
}

interface StartedExec {
  readonly pid: number;
  readonly stdio: ExecSession["stdio"];
  readonly stderr: Readable;
  /** Ends when the runtime has: what runs in the container never has its other end. */
  readonly alive: Readable;
}

interface StartOptions {
  readonly hasInput: boolean;
  readonly hasConsole: boolean;
}

/** The runtime works in the bundle: names stay short enough for a socket. */
function startExec(target: ExecTarget, name: string, { hasInput, hasConsole }: StartOptions): StartedExec {
  const [output, errors, alive] = [makePipe(), makePipe(), makePipe()];
  // Without input a pipe at its end, not /dev/null: crun gives its streams to the container's user.
  const input = makePipe();
  if (!hasInput) closeAll([input.writeEnd]);
  const args = ["--root", target.stateDirectory, "exec", "--process", `${name}.json`, "--pid-file", `${name}.pid`];
  if (hasConsole) args.push("--console-socket", `${name}.sock`);
  let pid: number;
  try {
    pid = posixSpawn(target.runtimePath, [...args, target.id], {
      env: { PATH: systemPath },
      cwd: target.bundle,
      files: [input.readEnd, output.writeEnd, errors.writeEnd, alive.writeEnd],
    });
  } catch (thrown) {
    closeAll([output.readEnd, errors.readEnd, alive.readEnd, ...(hasInput ? [input.writeEnd] : [])]);
    throw thrown;
  } finally {
    closeAll([input.readEnd, output.writeEnd, errors.writeEnd, alive.writeEnd]);
  }
  const stdin = hasInput ? pipeStream(input.writeEnd, "writable") : undefined;
  return {
    pid,
    stdio: joinStreams(pipeStream(output.readEnd, "readable"), stdin),
    stderr: pipeStream(errors.readEnd, "readable"),
    alive: pipeStream(alive.readEnd, "readable"),
  };
}

/** As a shell says it. A runtime that found no such program has said so, with an exit code of its own. */
const cannotBeStarted = 127;
const runtimeFailed = 255;

async function ended(started: StartedExec, pidFile: string, clock: Clock): Promise<number> {
  await new Promise<void>((resolve) => started.alive.resume().once("close", () => resolve()));
  const exitCode = await awaitReap(started.pid, clock);
  // Both runtimes write it once the process is there, and never for one that is not.
  return exitCode !== runtimeFailed || existsSync(pidFile) ? exitCode : cannotBeStarted;
}

/** The process in the container, not only the runtime that waits for it. */
async function killExec(pidFile: string, runtimePid: number): Promise<void> {
  const text = (await readFile(pidFile, "utf8").catch(() => "")).trim();
  const inner = /^\d+$/.test(text) ? await identifyProcess(Number(text)) : undefined;
  const outer = inner ?? (await identifyProcess(runtimePid));
  if (outer) await signalProcess(outer, sigkill);
}

const leftFile = /^(exec-[0-9a-f-]{36})\.(?:json|pid|sock)$/;

/** Ends what a predecessor ran in the container and takes its files away: nobody reads its output any more. */
export async function endLeftExecs(id: string, bundle: string): Promise<void> {
  const files = (await readdir(bundle)).filter((file) => leftFile.test(file));
  for (const file of files.filter((name) => name.endsWith(".pid"))) {
    const pid = Number((await readFile(join(bundle, file), "utf8")).trim());
    const found = pid > 0 ? await identifyProcess(pid) : undefined;
    // The number may be another process's by now: those of the container are in its cgroup.
    const cgroups = found ? await readFile(`/proc/${pid}/cgroup`, "utf8").catch(() => "") : "";
    if (found && cgroups.includes(id)) await signalProcess(found, sigkill);
  }
  for (const file of files) await rm(join(bundle, file), { force: true });
}
