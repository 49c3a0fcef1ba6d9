/** The table from step kind to effect. A kind without an executor does not compile. Effects are idempotent, as the ports are. */
import { explained, Problem } from "#proto/kit/problem.ts";
import { pinnedName } from "#proto/resources/image-pins.ts";
import type { Container, EphemeralContainer, Pod } from "#proto/resources/pod.ts";
import { allContainers } from "#proto/resources/pod-containers.ts";
import { stepDone } from "../fault-points.ts";
import type { PodName } from "../logs/gone-logs.ts";
import { containerId, parseContainerId } from "../runtime/container-id.ts";
import type { Sandbox } from "../runtime/container-runtime.ts";
import { buildContainerSpec } from "./container-spec.ts";
import { runHook } from "./hook.ts";
import type { Outcome } from "./outcome.ts";
import { pinOf } from "./pins.ts";
import type { PodEvent, ReconcilerPorts } from "./ports.ts";
import type { PodPresence } from "./presence.ts";
import { pullImage } from "./pull.ts";
import { sandboxNames } from "./sandbox-names.ts";
import { buildSandboxSpec } from "./sandbox-spec.ts";
import type { StepContext } from "./step-context.ts";
import type { Step, StepKind, StepOf } from "./steps.ts";
import { sigkill } from "./stop-signal.ts";

/** undefined = it goes on in the background; `later` brings its outcome. */
type Executor<Kind extends StepKind> = (step: StepOf<Kind>, context: StepContext) => Promise<Outcome | undefined>;

const done: Outcome = { kind: "done" };

const executors: { readonly [Kind in StepKind]: Executor<Kind> } = {
  "pull-image": (step, context) => {
    pullImage(step, podOf(context), context);
    return Promise.resolve(undefined);
  },

  "create-sandbox": async (_, context) => {
    context.presence.sandbox = await context.ports.sandboxes.create(
      buildSandboxSpec(podOf(context), context.ports.facts().clusterDomain),
    );
    return done;
  },

  "attach-network": async (_, { ports, presence }) => {
    const { network: namespacePath } = sandboxOf(presence).namespaces;
    presence.attachment = await ports.network.attach({ uid: presence.uid, namespacePath });
    return done;
  },

  "prepare-volumes": async (_, context) => {
    const pod = podOf(context);
    const objects = context.ports.assignments.objectsFor(pod.metadata.namespace ?? "default");
    // Marked before: a crash or failure halfway leaves something that must be removed.
    context.presence.volumes ??= "left";
    context.presence.volumes = await context.ports.volumes.prepare(pod, objects);
    return done;
  },

  "create-container": createContainer,

  "start-container": async (step, { ports, presence, pod }) => {
    const id = containerId({ podUid: presence.uid, name: step.container, attempt: step.attempt });
    try {
      presence.setContainer(await ports.runtime.start(id));
    } catch (thrown) {
      // What did not start may have ended (no such program): then it is replaced, not started again.
      const observation = await ports.runtime.inspect(id);
      if (observation) presence.setContainer(observation);
      else presence.dropContainer(id);
      throw thrown;
    }
    emit(ports, pod, normal("Started", `Started container ${step.container}`, step.container));
    if (step.attempt >= keptRuns) pruneLogs(step.container, presence.uid, ports);
    return done;
  },

  "run-hook": (step, context) => {
    runHook(step, podOf(context), context);
    return Promise.resolve(undefined);
  },

  "pause-container": async (step, { ports, presence, pod }) => {
    presence.setContainer(await ports.runtime.pause(step.id));
    emit(ports, pod, normal("Paused", `Paused container ${step.container}`, step.container));
    return done;
  },

  "resume-container": async (step, { ports, presence, pod }) => {
    presence.setContainer(await ports.runtime.resume(step.id));
    emit(ports, pod, normal("Resumed", `Resumed container ${step.container}`, step.container));
    return done;
  },

  "signal-container": async (step, { ports, pod, record }) => {
    await ports.runtime.kill(step.id, step.signal);
    const stop = record?.containers[step.container]?.stop;
    const message = stop?.message ?? `Stopping container ${step.container}`;
    emit(ports, pod, normal("Killing", message, step.container));
    return done;
  },

  "kill-container": async (step, { ports }) => {
    await ports.runtime.kill(step.id, sigkill);
    return done;
  },

  "remove-container": async (step, { ports, presence }) => {
    await ports.runtime.remove(step.id);
    await ports.rootfs.remove(step.id);
    const identity = parseContainerId(step.id);
    if (identity) ports.logs.ended(presence.uid, identity.name, identity.attempt);
    presence.dropContainer(step.id);
    return done;
  },

  "detach-network": async (_, { ports, presence }) => {
    await ports.network.detach(presence.uid);
    presence.attachment = undefined;
    return done;
  },

  "remove-volumes": async (_, { ports, presence }) => {
    await ports.volumes.remove(presence.uid);
    presence.volumes = undefined;
    return done;
  },

  "remove-sandbox": async (_, { ports, presence }) => {
    await ports.sandboxes.remove(presence.uid);
    presence.sandbox = undefined;
    return done;
  },

  "remove-logs": async (_, { ports, presence, pod }) => {
    await ports.logs.remove(presence.uid, pod && nameOf(pod));
    presence.logs = false;
    return done;
  },
};

