/** Lifecycle hooks in the background: a pod can be deleted, and its grace can end, while one runs. */
import { Problem } from "#proto/kit/problem.ts";
import type { Container, Pod } from "#proto/resources/pod.ts";
import { stepDone } from "../fault-points.ts";
import type { Outcome } from "./outcome.ts";
import type { StepContext } from "./step-context.ts";
import { type HookName, hookKey, type StepOf } from "./steps.ts";

/** Kubernetes has no limit; a hook that takes longer than this serves nobody. */
const mostMs = 3_600_000;

const eventReasons: Readonly<Record<HookName, string>> = {
  postStart: "FailedPostStartHook",
  preStop: "FailedPreStopHook",
};

export function runHook(step: StepOf<"run-hook">, pod: Pod, context: StepContext): void {
  const { presence, later, ports } = context;
  const key = hookKey(step.hook, step.id);
  if (presence.hooks.has(key)) return;
  const controller = new AbortController();
  presence.hooks.set(key, controller);
  const timer = ports.clock.after(mostMs, () =>
    controller.abort(new Problem("timeout", "it takes longer than an hour")),
  );
  const signal = AbortSignal.any([context.signal, controller.signal]);
  void attempt(step, pod, context, signal).then((outcome) => {
    timer.cancel();
    presence.hooks.delete(key);
    if (!context.signal.aborted) later(step, outcome);
  });
}

async function attempt(
  step: StepOf<"run-hook">,
  pod: Pod,
  { ports, presence }: StepContext,
  signal: AbortSignal,
): Promise<Outcome> {
  const failed = (why: string): Outcome => {
    const reason = eventReasons[step.hook];
    const message = `${step.hook} hook of container ${step.container} failed: ${why}`;
    ports.logger.warn({ pod: presence.uid, container: step.container, hook: step.hook, error: why }, "a hook failed");
    ports.events.emit(pod, { type: "Warning", reason, message, container: step.container });
    return { kind: "failed", words: { reason, message } };
  };
  const container = containerOf(pod, step.container);
  const handler = container?.lifecycle?.[step.hook];
  if (!container || !handler) return { kind: "done" };
  try {
    const addresses = pod.spec.hostNetwork ? ports.facts().hostAddresses : presence.addresses;
    const answer = await ports.hooks({ containerId: step.id, container, addresses }, handler, signal);
    if (!answer.ok) return failed(answer.message);
    await ports.faults?.at(stepDone(step.kind));
    return { kind: "done" };
  } catch (thrown) {
    const problem = Problem.from(signal.aborted ? signal.reason : thrown);
    // Its container has gone: nobody waits for it any more.
    return problem.code === "canceled" ? { kind: "done" } : failed(problem.message);
  }
}

const containerOf = (pod: Pod, name: string): Container | undefined =>
  [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find((one) => one.name === name);
