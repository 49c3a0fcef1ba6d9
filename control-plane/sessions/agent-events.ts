/** Events that agents report: only about their own pods and themselves; texts bounded; counting is the recorder's. */
import type { KubeObject } from "#proto/resources/object.ts";
import type { CacheView } from "../cache/cache.ts";
import { nodeOf } from "./pod-references.ts";

/** What the recorder of the control plane takes; it never waits and never throws. */
export interface EventSink {
  record(event: {
    readonly regarding: KubeObject;
    readonly type: "Normal" | "Warning";
    readonly reason: string;
    readonly message: string;
    readonly source: string;
  }): void;
}

interface SaidEvent {
  readonly involvedObject?: {
    readonly kind?: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly uid?: string;
  };
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
}

/** A word, as reasons of events are: what a node says may be anything. */
export const isReason = (text: string): boolean => /^[A-Za-z]{1,64}$/.test(text);

const maxEventBytes = 16 * 1024;
const maxBatch = 200;

export function recordAgentEvents(
  node: string,
  events: readonly Uint8Array[],
  cache: Pick<CacheView, "get">,
  sink: EventSink,
): void {
  for (const bytes of events.slice(0, maxBatch)) {
    const said = bytes.length <= maxEventBytes ? parse(bytes) : undefined;
    const regarding = said && find(node, said, cache);
    if (!said || !regarding || typeof said.reason !== "string" || !isReason(said.reason)) continue;
    sink.record({
      regarding,
      type: said.type === "Warning" ? "Warning" : "Normal",
      reason: said.reason,
      message: String(said.message ?? "").slice(0, 1024),
      source: `orch-node-agent, ${node}`,
    });
  }
}

function find(node: string, said: SaidEvent, cache: Pick<CacheView, "get">): KubeObject | undefined {
  const { kind, namespace, name, uid } = said.involvedObject ?? {};
  if (kind === "Node") return name === node ? cache.get("nodes", "", node) : undefined;
  if (kind !== "Pod" || !namespace || !name) return undefined;
  const pod = cache.get("pods", namespace, name);
  if (!pod || nodeOf(pod) !== node) return undefined;
  return uid === undefined || uid === pod.metadata.uid ? pod : undefined;
}

function parse(bytes: Uint8Array): SaidEvent | undefined {
  try {
    const said: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    return typeof said === "object" && said !== null ? said : undefined;
  } catch {
    return undefined;
  }
}
