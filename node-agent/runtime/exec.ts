/** Runs a further process in a container. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { constants } from "node:os";
import { join } from "node:path";
import { Problem } from "#proto/kit/problem.ts";
import { joinStreams } from "../host/stream-pair.ts";
import type { ExecOptions, ExecSession } from "./container-runtime.ts";

export interface ExecTarget {
  readonly id: string;
  readonly bundle: string;
  /** The container's own process, of its config.json: the new one gets the same user, environment and confinement. */
  readonly process: Readonly<Record<string, unknown>>;
  readonly runtimePath: string;
  readonly stateDirectory: string;
}

export async function execInContainer(
  target: ExecTarget,
  options: ExecOptions,
  signal: AbortSignal,
): Promise<ExecSession> {
  if (options.command.length === 0) throw new Problem("bad-request", "there is no command to execute");
  if (options.terminal) throw new Problem("unsupported", "terminals are not supported yet");
  if (signal.aborted) throw Problem.from(signal.reason);
  const specPath = join(target.bundle, `exec-${randomUUID()}.json`);
  await writeFile(specPath, JSON.stringify({ ...target.process, args: options.command, terminal: false }), {
    mode: 0o600,
  });
  const child = spawn(target.runtimePath, ["--root", target.stateDirectory, "exec", "--process", specPath, target.id], {
    stdio: [options.stdin ? "pipe" : "ignore", "pipe", "pipe"],
    env: {},
    detached: true,
  });
  const kill = (): void => void child.kill("SIGKILL");
  signal.addEventListener("abort", kill, { once: true });
  const exitCode = new Promise<number>((resolve) => {
    child.once("error", () => resolve(127));
    child.once("exit", (code, name) => resolve(code ?? 128 + (name === null ? 0 : constants.signals[name])));
  });
  void exitCode.then(() => {
    signal.removeEventListener("abort", kill);
    return rm(specPath, { force: true });
  });
  if (!child.stdout || !child.stderr) throw new Problem("internal", "the runtime started without pipes");
  return {
    stdio: joinStreams(child.stdout, child.stdin ?? undefined),
    stderr: child.stderr,
    resize: () => undefined,
    exitCode,
    kill,
  };
}
