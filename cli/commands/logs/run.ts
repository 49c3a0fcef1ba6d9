/** Streams a container's log to standard output. */
import { withConnection } from "../../client/connect.ts";
import { FrameStream } from "../../client/frame-stream.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { containerOf, podOf } from "../pod-of.ts";

export interface LogsOptions {
  readonly container?: string;
  readonly follow?: boolean;
  readonly previous?: boolean;
  readonly since?: number;
  readonly tail?: number;
  readonly timestamps?: boolean;
  readonly limitBytes?: number;
}

export async function runLogs(
  word: string,
  options: LogsOptions,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  await withConnection(global, environment, async (connection) => {
    const pod = await podOf(connection, word);
    const open = {
      kind: "logs",
      namespace: connection.namespace,
      pod: pod.metadata.name,
      container: containerOf(pod, options.container),
      logs: {
        follow: options.follow === true,
        previous: options.previous === true,
        sinceMs: options.since ?? 0,
        tailLines: options.tail ?? -1,
        timestamps: options.timestamps === true,
        limitBytes: options.limitBytes ?? 0,
      },
    };
    const stream = await FrameStream.open(connection.api.rpc, open, environment.signal);
    try {
      for await (const { bytes } of stream.data()) {
        environment.out.write(bytes);
        await environment.out.drained();
      }
    } finally {
      stream.close();
    }
  });
}
