/** Joins a running container: its output from now on, our input if it takes any, its exit code ours. */
import { withConnection } from "../../client/connect.ts";
import { FrameStream } from "../../client/frame-stream.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { containerOf, podOf } from "../pod-of.ts";
import { parseDetachKeys } from "./detach-keys.ts";
import { carrySession, wantsTerminal } from "./session.ts";

export interface AttachOptions {
  readonly container?: string;
  readonly stdin?: boolean;
  readonly tty?: boolean;
  readonly detachKeys: string;
}

export async function runAttach(
  word: string,
  options: AttachOptions,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const detachKeys = parseDetachKeys(options.detachKeys);
  const terminal = wantsTerminal(options, environment);
  const stdin = options.stdin === true;
  await withConnection(global, environment, async (connection) => {
    const { namespace, api } = connection;
    const pod = await podOf(connection, word);
    const container = containerOf(pod, options.container);
    const size = terminal ? environment.out.size() : undefined;
    const open = { kind: "attach", namespace, pod: pod.metadata.name, container, attach: { stdin, size } };
    const stream = await FrameStream.open(api.rpc, open, environment.signal);
    const say = (words: string): void => environment.err.write(`${words}\n`);
    try {
      const hasLeft = await carrySession(
        stream,
        {
          ...{ stdin, terminal, detachKeys, passSignals: false },
          onReady: (made) => {
            if (stdin && !made.stdin)
              say(`container ${container} takes no input (stdin: true is not in its spec): this is its output only`);
            if (terminal && !made.terminal) say(`container ${container} has no terminal: going on as without -t`);
            else if (terminal && stdin) say("If you see no prompt, press Enter.");
          },
        },
        environment,
      );
      if (hasLeft) say(`\nleft pod ${pod.metadata.name}, which goes on`);
      else environment.setExitCode(stream.outcome.exitCode);
    } finally {
      stream.close();
    }
  });
}
