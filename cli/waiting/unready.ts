/** Which pods are not ready, and what each waits for. Pure. */
import { podStatusText } from "#proto/resources/columns/pod-columns.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { stateText } from "./container-state.ts";

const named = 5;

/** `web-1: Pending: 0/3 nodes are available: …`; at most five, and how many more there are. */
export function unreadyTexts(pods: readonly Pod[], nowMs: number): readonly string[] {
  const unready = pods.filter(
    ({ metadata, status }) =>
      metadata.deletionTimestamp === undefined &&
      status?.phase !== "Succeeded" &&
      !status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"),
  );
  const texts = unready.slice(0, named).map((pod) => {
    const waiting = (pod.status?.containerStatuses ?? []).filter(({ state }) => state?.running === undefined);
    const why = whyPending(pod, nowMs) ?? waiting.map((one) => `${one.name} is ${stateText(one, nowMs)}`).join("; ");
    return `${pod.metadata.name}: ${podStatusText(pod)}${why === "" ? "" : `: ${why}`}`;
  });
  const more = unready.length - texts.length;
  return more > 0 ? [...texts, `and ${more} more`] : texts;
}

/** The scheduler's sentence; once placed, what its containers wait for. */
export function whyPending({ spec, status }: Pod, nowMs: number): string | undefined {
  const unplaced = status?.conditions?.find(({ type, status: is }) => type === "PodScheduled" && is === "False");
  if (unplaced?.message) return unplaced.message;
  if ((status?.phase ?? "Pending") !== "Pending") return undefined;
  if (!spec.nodeName) return "no scheduler has looked at it yet";
  const waiting = (status?.containerStatuses ?? []).filter(({ state }) => state?.waiting !== undefined);
  if (waiting.length === 0) return `node ${spec.nodeName} has not begun with it`;
  return waiting.map((one) => `${one.name} is ${stateText(one, nowMs)}`).join("; ");
}
