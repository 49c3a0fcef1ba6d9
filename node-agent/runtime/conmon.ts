/**
 * Starts containers under conmon, which outlives the agent: it holds the container's output, writes its log and its exit code, and
 * notes when the kernel killed it for memory (contract of conmon 2.1, tested against 2.1.6).
 */
import { openSync } from "node:fs";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { awaitReap, closeAll, makePipe, pipeStream, posixSpawn } from "../host/posix-spawn.ts";
import { systemPath } from "../host/programs.ts";
import type { RuntimeBinaries } from "./runtime-binaries.ts";

export interface ConmonOptions {
  readonly binaries: RuntimeBinaries;
  readonly stateDirectory: string;
  readonly exitDirectory: string;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Moves the process to where supervisors live; it waits for that before it starts anything. */
  readonly place: (pid: number) => Promise<void>;
}

export interface ConmonContainer {
  readonly id: string;
  readonly bundle: string;
  readonly logPath: string;
  readonly terminal: boolean;
  readonly stdin: boolean;
  readonly stdinOnce: boolean;
}

export const bundleFiles = {
  pid: "pid",
  conmonPid: "conmon.pid",
  /** Empty file: the kernel killed something in the container for memory. */
  oom: "oom",
} as const;

/** Answer on the sync pipe (api version 1): the pid, or a negative number with the runtime's words. */
interface SyncMessage {
  readonly pid: number;
  readonly message: string | undefined;
}

const lastResortLogBytes = 256 * 1024 * 1024;
const maxSyncBytes = 64 * 1024;

/** Creates the container and returns its first process's pid. Problem `invalid` when the runtime refuses the spec. */
export async function createWithConmon(
  container: ConmonContainer,
  options: ConmonOptions,
  signal: AbortSignal,
): Promise<number> {
  const { pid, sync, start, complaint } = startConmon(container, options);
  try {
    await options.place(pid);
    start.end("\n");
    const line = await firstLine(sync, pid, options, signal);
    await awaitReap(pid, options.clock); // a daemon runs on for it, whose pid is written by now
    return acceptedPid(parseSyncMessage(line), options.binaries.name);
  } catch (thrown) {
    // It makes a daemon of itself at once: after that the daemon's pid is known to whoever cleans up.
    await awaitReap(pid, options.clock).catch(() => undefined);
    const words = complaint.text();
    if (words === "") throw thrown;
    throw new Problem("internal", `conmon cannot start the container: ${words}`, { cause: thrown });
  } finally {
    for (const stream of [sync, start, complaint.stream]) stream.destroy();
  }
}

interface StartedConmon {
  readonly pid: number;
  readonly sync: Readable;
  readonly start: Writable;
  readonly complaint: { readonly stream: Readable; text(): string };
}

function startConmon(container: ConmonContainer, options: ConmonOptions): StartedConmon {
  const [sync, start, complaint] = [makePipe(), makePipe(), makePipe()];
  const nothing = openSync("/dev/null", "r+");
  let pid: number;
  try {
    pid = posixSpawn(options.binaries.conmonPath, conmonArguments(container, options), {
      cwd: container.bundle, // where it leaves its mark when memory ran out
      env: { PATH: systemPath, _OCI_SYNCPIPE: "3", _OCI_STARTPIPE: "4" },
      // it closes its standard error once it is a daemon
      files: [nothing, nothing, complaint.writeEnd, sync.writeEnd, start.readEnd],
    });
  } catch (thrown) {
    closeAll([sync.readEnd, start.writeEnd, complaint.readEnd]);
    throw thrown;
  } finally {
    closeAll([nothing, sync.writeEnd, start.readEnd, complaint.writeEnd]);
  }
  return {
    pid,
    sync: pipeStream(sync.readEnd, "readable"),
    start: pipeStream(start.writeEnd, "writable"),
    complaint: firstWords(pipeStream(complaint.readEnd, "readable")),
  };
}

export function conmonArguments(
  container: ConmonContainer,
  options: Pick<ConmonOptions, "binaries" | "stateDirectory" | "exitDirectory">,
): readonly string[] {
  const { id, bundle } = container;
  return [
    ...["--api-version", "1", "--full-attach"],
    ...["-c", id, "-u", id, "-n", id],
    ...["-b", bundle, "-r", options.binaries.runtimePath],
    ...["-p", join(bundle, bundleFiles.pid), "-P", join(bundle, bundleFiles.conmonPid)],
    ...["--exit-dir", options.exitDirectory, "--persist-dir", bundle],
    // The agent rotates long before. At this size conmon throws the log away: better than the node's disk, when the agent cannot.
    ...["--log-size-max", String(lastResortLogBytes)],
    ...["-l", `k8s-file:${container.logPath}`, "--log-level", "error", "--no-sync-log"],
    ...["--runtime-arg", "--root", "--runtime-arg", options.stateDirectory],
    ...(container.terminal ? ["-t"] : []),
    ...(container.stdin ? ["-i"] : []),
    // A terminal outlives whoever looks at it: its input would never come back.
    ...(container.stdin && (!container.stdinOnce || container.terminal) ? ["--leave-stdin-open"] : []),
  ];
}

export function firstWords(stream: Readable): StartedConmon["complaint"] {
  let text = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    text = (text + chunk).slice(0, 2_000);
  });
  return { stream, text: () => text.trim() };
}

function firstLine(sync: Readable, pid: number, options: ConmonOptions, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const settle = (act: () => void): void => {
      timer.cancel();
      signal.removeEventListener("abort", onAbort);
      act();
    };
    const fail = (problem: Problem): void => settle(() => reject(problem));
    const onAbort = (): void => fail(Problem.from(signal.reason));
    const timer = options.clock.after(options.timeoutMs, () => {
      process.kill(pid, "SIGKILL");
      fail(new Problem("timeout", `the container was not created within ${options.timeoutMs} ms`));
    });
    signal.addEventListener("abort", onAbort, { once: true });
    sync.setEncoding("utf8");
    sync.on("data", (chunk: string) => {
      text += chunk;
      const end = text.indexOf("\n");
      if (end >= 0) settle(() => resolve(text.slice(0, end)));
      else if (text.length > maxSyncBytes) fail(new Problem("internal", "conmon's answer is too long"));
    });
    sync.on("close", () => fail(new Problem("internal", "conmon ended without an answer")));
  });
}

export function parseSyncMessage(line: string): SyncMessage {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Problem("internal", `conmon answered ${JSON.stringify(line.slice(0, 200))}`);
  }
  const fields = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  const pid = fields.pid ?? fields.data;
  return {
    pid: typeof pid === "number" ? pid : -1,
    message: typeof fields.message === "string" ? fields.message : undefined,
  };
}

function acceptedPid(message: SyncMessage, runtime: string): number {
  if (message.pid > 0) return message.pid;
  throw new Problem("invalid", `${runtime} cannot create the container: ${runtimeReason(message.message)}`);
}

/** The last thing the runtime said, without its log prefix and JSON. */
export function runtimeReason(output: string | undefined): string {
  const lines = (output ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  const last = lines.at(-1);
  if (last === undefined) return "it gave no reason";
  const quoted = /msg="((?:[^"\\]|\\.)*)"/.exec(last)?.[1] ?? /"msg":"((?:[^"\\]|\\.)*)"/.exec(last)?.[1];
  const words = quoted?.replaceAll('\\"', '"') ?? last;
  return words.replace(/^\d{4}-\S+Z: /, "").slice(0, 2_000);
}
