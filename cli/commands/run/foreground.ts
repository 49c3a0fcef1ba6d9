/** Runs a pod in the foreground: attached before its container starts, so that not a byte is missed; its exit code is the answer. */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { ContainerStatus, Pod } from "#proto/resources/pod.ts";
import type { Connection } from "../../client/connect.ts";
import { FrameStream } from "../../client/frame-stream.ts";
import type { Environment } from "../../environment.ts";
import { watchUntil } from "../../waiting/watch-until.ts";
import { carrySession } from "../attach/session.ts";

export interface ForegroundOptions {
  readonly stdin: boolean;
  readonly terminal: boolean;
  readonly detachKeys: Buffer;
  /** To the container's start. */
  readonly timeoutMs: number;
}

/** The agent gives up after us: our words say more. */
const agentPatienceMs = 10_000;

/** The exit code; undefined when the user has left the container to itself. */
export async function runInForeground(
  created: KubeObject,
  options: ForegroundOptions,
  connection: Connection,
  environment: Environment,
): Promise<number | undefined> {
  const over = new AbortController();
  const signal = AbortSignal.any([environment.signal, over.signal]);
  const scheduled = Promise.withResolvers<Pod>();
  const starting = untilStarted(created, options, connection, { ...environment, signal }, scheduled.resolve);
  const failed = starting.then(() => new Promise<never>(() => undefined));
  try {
    const pod = await Promise.race([scheduled.promise, failed]);
    const stream = await attach(pod, options, connection, environment, signal);
    return await Promise.race([carried(stream, options, environment), failed]);
  } finally {
    over.abort(new Problem("canceled", "the container has ended"));
    starting.catch(() => undefined);
  }
}

function attach(
  pod: Pod,
  { stdin, terminal, timeoutMs }: ForegroundOptions,
  { api, namespace }: Connection,
  { out }: Environment,
  signal: AbortSignal,
): Promise<FrameStream> {
  const size = terminal ? out.size() : undefined;
  const container = pod.spec.containers[0]?.name ?? "";
  const attaching = { stdin, size, hold: true, waitMs: timeoutMs + agentPatienceMs };
  return FrameStream.open(
    api.rpc,
    { kind: "attach", namespace, pod: pod.metadata.name, container, attach: attaching },
    signal,
  );
}

async function carried(
  stream: FrameStream,
  { stdin, terminal, detachKeys }: ForegroundOptions,
  environment: Environment,
): Promise<number | undefined> {
  try {
    const hasLeft = await carrySession(stream, { stdin, terminal, detachKeys, passSignals: true }, environment);
    return hasLeft ? undefined : stream.outcome.exitCode;
  } finally {
    stream.close();
  }
}

const statusOf = (pod: Pod): ContainerStatus | undefined => pod.status?.containerStatuses?.[0];

/** Resolves when the container runs or has run; rejects with the reason when it cannot. Tells when the pod has a node. */
async function untilStarted(
  created: KubeObject,
  { timeoutMs }: ForegroundOptions,
  { api, namespace }: Connection,
  environment: Pick<Environment, "clock" | "signal">,
  onScheduled: (pod: Pod) => void,
): Promise<void> {
  const { name } = created.metadata;
  let last = "the pod has no node yet";
  await watchUntil(
    api,
    { resource: "pods", namespace, name },
    (object) => {
      if (!object) throw new Problem("not-found", `pod ${name} was deleted while it ran`);
      const pod = object as unknown as Pod;
      const state = statusOf(pod)?.state;
      last = state?.waiting?.message ?? state?.waiting?.reason ?? unscheduledReason(pod) ?? last;
      refuseHopeless(pod, name);
      if (pod.spec.nodeName) onScheduled(pod);
      const hasRun = pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
      return state?.running || state?.terminated || hasRun ? true : undefined;
    },
    {
      known: created,
      timeoutMs,
      describe: () => `pod ${name} did not start within ${timeoutMs / 1000} s: ${last}`,
    },
    environment,
  );
}

const unscheduledReason = (pod: Pod): string | undefined =>
  pod.status?.conditions?.find(({ type, status }) => type === "PodScheduled" && status === "False")?.message;

/** Waiting reasons that no waiting mends. */
const hopeless: ReadonlySet<string> = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
  "ErrImageNeverPull",
]);

function refuseHopeless(pod: Pod, name: string): void {
  const waiting = statusOf(pod)?.state?.waiting;
  if (!waiting?.reason || !hopeless.has(waiting.reason)) return;
  throw new Problem("unavailable", `pod ${name} cannot start: ${waiting.reason}: ${waiting.message ?? ""}`, {
    hint: `orchctl describe pod ${name} shows more`,
  });
}
