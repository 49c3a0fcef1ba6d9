/** What deleting an object means, as a decision about its stored state. Pure. */
import { toTime } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { isRecord } from "../patch/json.ts";
import type { Decision } from "../write-loop.ts";

export type Propagation = "Background" | "Foreground" | "Orphan";

export interface DeleteOptions {
  /** Undefined: Background, and finalizers that an earlier request set stay. */
  readonly propagation: Propagation | undefined;
  /** Undefined: the object's own. */
  readonly graceSeconds: number | undefined;
}

const propagationFinalizers: Readonly<Record<Propagation, string | undefined>> = {
  Background: undefined,
  Foreground: "foregroundDeletion",
  Orphan: "orphan",
};
const defaultPodGraceSeconds = 30;

export function readPropagation(text: string): Propagation | undefined {
  if (text === "") return undefined;
  if (text === "Background" || text === "Foreground" || text === "Orphan") return text;
  const message = `propagation is "Background", "Foreground" or "Orphan", not "${text.slice(0, 40)}"`;
  throw new Problem("bad-request", message);
}

/**
 * Finalizers hold an object, a pod on a node waits for its agent, a namespace for being emptied: these are marked, others
 * leave at once. A second request may shorten the grace of a pod, never lengthen it.
 */
export function planDeletion(current: KubeObject, options: DeleteOptions, nowMs: number): Decision {
  const finalizers = finalizersAfter(current.metadata.finalizers ?? [], options.propagation);
  const graceSeconds = graceOf(current, options.graceSeconds);
  const marked = mark(current, { finalizers, graceSeconds, nowMs });
  const isHeld = finalizers.length > 0 || graceSeconds > 0 || holdsNamespace(current);
  return isHeld ? { kind: "write", object: marked } : { kind: "remove", object: marked };
}

/** A marked object that nothing holds any more. */
export function isFinallyGone(object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers = [] } = object.metadata;
  if (deletionTimestamp === undefined || finalizers.length > 0 || holdsNamespace(object)) return false;
  return (deletionGracePeriodSeconds ?? 0) === 0;
}

function finalizersAfter(present: readonly string[], propagation: Propagation | undefined): readonly string[] {
  if (propagation === undefined) return present;
  const own = Object.values(propagationFinalizers);
  const others = present.filter((finalizer) => !own.includes(finalizer));
  const wanted = propagationFinalizers[propagation];
  return wanted === undefined ? others : [...others, wanted];
}

/** Only pods have a grace. Not yet on a node, or already over: nothing to wait for. */
function graceOf(object: KubeObject, wanted: number | undefined): number {
  if (object.kind !== "Pod") return 0;
  const spec = isRecord(object.spec) ? object.spec : {};
  const phase = isRecord(object.status) ? object.status.phase : undefined;
  if (!spec.nodeName || phase === "Succeeded" || phase === "Failed") return 0;
  const own = spec.terminationGracePeriodSeconds;
  const grace = wanted ?? (typeof own === "number" ? own : defaultPodGraceSeconds);
  const present = object.metadata.deletionGracePeriodSeconds;
  return object.metadata.deletionTimestamp === undefined ? grace : Math.min(grace, present ?? grace);
}

interface Mark {
  readonly finalizers: readonly string[];
  readonly graceSeconds: number;
  readonly nowMs: number;
}

function mark(current: KubeObject, { finalizers, graceSeconds, nowMs }: Mark): KubeObject {
  const { deletionTimestamp: before, deletionGracePeriodSeconds: graceBefore, generation } = current.metadata;
  const isFirst = before === undefined;
  const shortenedMs = ((graceBefore ?? graceSeconds) - graceSeconds) * 1000;
  const deletionTimestamp = isFirst ? toTime(nowMs + graceSeconds * 1000) : toTime(Date.parse(before) - shortenedMs);
  const { finalizers: _, ...metadata } = current.metadata;
  const marked: KubeObject = {
    ...current,
    metadata: {
      ...metadata,
      ...(finalizers.length > 0 && { finalizers: [...finalizers] }),
      deletionTimestamp,
      deletionGracePeriodSeconds: graceSeconds,
      ...(isFirst && generation !== undefined && { generation: generation + 1 }),
    },
  };
  if (current.kind !== "Namespace") return marked;
  return { ...marked, status: { ...(isRecord(current.status) && current.status), phase: "Terminating" } };
}

function holdsNamespace(object: KubeObject): boolean {
  if (object.kind !== "Namespace" || !isRecord(object.spec)) return false;
  return Array.isArray(object.spec.finalizers) && object.spec.finalizers.length > 0;
}
