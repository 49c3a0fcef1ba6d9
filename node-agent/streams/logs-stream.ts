/** logs: what a container wrote, as it wrote it; follows until it ends. */
import { type Clock, toTime } from "#proto/kit/clock.ts";
import type { ContainerLogs, LogQuery } from "../logs/container-logs.ts";
import type { FrameStream } from "./frame-stream.ts";
import { attemptOf, type FindRecord, findContainer } from "./pod-lookup.ts";
import type { StreamServer, StreamTarget } from "./serve-stream.ts";

export function logsServer(logs: ContainerLogs, find: FindRecord, clock: Clock): StreamServer {
  return async (target, stream, signal) => {
    if (target.logs?.gone) return goneLogs(target, stream, logs, clock, signal);
    for await (const chunk of logs.read(query(target, find, clock), signal)) await stream.write(chunk);
    return { exitCode: 0 };
  };
}

async function goneLogs(
  target: StreamTarget,
  stream: FrameStream,
  logs: ContainerLogs,
  clock: Clock,
  signal: AbortSignal,
): Promise<{ readonly exitCode: number }> {
  const { namespace, pod, container } = target;
  const where = { namespace: namespace ?? "", pod: pod ?? "", container: container ?? "" };
  const asked = { ...where, previous: target.logs?.previous ?? false, ...selection(target, clock) };
  const { goneAtMs, log } = await logs.readGone(asked, signal);
  await stream.write(Buffer.from(`pod ${pod} is gone since ${toTime(goneAtMs)}: this is its last log\n`), "errorData");
  for await (const chunk of log) await stream.write(chunk);
  return { exitCode: 0 };
}

type Selection = Pick<LogQuery, "timestamps" | "sinceMs" | "tailLines" | "limitBytes">;

/** Which of the lines. */
function selection({ logs }: StreamTarget, clock: Clock): Selection {
  const sinceMs = Number(logs?.sinceMs ?? 0);
  const tailLines = Number(logs?.tailLines ?? -1);
  const limitBytes = Number(logs?.limitBytes ?? 0);
  return {
    timestamps: logs?.timestamps ?? false,
    ...(sinceMs > 0 && { sinceMs: clock.nowMs() - sinceMs }),
    ...(tailLines >= 0 && { tailLines }),
    ...(limitBytes > 0 && { limitBytes }),
  };
}

function query(target: StreamTarget, find: FindRecord, clock: Clock): LogQuery {
  const options = target.logs ?? {};
  const found = findContainer(target, find);
  const attempt = attemptOf(found, options.previous ?? false);
  const isOver = !found.known.started || found.known.ended !== undefined || attempt !== found.known.attempt;
  return {
    podUid: found.record.uid,
    container: found.name,
    attempt,
    follow: (options.follow ?? false) && !isOver,
    ...selection(target, clock),
  };
}
