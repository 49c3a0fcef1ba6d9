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
  /** Default: the pod's first. */
  readonly container?: string;
  /** What lets the container come to be, once somebody waits for it. */
  readonly begin?: (() => Promise<void>) | undefined;
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
    const result = carried(stream, options, environment);
    await Promise.race([options.begin?.(), failed, result]);
    return await Promise.race([result, failed]);
  } finally {
    over.abort(new Problem("canceled", "the container has ended"));
    starting.catch(() => undefined);
  }
}

function attach(
  pod: Pod,
  options: ForegroundOptions,
  { api, namespace }: Connection,
  { out }: Environment,
  signal: AbortSignal,
): Promise<FrameStream> {
  const { stdin, terminal, timeoutMs } = options;
  const size = terminal ? out.size() : undefined;
  const container = options.container ?? pod.spec.containers[0]?.name ?? "";
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

function statusOf({ status }: Pod, container: string | undefined): ContainerStatus | undefined {
  const own = status?.containerStatuses ?? [];
  if (container === undefined) return own[0];
  return [...own, ...(status?.ephemeralContainerStatuses ?? [])].find(({ name }) => name === container);
}

/** Resolves when the container runs or has run; rejects with the reason when it cannot. Tells when the pod has a node. */
async function untilStarted(
  created: KubeObject,
  { timeoutMs, container }: ForegroundOptions,
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
      const state = statusOf(pod, container)?.state;
      last = state?.waiting?.message ?? state?.waiting?.reason ?? unscheduledReason(pod) ?? last;
      refuseHopeless(state?.waiting, name, container);
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

function refuseHopeless(
  waiting: NonNullable<ContainerStatus["state"]>["waiting"],
  pod: string,
  container?: string,
): void {
  if (!waiting?.reason || !hopeless.has(waiting.reason)) return;
  const what = container === undefined ? `pod ${pod}` : `container ${container} of pod ${pod}`;
  throw new Problem("unavailable", `${what} cannot start: ${waiting.reason}: ${waiting.message ?? ""}`, {
    hint: `orchctl describe pod ${pod} shows more`,
  });
}
