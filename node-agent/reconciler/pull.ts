/** Pulling in the background: the pod's key stays free, so that a pod can be deleted while its image comes. */
import { Problem } from "#proto/kit/problem.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { stepDone } from "../fault-points.ts";
import type { StepContext } from "./executor.ts";
import type { Outcome } from "./outcome.ts";
import type { PodEvent } from "./ports.ts";
import { pullCredentials } from "./pull-credentials.ts";
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
  { ports }: StepContext,
  signal: AbortSignal,
): Promise<Outcome | undefined> {
  const { reference, container } = step;
  const emit = (event: Omit<PodEvent, "container">): void => ports.events.emit(pod, { ...event, container });
  emit({ type: "Normal", reason: "Pulling", message: `Pulling image "${reference}"` });
  const startedAtMs = ports.clock.monotonicMs();
  try {
    const objects = ports.assignments.objectsFor(pod.metadata.namespace ?? "default");
    const credentials = pullCredentials(pod, reference, objects);
    const image = await ports.images.pull(reference, { credentials }, signal);
    await ports.faults?.at(stepDone(step.kind));
    const seconds = ((ports.clock.monotonicMs() - startedAtMs) / 1000).toFixed(2);
    const message = `Successfully pulled image "${reference}" in ${seconds}s. Image size: ${image.sizeBytes} bytes.`;
    emit({ type: "Normal", reason: "Pulled", message });
    return { kind: "done" };
  } catch (thrown) {
    if (signal.aborted) return undefined;
    const problem = Problem.from(thrown);
    ports.logger.warn({ image: reference, error: problem.message }, "an image could not be pulled");
    emit({ type: "Warning", reason: "Failed", message: `Failed to pull image "${reference}": ${problem.message}` });
    const reason = problem.code === "bad-request" ? "InvalidImageName" : "ErrImagePull";
    return { kind: "failed", words: { reason, message: problem.message } };
  }
}
