/** Which conditions of a Node are troubles, and what is told of those that begin and end. Pure. */
import type { Node, NodeCondition } from "#proto/resources/node.ts";
import { conditionTaints } from "#proto/resources/node-taints.ts";
import { type EventSink, isReason } from "./agent-events.ts";

/** Ready is told on its own; how a kernel keeps layers is nothing to mend. */
const noTroubles: ReadonlySet<string> = new Set(["Ready", "LayersExtracted"]);

export const troublesOf = (node: Pick<Node, "status">): readonly NodeCondition[] =>
  (node.status?.conditions ?? []).filter(({ type, status }) => !noTroubles.has(type) && status === "True");

type ConditionEvent = Pick<Parameters<EventSink["record"]>[0], "type" | "reason" | "message">;

type Named = { readonly metadata: { readonly name: string } };

/**
 * One for each trouble that `after` has and `before` had not, and one for each that is over. Those that taint the node are told with their
 * taint.
 */
export function troubleEvents(
  before: Pick<Node, "status"> | undefined,
  after: Named & Pick<Node, "status">,
): readonly ConditionEvent[] {
  const [old, now] = [toldHere(before ?? {}), toldHere(after)];
  const { name } = after.metadata;
  return [
    ...missingIn(old, now).map(({ type, reason = type, message }): ConditionEvent => {
      const sentence = message === undefined || message === "" ? "" : `: ${message}`;
      return { type: "Warning", reason, message: `Node ${name}: ${type}${sentence}` };
    }),
    ...missingIn(now, old).map(
      ({ type }): ConditionEvent => ({
        type: "Normal",
        reason: `${type}Ended`,
        message: `Node ${name}: ${type} is over`,
      }),
    ),
  ];
}

const toldHere = (node: Pick<Node, "status">): readonly NodeCondition[] =>
  troublesOf(node).filter(
    ({ type, reason = type }) => conditionTaints[type] === undefined && isReason(type) && isReason(reason),
  );

const missingIn = (some: readonly NodeCondition[], all: readonly NodeCondition[]): readonly NodeCondition[] =>
  all.filter(({ type }) => !some.some((one) => one.type === type));
