/** orchctl. Builds the world for the commands, runs one, and turns a Problem into a sentence and an exit code. */
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { CommanderError } from "commander";
import { systemClock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Environment, Output } from "./environment.ts";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import { printProblem } from "./printers/problem.ts";
import { createProgram } from "./program.ts";

function outputTo(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => void stream.write(text),
    drained: () =>
      stream.writableNeedDrain ? new Promise((resolve) => stream.once("drain", () => resolve())) : Promise.resolve(),
    isTerminal: stream.isTTY === true,
    columns: stream.columns ?? 80,
  };
}

function createEnvironment(): Environment {
  const stopping = new AbortController();
  const onSignal = (): void => {
    if (stopping.signal.aborted) process.exit(exitCodes.interrupted);
    stopping.abort(new Problem("canceled", "interrupted"));
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  // A reader that left (`orchctl get pods | head -1`) is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
  });
  const out = outputTo(process.stdout);
  const { env } = process;
  return {
    out,
    err: outputTo(process.stderr),
    input: Object.assign(process.stdin, { isTerminal: process.stdin.isTTY === true }),
    variables: env,
    homeDirectory: env.HOME ?? homedir(),
    workingDirectory: process.cwd(),
    programs: env.ORCH_PROGRAMS ?? join(dirname(import.meta.filename), ".."),
    clock: systemClock,
    signal: stopping.signal,
    color: out.isTerminal && env.NO_COLOR === undefined && env.TERM !== "dumb",
    setExitCode: (code) => {
      process.exitCode = code;
    },
  };
}

const environment = createEnvironment();
try {
  await createProgram(environment).parseAsync(process.argv);
} catch (thrown) {
  const problem = Problem.from(thrown);
  if (thrown instanceof CommanderError) {
    // It has said what it had to say, and set the exit code.
  } else if (environment.signal.aborted) process.exitCode = exitCodes.interrupted;
  else {
    printProblem(problem, environment);
    process.exitCode = exitCodeOf(problem.code);
  }
}
