/** Runs a command in a container, its streams kept apart, its exit code ours. */
import { type Connection, withConnection } from "../../client/connect.ts";
import { FrameStream } from "../../client/frame-stream.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { followSize, printStream, pumpInput, wantsTerminal } from "../attach/session.ts";
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
    const open = {
      kind: "exec",
      namespace: connection.namespace,
      ...(await placeOf(word, options.container, connection)),
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

/** A pod by its plain name is looked up where the stream is opened: once is enough. */
async function placeOf(
  word: string,
  wanted: string | undefined,
  connection: Connection,
): Promise<{ readonly pod: string; readonly container: string }> {
  if (wanted === undefined && !word.includes("/")) return { pod: word, container: "" };
  const pod = await podOf(connection, word);
  return { pod: pod.metadata.name, container: containerOf(pod, wanted) };
}

/** Keys go there as they are pressed, and the size follows ours, until the returned function is called. */
function enterTerminal(stream: FrameStream, environment: Environment): () => void {
  const { input } = environment;
  const stopTelling = followSize(stream, environment);
  if (input.isTerminal) input.setRaw(true);
  return () => {
    stopTelling();
    if (input.isTerminal) input.setRaw(false);
  };
}