/** Whose logs stay: the one that runs and the one before. */
const keptRuns = 2;

function pruneLogs(container: string, uid: string, { logs, logger }: ReconcilerPorts): void {
  logs.prune(uid, container, keptRuns).catch((thrown: unknown) => {
    logger.warn({ pod: uid, error: Problem.from(thrown).message }, "old logs could not be removed");
  });
}

const nameOf = (pod: Pod): PodName => ({
  namespace: pod.metadata.namespace ?? "default",
  name: pod.metadata.name,
  containers: [...pod.spec.containers, ...allContainers(pod)]
    .map(({ name }) => name)
    .filter((name, at, all) => all.indexOf(name) === at),
});

async function createContainer(step: StepOf<"create-container">, context: StepContext): Promise<Outcome> {
  const { ports, presence, signal } = context;
  const pod = podOf(context);
  const container = containerOf(pod, step.container);
  const id = containerId({ podUid: presence.uid, name: step.container, attempt: step.attempt });
  const pin = pinOf(pod, context.record, container.image);
  const image = pin === undefined ? undefined : await ports.images.find(pinnedName(container.image, pin));
  if (!pin || !image) return imageGone(container, context);
  const sandbox = sandboxOf(presence);
  await ports.sandboxes.writeNames(presence.uid, sandboxNames(pod, presence.attachment, ports.facts().clusterDomain));
  const volumes = Array.isArray(presence.volumes) ? presence.volumes : [];
  presence.rootfses.add(id);
  presence.logs = true;
  const rootfs = await ports.rootfs.prepare(id, image, sandbox.users);
  const spec = await buildContainerSpec({
    pod,
    container,
    id,
    attempt: step.attempt,
    image,
    rootfs,
    sandbox,
    volumes,
    pidNamespace: pod.spec.shareProcessNamespace
      ? await ports.runtime.holdProcesses(sandbox)
      : await targetNamespace(container, context),
    pinSubPath: (volume, subPath) => ports.volumes.subPath(presence.uid, volume, subPath),
    objects: ports.assignments.objectsFor(pod.metadata.namespace ?? "default"),
    facts: { ...ports.facts(), podAddresses: podAddresses(pod, context) },
    logPath: ports.logs.pathFor(presence.uid, step.container, step.attempt),
  });
  const { notes = [], ...created } = await ports.runtime.create(spec, signal);
  presence.setContainer(created);
  ports.listeners.created(presence.uid, step.container);
  for (const message of notes)
    emit(ports, pod, { type: "Warning", reason: "Limited", message, container: step.container });
  presence.pulled.delete(container.image);
  emit(ports, pod, normal("Created", `Created container ${step.container}`, step.container));
  const { stopSignal } = image.config;
  return {
    kind: "done",
    image: { reference: container.image, digest: pin, ...(stopSignal !== undefined && { stopSignal }) },
  };
}

/** That of the container it is to look into. Problem `unavailable` while that one does not run. */
async function targetNamespace(
  { targetContainerName: target }: EphemeralContainer,
  { ports, presence, record }: StepContext,
): Promise<string | undefined> {
  if (!target) return undefined;
  const attempt = record?.containers[target]?.attempt ?? -1;
  const id = attempt < 0 ? undefined : containerId({ podUid: presence.uid, name: target, attempt });
  const observation = id === undefined ? undefined : await ports.runtime.inspect(id);
  if (observation?.state === "running" && observation.pid !== undefined) return `/proc/${observation.pid}/ns/pid`;
  throw new Problem("unavailable", `container ${target}, whose processes it is to see, does not run`);
}

function podAddresses(pod: Pod, { ports, presence }: StepContext): readonly string[] {
  return pod.spec.hostNetwork ? ports.facts().hostAddresses : presence.addresses;
}

