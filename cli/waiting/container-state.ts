/** How a container is, in words. Pure. */
import { formatAge } from "#proto/resources/duration.ts";
import type { ContainerStatus } from "#proto/resources/pod.ts";

export function stateText(status: ContainerStatus | undefined, nowMs: number): string {
  const state = status?.state;
  if (state?.running) return `running for ${formatAge(state.running.startedAt, nowMs)}`;
  if (state?.terminated) return `ended ${ago(state.terminated.finishedAt, nowMs)}: ${exitText(state.terminated)}`;
  return `waiting: ${state?.waiting?.reason ?? "not begun"}${state?.waiting?.message ? `: ${state.waiting.message}` : ""}`;
}

type Ended = NonNullable<NonNullable<ContainerStatus["state"]>["terminated"]>;

export function exitText({ exitCode, reason, message, signal }: Ended): string {
  return `code ${exitCode}${signal ? ` by signal ${signal}` : ""}${reason ? `, ${reason}` : ""}${meaning(exitCode)}${message ? `: ${message}` : ""}`;
}

const meanings: Readonly<Record<number, string>> = {
  126: " (the command cannot be run)",
  127: " (there is no such command)",
  137: " (killed)",
  139: " (memory access fault)",
  143: " (asked to stop)",
};
const meaning = (code: number): string => meanings[code] ?? "";

export const ago = (time: string | undefined, nowMs: number): string =>
  time === undefined ? "at an unknown time" : `${formatAge(time, nowMs)} ago`;
