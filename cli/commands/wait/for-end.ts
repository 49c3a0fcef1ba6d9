/** `wait POD` as Docker has it: prints the exit code of each container as soon as it has ended. */
import { Problem } from "#proto/kit/problem.ts";
import type { ContainerStatus, Pod } from "#proto/resources/pod.ts";
import type { SelectFlags } from "../../changes/select.ts";
import { withConnection } from "../../client/connect.ts";
import type { Environment, GlobalOptions } from "../../environment.ts";
import { usageProblem } from "../../program-options.ts";
import { startDeadline } from "../../waiting/deadline.ts";
import { waitForEach } from "../../waiting/each.ts";
import { watchUntil } from "../../waiting/watch-until.ts";
import { containerOf } from "../pod-of.ts";
import { parseOne } from "../targets.ts";

export interface WaitForEndFlags extends SelectFlags {
  readonly container?: string;
  readonly timeout?: number;
}

/** A day: a wait without end still has one. */
const longestMs = 24 * 3_600_000;

export async function runWaitForEnd(
  words: readonly string[],
  flags: WaitForEndFlags,
  global: GlobalOptions,
  environment: Environment,
): Promise<void> {
  const usesSelection = flags.selector ?? flags.fieldSelector ?? flags.filename;
  if (usesSelection !== undefined || flags.all || words.length === 0)
    throw usageProblem(
      "what is to be waited for?",
      "--for condition=Ready, or names of pods: then until they have ended",
    );
  const names = words.map((word) => {
    const { definition, name } = parseOne([word], "pods");
    if (definition.kind === "Pod") return name;
    throw usageProblem(
      `${word} has no exit code`,
      `say what to wait for, as in: orchctl wait ${word} --for condition=Available`,
    );
  });
  const deadline = startDeadline(environment.clock, flags.timeout ?? longestMs);
  await withConnection(global, environment, async ({ api, namespace }) => {
    await waitForEach(names, environment, async (name) => {
      const object = await api.get("pods", namespace, name);
      const pod = object as unknown as Pod;
      const container = containerOf(pod, flags.container);
      const begunAt = restartsOf(pod, container);
      const exitCode = await watchUntil(
        api,
        { resource: "pods", namespace, name },
        (now) => {
          if (!now) throw new Problem("not-found", `pod ${name} was deleted, and its exit code with it`);
          return exitCodeOf(now as unknown as Pod, container, begunAt);
        },
        {
          known: object,
          timeoutMs: deadline.remainingMs(),
          describe: () => `pod ${name} has not ended within ${deadline.timeoutMs / 1000} s`,
        },
        environment,
      );
      return String(exitCode);
    });
  });
}

function statusOf({ status }: Pod, container: string): ContainerStatus | undefined {
  const all = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  return all.find(({ name }) => name === container);
}

const restartsOf = (pod: Pod, container: string): number => statusOf(pod, container)?.restartCount ?? 0;

/** Of the run that goes on, or of the last one when nothing runs: also of one that is to be started again. Pure. */
export function exitCodeOf(pod: Pod, container: string, begunAt: number): number | undefined {
  const status = statusOf(pod, container);
  if (status?.state?.terminated) return status.state.terminated.exitCode;
  const isResting = status?.state?.waiting !== undefined;
  if (!isResting && (status?.restartCount ?? 0) <= begunAt) return undefined;
  return status?.lastState?.terminated?.exitCode;
}
