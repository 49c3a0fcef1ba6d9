/** All that this node knows of one container, for `orchctl inspect`. */
import { type Clock, toTime } from "#proto/kit/clock.ts";
import type { ContainerDetails } from "#proto/resources/container-request.ts";
import { run } from "../host/spawn.ts";
import type { RootfsStore } from "../images/image-store.ts";
import type { ContainerLogs } from "../logs/container-logs.ts";
import { containerId } from "../runtime/container-id.ts";
import type { ContainerObservation, ContainerRuntime } from "../runtime/container-runtime.ts";
import type { FoundContainer } from "./pod-lookup.ts";

export interface InspectedParts {
  readonly runtime: ContainerRuntime;
  readonly rootfs: RootfsStore;
  readonly logs: ContainerLogs;
  readonly clock: Clock;
  /** Whether what it has written is to be counted, which takes a while. */
  readonly withSize: boolean;
}

export async function inspectContainer(
  { record, name, known }: FoundContainer,
  { runtime, rootfs, logs, clock, withSize }: InspectedParts,
): Promise<ContainerDetails> {
  const id = known.attempt < 0 ? undefined : containerId({ podUid: record.uid, name, attempt: known.attempt });
  const [observed, written, details] =
    id === undefined
      ? [undefined, undefined, undefined]
      : await Promise.all([runtime.inspect(id), rootfs.describe(id), runtime.describe(id)]);
  return {
    name,
    state: stateOf(observed, known),
    restartCount: known.restarts,
    attempt: known.attempt,
    ...(id !== undefined && { id, logPath: logs.pathFor(record.uid, name, known.attempt) }),
    ...(known.image && { image: { reference: known.image.reference, digest: known.image.digest } }),
    ...(written && { rootfs: withSize ? { ...written, sizeBytes: await diskUse(written.upper, clock) } : written }),
    ...(details && { runtime: details }),
  };
}

const countTimeoutMs = 20_000;

/** By du in a process of its own: a hostile tree costs the agent nothing but waiting. */
async function diskUse(directory: string, clock: Clock): Promise<number> {
  const { stdout } = await run("du", ["-s", "-x", "-B1", "--", directory], { clock, timeoutMs: countTimeoutMs });
  return Number(stdout.split("\t", 1)[0] ?? 0);
}

function stateOf(
  observed: ContainerObservation | undefined,
  { ended }: FoundContainer["known"],
): ContainerDetails["state"] {
  const startedAtMs = observed?.startedAtMs ?? ended?.startedAtMs;
  const finishedAtMs = observed?.finishedAtMs ?? ended?.finishedAtMs;
  const exitCode = observed?.exitCode ?? ended?.exitCode;
  const paused = observed?.paused === true;
  const lived = observed?.state ?? (ended ? "exited" : "waiting");
  return {
    status: paused ? "paused" : lived,
    running: lived === "running",
    paused,
    ...(observed?.pid !== undefined && { pid: observed.pid }),
    ...(exitCode !== undefined && { exitCode }),
    oomKilled: observed?.oomKilled === true || ended?.reason === "OOMKilled",
    ...(startedAtMs !== undefined && { startedAt: toTime(startedAtMs) }),
    ...(finishedAtMs !== undefined && { finishedAt: toTime(finishedAtMs) }),
  };
}
