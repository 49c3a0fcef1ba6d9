/** logs: what a container wrote, as it wrote it; follows until it ends. */
import type { Clock } from "#proto/kit/clock.ts";
import type { ContainerLogs, LogQuery } from "../logs/container-logs.ts";
import { attemptOf, type FindRecord, findContainer } from "./pod-lookup.ts";
import type { StreamServer, StreamTarget } from "./serve-stream.ts";

export function logsServer(logs: ContainerLogs, find: FindRecord, clock: Clock): StreamServer {
  return async (target, stream, signal) => {
    const readable = logs.read(query(target, find, clock), signal);
    try {
      for await (const chunk of readable) await stream.write(chunk as Buffer);
    } finally {
      readable.destroy();
    }
    return { exitCode: 0 };
  };
}

function query(target: StreamTarget, find: FindRecord, clock: Clock): LogQuery {
  const options = target.logs ?? {};
  const found = findContainer(target, find);
  const sinceMs = Number(options.sinceMs ?? 0);
  const tailLines = Number(options.tailLines ?? -1);
  const limitBytes = Number(options.limitBytes ?? 0);
  const attempt = attemptOf(found, options.previous ?? false);
  const isOver = !found.known.started || found.known.ended !== undefined || attempt !== found.known.attempt;
  return {
    podUid: found.record.uid,
    container: found.name,
    attempt,
    follow: (options.follow ?? false) && !isOver,
    timestamps: options.timestamps ?? false,
    ...(sinceMs > 0 && { sinceMs: clock.nowMs() - sinceMs }),
    ...(tailLines >= 0 && { tailLines }),
    ...(limitBytes > 0 && { limitBytes }),
  };
}
