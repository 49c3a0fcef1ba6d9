/** Runs a command in a container, its streams kept apart, its exit code ours. */
import { Problem } from "#proto/kit/problem.ts";
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
  if (options.tty)
    throw new Problem("unsupported", "exec has no terminal (-t) yet", {
      hint: "leave -t out; -i alone passes standard input on",
    });
  await withConnection(global, environment, async (connection) => {
    const pod = await podOf(connection, word);
    const open = {
      kind: "exec",
      namespace: connection.namespace,
      pod: pod.metadata.name,
      container: containerOf(pod, options.container),
      exec: { command, stdin: options.stdin === true, terminal: false },
    };
    const stream = await FrameStream.open(connection.api.rpc, open, environment.signal);
    if (options.stdin) void pumpInput(stream, environment);
    try {
      await printStream(stream, environment);
      environment.setExitCode(stream.outcome.exitCode);
    } finally {
      stream.close();
    }
  });
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
