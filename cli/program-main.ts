/** Builds the world for the commands, runs one, and turns a Problem into a sentence and an exit code. */
import { writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { CommanderError } from "commander";
import { systemClock } from "#proto/kit/clock.ts";
import { holdEventLoop } from "#proto/kit/hold-event-loop.ts";
import { Problem } from "#proto/kit/problem.ts";
import { version } from "#proto/kit/version.ts";
import { asParsed } from "./command-line.ts";
import type { Environment, Input, Output, WindowSize } from "./environment.ts";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import { printProblem } from "./printers/problem.ts";
import { type Additions, createProgram } from "./program.ts";
import { detailsOf, problemOf } from "./unexpected.ts";

/** Opened by the first who asks for it: a command that has nothing to say never does. */
class LazyOutput implements Output {
  readonly #open: () => NodeJS.WriteStream;
  #opened: NodeJS.WriteStream | undefined;

  constructor(open: () => NodeJS.WriteStream) {
    this.#open = open;
  }

  get #stream(): NodeJS.WriteStream {
    // A reader that left (`orchctl get pods | head -1`) is no error, and nobody hears the rest.
    this.#opened ??= this.#open().on("error", (error: NodeJS.ErrnoException) => {
      process.exit(error.code === "EPIPE" ? exitCodes.ok : exitCodes.failed);
    });
    return this.#opened;
  }

  write(text: string | Uint8Array): void {
    this.#stream.write(text);
  }

  drained(): Promise<void> {
    const stream = this.#stream;
    if (!stream.writableNeedDrain) return Promise.resolve();
    return new Promise((resolve) => {
      const settle = (): void => {
        stream.off("drain", settle).off("close", settle);
        resolve();
      };
      stream.on("drain", settle).on("close", settle);
    });
  }

  /** Resolves when all that was written has left the process. */
  flushed(): Promise<void> {
    const stream = this.#opened;
    return stream ? new Promise((resolve) => stream.write("", () => resolve())) : Promise.resolve();
  }

  get isTerminal(): boolean {
    return this.#stream.isTTY === true;
  }

  get columns(): number {
    return this.#stream.columns ?? 80;
  }

  size(): WindowSize | undefined {
    const { isTTY, rows, columns } = this.#stream;
    return isTTY ? { rows, columns } : undefined;
  }

  onResize(handler: () => void): () => void {
    const stream = this.#stream;
    stream.on("resize", handler);
    return () => stream.off("resize", handler);
  }
}

/** Standard input is opened by the first who asks for it: most commands never do. */
function lazyInput(): Input {
  return {
    get isTerminal() {
      return process.stdin.isTTY === true;
    },
    setRaw: (raw) => void process.stdin.setRawMode(raw),
    [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>,
  };
}

/** As in Docker: whoever presses Ctrl-C so often means us. */
const forcefulSignals = 3;

function createEnvironment(directory: string, out: Output, err: Output): Environment {
  const stopping = new AbortController();
  let handle: ((name: "SIGINT" | "SIGTERM") => void) | undefined;
  let handled = 0;
  const onSignal = (name: NodeJS.Signals): void => {
    if (handle && ++handled < forcefulSignals) {
      handle(name === "SIGINT" ? "SIGINT" : "SIGTERM");
      return;
    }
    if (stopping.signal.aborted) process.exit(exitCodes.interrupted);
    stopping.abort(new Problem("canceled", "interrupted"));
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  const { env } = process;
  return {
    out,
    err,
    input: lazyInput(),
    variables: env,
    homeDirectory: env.HOME ?? homedir(),
    workingDirectory: process.cwd(),
    programs: env.ORCH_PROGRAMS ?? join(directory, ".."),
    clock: systemClock,
    signal: stopping.signal,
    onStopSignal(handler) {
      handle = handler;
      handled = 0;
      return () => {
        handle = undefined;
      };
    },
    get color() {
      return env.NO_COLOR === undefined && env.TERM !== "dumb" && out.isTerminal;
    },
    setExitCode: (code) => {
      process.exitCode = code;
    },
  };
}

async function run(environment: Environment, additions: Additions): Promise<void> {
  try {
    const words = process.argv.slice(2);
    const program = createProgram(environment, additions, words[0]);
    await program.parseAsync([...asParsed(program, words)], { from: "user" });
  } catch (thrown) {
    // commander has said what it had to say, and set the exit code.
    if (thrown instanceof CommanderError) return;
    if (environment.signal.aborted) process.exitCode = exitCodes.interrupted;
    else fail(thrown, environment);
  }
}

function fail(thrown: unknown, environment: Environment): void {
  const problem = problemOf(thrown);
  printProblem(problem, environment);
  process.exitCode = exitCodeOf(problem);
  if (!environment.variables.ORCH_DEBUG) return;
  const file = join(tmpdir(), `orchctl-${process.pid}.log`);
  writeFileSync(file, `orchctl ${version}, Node ${process.version}\n${detailsOf(thrown)}`, { mode: 0o600, flag: "wx" });
  environment.err.write(`  details are in ${file}\n`);
}

/**
 * Ends the process: what a command left open (standard input, a connection) must not keep it. `directory` is that of the program's first
 * file: bundled, this one lies elsewhere.
 */
export async function runProgram(directory: string, additions: Additions): Promise<void> {
  const [out, err] = [new LazyOutput(() => process.stdout), new LazyOutput(() => process.stderr)];
  const environment = createEnvironment(directory, out, err);
  // Errors that nobody awaited: said like any other, never as a stack trace.
  const onLost = (thrown: unknown): void => {
    fail(thrown, environment);
    process.exit();
  };
  process.on("uncaughtException", onLost);
  process.on("unhandledRejection", onLost);
  await holdEventLoop(run(environment, additions));
  await Promise.all([out.flushed(), err.flushed()]);
  process.exit();
}
