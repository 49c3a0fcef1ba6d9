/**
 * Runs a further process in a container, by the runtime's `exec` with real pipes: /dev/stdout can be opened in it. It lives no longer
 * than the agent needs it; terminals are not supported yet.
 */

import { openSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { systemRandom } from "#proto/kit/random.ts";
import { awaitReap, closeAll, makePipe, pipeStream, posixSpawn } from "../host/posix-spawn.ts";
import { identifyProcess, signalProcess } from "../host/processes.ts";
import { systemPath } from "../host/programs.ts";
import { joinStreams } from "../host/stream-pair.ts";
import type { ExecOptions, ExecSession } from "./container-runtime.ts";

export interface ExecTarget {
  readonly id: string;
  readonly bundle: string;
  /** The container's own process, of its config.json: the new one gets the same user, environment and confinement. */
  readonly process: Readonly<Record<string, unknown>>;
  readonly runtimePath: string;
  readonly stateDirectory: string;
  readonly clock: Clock;
}

const sigkill = 9;

/** Problem `bad-request` without a command, `unsupported` with a terminal. A command that does not exist ends with 126 or 127. */
export async function execInContainer(
  target: ExecTarget,
  options: ExecOptions,
  signal: AbortSignal,
): Promise<ExecSession> {
  if (options.command.length === 0) throw new Problem("bad-request", "there is no command to execute");
  if (options.terminal) throw new Problem("unsupported", "terminals are not supported yet");
  const files = join(target.bundle, `exec-${systemRandom.uuid()}`);
  const spec = { ...target.process, args: options.command, terminal: false };
  await writeFile(`${files}.json`, JSON.stringify(spec), { mode: 0o600 });
  if (signal.aborted) {
    await rm(`${files}.json`, { force: true });
    throw Problem.from(signal.reason);
  }
  const started = startExec(target, files, options.stdin);
  const kill = (): void => void killExec(`${files}.pid`, started.pid).catch(() => undefined);
  signal.addEventListener("abort", kill, { once: true });
  const exitCode = ended(started, target.clock).finally(async () => {
    signal.removeEventListener("abort", kill);
    for (const suffix of ["json", "pid"]) await rm(`${files}.${suffix}`, { force: true });
  });
  exitCode.catch(() => undefined);
  return { stdio: started.stdio, stderr: started.stderr, resize: () => undefined, exitCode, kill };
}

interface StartedExec {
  readonly pid: number;
  readonly stdio: ExecSession["stdio"];
  readonly stderr: Readable;
  /** Ends when the runtime has: what runs in the container never has its other end. */
  readonly alive: Readable;
}

function startExec(target: ExecTarget, files: string, hasInput: boolean): StartedExec {
  const [output, errors, alive] = [makePipe(), makePipe(), makePipe()];
  const input = hasInput ? makePipe() : undefined;
  const nothing = openSync("/dev/null", "r");
  const args = ["--root", target.stateDirectory, "exec", "--process", `${files}.json`, "--pid-file", `${files}.pid`];
  let pid: number;
  try {
    pid = posixSpawn(target.runtimePath, [...args, target.id], {
      env: { PATH: systemPath },
      files: [input?.readEnd ?? nothing, output.writeEnd, errors.writeEnd, alive.writeEnd],
    });
  } catch (thrown) {
    closeAll([output.readEnd, errors.readEnd, alive.readEnd, ...(input ? [input.writeEnd] : [])]);
    throw thrown;
  } finally {
    closeAll([nothing, output.writeEnd, errors.writeEnd, alive.writeEnd, ...(input ? [input.readEnd] : [])]);
  }
  const stdin = input && pipeStream(input.writeEnd, "writable");
  return {
    pid,
    stdio: joinStreams(pipeStream(output.readEnd, "readable"), stdin),
    stderr: pipeStream(errors.readEnd, "readable"),
    alive: pipeStream(alive.readEnd, "readable"),
  };
}

async function ended(started: StartedExec, clock: Clock): Promise<number> {
  await new Promise<void>((resolve) => started.alive.resume().once("close", () => resolve()));
  return awaitReap(started.pid, clock);
}

/** The process in the container, not only the runtime that waits for it. */
async function killExec(pidFile: string, runtimePid: number): Promise<void> {
  const text = (await readFile(pidFile, "utf8").catch(() => "")).trim();
  const inner = /^\d+$/.test(text) ? await identifyProcess(Number(text)) : undefined;
  const outer = inner ?? (await identifyProcess(runtimePid));
  if (outer) await signalProcess(outer, sigkill);
}
