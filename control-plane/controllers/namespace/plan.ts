/** Empties a Terminating namespace and lets it go when nothing is left. */
import { isSame } from "#proto/kit/is-same.ts";
import type { Plan } from "#proto/kit/plan.ts";
import { setCondition } from "#proto/resources/conditions.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Namespace, NamespaceCondition } from "../model/kinds.ts";
import { isTerminating } from "../model/ownership.ts";
import type { Step } from "../model/step.ts";

export interface Content {
  readonly resource: string;
  readonly object: KubeObject;
}

export interface NamespaceView {
  readonly namespace: Namespace;
  /** Everything namespaced that stands in it. */
  readonly contents: readonly Content[];
}

const maxPerPlan = 500;
/** The finalizer in `spec.finalizers` that stands for this controller. */
const finalizer = "kubernetes";

export function plan(view: NamespaceView, nowMs: number): Plan<Step> {
  const { namespace, contents } = view;
  if (!isTerminating(namespace)) return { steps: [], reasons: [] };
  if (contents.length === 0) return { steps: [release(namespace)], reasons: [] };
  const steps: Step[] = contents
    .filter(({ object }) => !isTerminating(object))
    .slice(0, maxPerPlan)
    .map(({ resource, object }) => ({ kind: "delete", resource, object }));
  const marked = withRemaining(namespace, contents, nowMs);
  if (marked !== namespace) steps.push({ kind: "update", resource: "namespaces", object: marked });
  return { steps, reasons: [`${contents.length} objects remain`] };
}

/** The object leaves when no finalizer is left; otherwise ours goes. */
function release(namespace: Namespace): Step {
  const finalizers = (namespace.spec?.finalizers ?? []).filter((one) => one !== finalizer);
  const isLast = finalizers.length === 0 && (namespace.metadata.finalizers ?? []).length === 0;
  if (isLast) return { kind: "delete", resource: "namespaces", object: namespace, now: true };
  return { kind: "update", resource: "namespaces", object: { ...namespace, spec: { ...namespace.spec, finalizers } } };
}

function withRemaining(namespace: Namespace, contents: readonly Content[], nowMs: number): Namespace {
  const counts = new Map<string, number>();
  const holding = new Map<string, number>();
  for (const { resource, object } of contents) {
    counts.set(resource, (counts.get(resource) ?? 0) + 1);
    for (const one of object.metadata.finalizers ?? []) holding.set(one, (holding.get(one) ?? 0) + 1);
  }
  const what = [...counts].sort().map(([resource, count]) => `${resource} has ${count} resource instances`);
  const who = [...holding].sort().map(([name, count]) => `${name} in ${count} resource instances`);
  const before = namespace.status?.conditions ?? [];
  let conditions = set(
    before,
    "NamespaceContentRemaining",
    "SomeResourcesRemain",
    `Some resources are remaining: ${what.join(", ")}`,
    nowMs,
  );
  if (who.length > 0) {
    const message = `Some content in the namespace has finalizers remaining: ${who.join(", ")}`;
    conditions = set(conditions, "NamespaceFinalizersRemaining", "SomeFinalizersRemain", message, nowMs);
  }
  const status: Namespace["status"] = { ...namespace.status, phase: "Terminating", conditions };
  return isSame(status, namespace.status) ? namespace : { ...namespace, status };
}

function set(
  conditions: NamespaceCondition[],
  type: string,
  reason: string,
  message: string,
  nowMs: number,
): NamespaceCondition[] {
  return setCondition(conditions, { type, status: "True", reason, message }, nowMs);
}
