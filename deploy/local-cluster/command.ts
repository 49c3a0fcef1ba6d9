/** Runs a system command to its end and says plainly what failed. Never through a shell. */
import { spawnSync } from "node:child_process";
import { Problem } from "#proto/kit/problem.ts";

export interface CommandResult {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

export function tryCommand(command: string, args: readonly string[], input?: string): CommandResult {
  const result = spawnSync(command, args, {
    encoding: "utf8",
    timeout: 60_000,
    maxBuffer: 16 * 1024 * 1024,
    ...(input !== undefined && { input }),
  });
  if (result.error) {
    const missing = "code" in result.error && result.error.code === "ENOENT";
    throw missing
      ? new Problem("unavailable", `the program ${command} is not installed`, {
          hint: "run deploy/setup/packages.sh run",
        })
      : new Problem("internal", `${command} could not run: ${result.error.message}`, { cause: result.error });
  }
  return { code: result.status ?? 128, output: result.stdout, errors: result.stderr };
}

export function command(name: string, args: readonly string[], input?: string): string {
  const result = tryCommand(name, args, input);
  if (result.code !== 0) {
    const said = (result.errors || result.output).trim().slice(0, 400);
    throw new Problem("internal", `${name} ${args.join(" ").slice(0, 200)} failed (exit ${result.code}): ${said}`);
  }
  return result.output;
}
