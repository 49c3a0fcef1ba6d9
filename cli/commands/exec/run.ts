/** Runs a command in a container, its streams kept apart, its exit code ours. */
import { withConnection } from "../../client/connect.ts";
import { FrameStream } from "../../client/frame-stream.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { containerOf, podOf } from "../pod-of.ts";

export interface ExecOptions {
  readonly container?: string;
  readonly stdin?: boolean;
  readonly tty?: boolean;
}

export async function runExec(
  word: string,
  command: readonly string[],
  options: ExecOptions,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const terminal = wantsTerminal(options, environment);
  await withConnection(global, environment, async (connection) => {
    const pod = await podOf(connection, word);
    const open = {
      kind: "exec",
      namespace: connection.namespace,
      pod: pod.metadata.name,
      container: containerOf(pod, options.container),
      exec: { command, stdin: options.stdin === true, terminal, size: terminal ? environment.out.size() : undefined },
    };
    const stream = await FrameStream.open(connection.api.rpc, open, environment.signal);
    const leave = terminal ? enterTerminal(stream, environment) : () => undefined;
    if (options.stdin) void pumpInput(stream, environment);
    try {
      await printStream(stream, environment);
      environment.setExitCode(stream.outcome.exitCode);
    } finally {
      leave();
      stream.close();
    }
  });
}

/** A terminal there needs one here. */
function wantsTerminal({ tty, stdin }: ExecOptions, { input, err }: Environment): boolean {
  if (!tty) return false;
  if (!stdin || input.isTerminal) return true;
  err.write("Standard input is no terminal: going on without one there, as without -t.\n");
  return false;
}

/** Keys go there as they are pressed, and the size follows ours, until the returned function is called. */
function enterTerminal(stream: FrameStream, { input, out }: Environment): () => void {
  const stopTelling = out.onResize(() => {
    const size = out.size();
    // A size that cannot be told any more is of no use.
    if (size) stream.resize(size.rows, size.columns).catch(() => undefined);
  });
  if (input.isTerminal) input.setRaw(true);
  return () => {
    stopTelling();
    if (input.isTerminal) input.setRaw(false);
  };
}

/** Standard input towards the container until it ends; the command's end stops it too. */
export async function pumpInput(stream: FrameStream, environment: Environment): Promise<void> {
  try {
    for await (const chunk of environment.input) await stream.write(chunk);
    await stream.endInput();
  } catch {
    // The command ended first: its outcome is what counts.
    stream.close();
  }
}

export async function printStream(stream: FrameStream, environment: Environment): Promise<void> {
  for await (const part of stream.data()) {
    const target = part.stream === "err" ? environment.err : environment.out;
    target.write(part.bytes);
    await target.drained();
  }
}