function imageGone(container: Container, { presence }: StepContext): Outcome {
  presence.pulled.delete(container.image);
  const reason = container.imagePullPolicy === "Never" ? "ErrImageNeverPull" : "CreateContainerError";
  const message = `Container image "${container.image}" is not present with pull policy of ${container.imagePullPolicy}`;
  return { kind: "failed", words: { reason, message } };
}

/** Runs one step. Failures are outcomes in Kubernetes' words; only an abort throws. */
export async function execute(step: Step, context: StepContext): Promise<Outcome | undefined> {
  try {
    const outcome = await run(step, context);
    if (outcome?.kind === "done") await context.ports.faults?.at(stepDone(step.kind));
    context.presence.version += 1;
    if (outcome?.kind === "failed") report(step, outcome.words, context);
    return outcome;
  } catch (thrown) {
    context.signal.throwIfAborted();
    context.presence.version += 1;
    const words = failureWords(step, Problem.from(thrown));
    report(step, words, context);
    return { kind: "failed", words };
  }
}

function run<Kind extends StepKind>(step: StepOf<Kind>, context: StepContext): Promise<Outcome | undefined> {
  const executor: Executor<Kind> = executors[step.kind as Kind];
  return executor(step, context);
}

const failureReasons: Readonly<Record<StepKind, { readonly reason: string; readonly prefix: string }>> = {
  "pull-image": { reason: "Failed", prefix: "Failed to pull image: " },
  "create-sandbox": { reason: "FailedCreatePodSandBox", prefix: "Failed to create pod sandbox: " },
  "attach-network": { reason: "FailedCreatePodSandBox", prefix: "Failed to set up the pod's network: " },
  "prepare-volumes": { reason: "FailedMount", prefix: "Failed to set up volumes: " },
  "create-container": { reason: "CreateContainerError", prefix: "" },
  "start-container": { reason: "RunContainerError", prefix: "" },
  "run-hook": { reason: "FailedHook", prefix: "" },
  "pause-container": { reason: "FailedPause", prefix: "Failed to pause the container: " },
  "resume-container": { reason: "FailedResume", prefix: "Failed to resume the container: " },
  "signal-container": { reason: "FailedKillPod", prefix: "Failed to signal the container: " },
  "kill-container": { reason: "FailedKillPod", prefix: "Failed to kill the container: " },
  "remove-container": { reason: "FailedKillPod", prefix: "Failed to remove the container: " },
  "detach-network": { reason: "FailedKillPod", prefix: "Failed to free the pod's address: " },
  "remove-volumes": { reason: "FailedUnMount", prefix: "Failed to remove volumes: " },
  "remove-sandbox": { reason: "FailedKillPod", prefix: "Failed to remove the sandbox: " },
  "remove-logs": { reason: "FailedKillPod", prefix: "Failed to remove logs: " },
};

function failureWords(step: Step, problem: Problem): { readonly reason: string; readonly message: string } {
  const { reason, prefix } = failureReasons[step.kind];
  const message = `${prefix}${explained(problem)}`;
  if (step.kind !== "create-container") return { reason, message };
  const isConfig = problem.code === "invalid" || problem.code === "not-found" || problem.code === "bad-request";
  return { reason: isConfig ? "CreateContainerConfigError" : reason, message };
}

function report(step: Step, words: { readonly reason: string; readonly message: string }, context: StepContext): void {
  const { ports, pod, presence } = context;
  const container = "container" in step ? step.container : undefined;
  ports.logger.warn({ pod: presence.uid, step: step.kind, container, error: words.message }, "a step failed");
  const isContainers = step.kind === "create-container" || step.kind === "start-container";
  const reason = isContainers ? "Failed" : words.reason;
  const message = isContainers ? `Error: ${words.message}` : words.message;
  emit(ports, pod, { type: "Warning", reason, message, ...(container !== undefined && { container }) });
}

export function emit(ports: ReconcilerPorts, pod: Pod | undefined, event: PodEvent): void {
  if (pod) ports.events.emit(pod, event);
}

export function normal(reason: string, message: string, container: string): PodEvent {
  return { type: "Normal", reason, message, container };
}

function podOf({ pod, presence }: StepContext): Pod {
  if (!pod) throw new Problem("internal", `pod ${presence.uid} is not known`);
  return pod;
}

function containerOf(pod: Pod, name: string): Container {
  const found = allContainers(pod).find((one) => one.name === name);
  if (!found) throw new Problem("internal", `pod ${pod.metadata.name} has no container ${name}`);
  return found;
}

function sandboxOf({ sandbox, uid }: PodPresence): Sandbox {
  if (!sandbox) throw new Problem("internal", `pod ${uid} has no sandbox`);
  return sandbox;
}
