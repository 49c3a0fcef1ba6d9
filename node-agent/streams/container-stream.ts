/** container: what people ask of containers beside their output: signals, facts, processes, what they have written. */

import { type Clock, toTime } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import {
  type ContainerRequest,
  type ProcessDetails,
  readContainerRequest,
} from "#proto/resources/container-request.ts";
import { readProcesses } from "../host/process-table.ts";
import type { RootfsStore } from "../images/image-store.ts";
import { changesOf } from "../images/rootfs-changes.ts";
import type { ContainerLogs } from "../logs/container-logs.ts";
import { signalByName } from "../reconciler/stop-signal.ts";
import { containerId } from "../runtime/container-id.ts";
import type { ContainerRuntime } from "../runtime/container-runtime.ts";
import { inspectContainer } from "./container-details.ts";
import type { FrameStream } from "./frame-stream.ts";
import { type FindRecord, type FoundContainer, findContainer, findPod, runningId } from "./pod-lookup.ts";
import type { StreamServer, StreamTarget } from "./serve-stream.ts";

export interface ContainerStreamParts {
  readonly runtime: ContainerRuntime;
  readonly rootfs: RootfsStore;
  readonly logs: ContainerLogs;
  readonly find: FindRecord;
  readonly clock: Clock;
}

const lineBatchBytes = 32 * 1024;

export function containerServer(parts: ContainerStreamParts): StreamServer {
  return async (target, stream) => {
    const request = readContainerRequest(target.containerRequest);
    const answer = await serve(request, target, stream, parts);
    return { exitCode: 0, detail: Buffer.from(JSON.stringify(answer)) };
  };
}

async function serve(
  request: ContainerRequest,
  target: StreamTarget,
  stream: FrameStream,
  parts: ContainerStreamParts,
): Promise<unknown> {
  const { runtime, find } = parts;
  switch (request.verb) {
    case "signal": {
      const signal = signalByName(request.signal);
      if (signal === undefined) throw new Problem("invalid", `there is no signal "${request.signal}"`);
      await runtime.kill(runningId(findContainer(target, find)), signal);
      return { signal };
    }
    case "inspect":
      return {
        containers: await Promise.all(
          meant(target, find).map((one) => inspectContainer(one, { ...parts, withSize: request.size === true })),
        ),
      };
    case "processes":
      return { processes: (await Promise.all(meant(target, find).map((one) => processesOf(one, runtime)))).flat() };
    case "changes":
      return await tellChanges(findContainer(target, find), stream, parts);
  }
}

/** The one that was named, else all that the node knows of the pod. */
function meant(target: StreamTarget, find: FindRecord): readonly FoundContainer[] {
  if (target.container) return [findContainer(target, find)];
  const record = findPod(target, find);
  return Object.entries(record.containers).map(([name, known]) => ({ record, name, known }));
}

async function processesOf(
  { record, name, known }: FoundContainer,
  runtime: ContainerRuntime,
): Promise<readonly ProcessDetails[]> {
  if (!known.started || known.ended) return [];
  const id = containerId({ podUid: record.uid, name, attempt: known.attempt });
  const found = await readProcesses(await runtime.processes(id));
  return found.map(({ startedAtMs, ...facts }) => ({ container: name, ...facts, startedAt: toTime(startedAtMs) }));
}

async function tellChanges(
  { record, name, known }: FoundContainer,
  stream: FrameStream,
  { runtime, rootfs }: ContainerStreamParts,
): Promise<{ readonly changes: number }> {
  const id = containerId({ podUid: record.uid, name, attempt: known.attempt });
  const written = known.attempt < 0 ? undefined : await rootfs.describe(id);
  if (!written) {
    throw new Problem(
      "conflict",
      `container "${name}" of pod "${record.pod.metadata.name}" has no writable layer now`,
      {
        hint: "it is made anew with each start of the container, and goes with it",
      },
    );
  }
  const details = await runtime.describe(id);
  const mountPoints = new Set((details?.mounts ?? []).map(({ destination }) => destination.replace(/\/+$/, "")));
  let changes = 0;
  let lines = "";
  for await (const change of changesOf({ upper: written.upper, layers: written.layerPaths, mountPoints })) {
    changes += 1;
    lines += `${JSON.stringify(change)}\n`;
    if (lines.length < lineBatchBytes) continue;
    await stream.write(Buffer.from(lines));
    lines = "";
  }
  if (lines !== "") await stream.write(Buffer.from(lines));
  return { changes };
}
