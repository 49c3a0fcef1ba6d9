/** Pulling in the background: the pod's key stays free, so that a pod can be deleted while its image comes. */
import { explained, Problem } from "#proto/kit/problem.ts";
import { pinnedName } from "#proto/resources/image-pins.ts";
import type { Container, Pod } from "#proto/resources/pod.ts";
import { allContainers } from "#proto/resources/pod-containers.ts";
import { stepDone } from "../fault-points.ts";
import type { Image } from "../images/image-store.ts";
import type { Outcome } from "./outcome.ts";
import { pinOf } from "./pins.ts";
import type { PodEvent } from "./ports.ts";
import { pullCredentials } from "./pull-credentials.ts";
import type { StepContext } from "./step-context.ts";
import type { StepOf } from "./steps.ts";

export function pullImage(step: StepOf<"pull-image">, pod: Pod, context: StepContext): void {
  const { presence, later } = context;
  if (presence.pulls.has(step.reference)) return;
  const controller = new AbortController();
  presence.pulls.set(step.reference, controller);
  const signal = AbortSignal.any([context.signal, controller.signal]);
  void pull(step, pod, context, signal).then((outcome) => {
    presence.pulls.delete(step.reference);
    if (!outcome) return;
    if (outcome.kind === "done") presence.pulled.add(step.reference);
    later(step, outcome);
  });
}

async function pull(
  step: StepOf<"pull-image">,
  pod: Pod,
  context: StepContext,
  signal: AbortSignal,
): Promise<Outcome | undefined> {
  const { ports, record } = context;
  const { reference, container } = step;
  const emit = (event: Omit<PodEvent, "container">): void => ports.events.emit(pod, { ...event, container });
  const startedAtMs = ports.clock.monotonicMs();
  const imagePullPolicy = policyOf(pod, container);
  try {
    const objects = ports.assignments.objectsFor(pod.metadata.namespace ?? "default");
    const credentials = pullCredentials(pod, reference, objects);
    const known = pinOf(pod, record, reference);
    const { digest, isFresh } =
      known === undefined
        ? await ports.pinner.find(pod, { image: reference, imagePullPolicy }, credentials, signal)
        : { digest: known, isFresh: false };
    if (digest === undefined) return neverPulled(reference);
    const name = pinnedName(reference, digest);
    const present = await ports.images.find(name);
    if (imagePullPolicy === "Never" || (present && imagePullPolicy !== "Always")) {
      if (present) emit(normal(`Container image "${reference}" already present on machine`));
      return { kind: "done", pin: digest };
    }
    emit({ type: "Normal", reason: "Pulling", message: `Pulling image "${reference}"` });
    const isVouchedFor = imagePullPolicy !== "Always" || isFresh;
    const options = { credentials, isVouchedFor, movesTag: isFresh };
    const image = await ports.images.pull(name, options, signal).catch((thrown: unknown) => orPresent(thrown, present));
    await ports.faults?.at(stepDone(step.kind));
    const seconds = ((ports.clock.monotonicMs() - startedAtMs) / 1000).toFixed(2);
    emit(normal(`Successfully pulled image "${reference}" in ${seconds}s. Image size: ${image.sizeBytes} bytes.`));
    return { kind: "done", pin: digest };
  } catch (thrown) {
    if (signal.aborted) return undefined;
    const problem = Problem.from(thrown);
    ports.logger.warn({ image: reference, error: problem.message }, "an image could not be pulled");
    const message = explained(problem);
    emit({ type: "Warning", reason: "Failed", message: `Failed to pull image "${reference}": ${message}` });
    const reason = problem.code === "bad-request" ? "InvalidImageName" : "ErrImagePull";
    const { retryAfterMs } = problem;
    return { kind: "failed", words: { reason, message, ...(retryAfterMs !== undefined && { retryAfterMs }) } };
  }
}

/** The digest says what would come: a registry that is down or has forgotten it keeps nobody from running what is here. */
function orPresent(thrown: unknown, present: Image | undefined): Image {
  const { code } = Problem.from(thrown);
  if (present && (code === "unavailable" || code === "timeout" || code === "not-found")) return present;
  throw thrown;
}

function normal(message: string): Omit<PodEvent, "container"> {
  return { type: "Normal", reason: "Pulled", message };
}

function neverPulled(image: string): Outcome {
  const message = `Container image "${image}" is not present with pull policy of Never`;
  return { kind: "failed", words: { reason: "ErrImageNeverPull", message } };
}

function policyOf(pod: Pod, container: string): NonNullable<Container["imagePullPolicy"]> {
  return allContainers(pod).find(({ name }) => name === container)?.imagePullPolicy ?? "IfNotPresent";
}
