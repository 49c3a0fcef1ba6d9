/** Turns the steps of a plan into guarded, fenced writes, all sent at once so that the store gathers them into batches. */

import type { ResourceKey } from "#control-plane/store/keyspace.ts";
import type { Fence } from "#control-plane/store/kv.ts";
import type { ObjectStore, ObjectWrite, ObjectWriteResult } from "#control-plane/store/object-store.ts";
import type { Clock } from "#proto/kit/clock.ts";
import { toTime } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import { deletionOf } from "../model/deletion.ts";
import { withMetadata } from "../model/object-change.ts";
import { resourceParts } from "../model/resource-name.ts";
import type { WriteStep } from "../model/step.ts";
import type { Outcome } from "./controller.ts";

export interface ApplyContext {
  readonly objectStore: ObjectStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly fence: Fence;
  readonly signal: AbortSignal;
}

/** This process no longer leads: whoever sees it stops at once. */
export function isDeposed(thrown: unknown): boolean {
  return Problem.is(thrown) && thrown.object === deposedObject;
}

const deposedObject = "leadership";

export function resourceKeyOf(resource: string, object: KubeObject): ResourceKey {
  const { group, plural } = resourceParts(resource);
  return { group, plural, namespace: object.metadata.namespace ?? "", name: object.metadata.name };
}

type Executors = {
  readonly [K in WriteStep["kind"]]: (step: WriteStep & { kind: K }, context: ApplyContext) => ObjectWrite | undefined;
};

const executors: Executors = {
  create: (step, context) => ({
    kind: "create",
    key: resourceKeyOf(step.resource, step.object),
    object: born(step.object, context),
  }),
  update: (step) => ({
    kind: "update",
    key: resourceKeyOf(step.resource, step.object),
    object: step.object,
    guard: step.object.metadata.resourceVersion ?? "",
  }),
  delete(step, context) {
    const key = resourceKeyOf(step.resource, step.object);
    const guard = step.object.metadata.resourceVersion ?? "";
    const deletion = deletionOf(step.resource, step.object, context.clock.nowMs());
    const isHeld = (step.object.metadata.finalizers?.length ?? 0) > 0;
    if (deletion.kind === "remove" || (step.now === true && !isHeld)) return { kind: "delete", key, guard };
    return deletion.kind === "mark" ? { kind: "update", key, object: deletion.object, guard } : undefined;
  },
};

function writeOf(step: WriteStep, context: ApplyContext): ObjectWrite | undefined {
  switch (step.kind) {
    case "create":
      return executors.create(step, context);
    case "update":
      return executors.update(step, context);
    case "delete":
      return executors.delete(step, context);
  }
}

/** What the API sets on an object's first day. */
export function born(object: KubeObject, context: Pick<ApplyContext, "clock" | "random">): KubeObject {
  return withMetadata(object, {
    uid: object.metadata.uid ?? context.random.uuid(),
    creationTimestamp: object.metadata.creationTimestamp ?? toTime(context.clock.nowMs()),
    ...("spec" in object ? { generation: object.metadata.generation ?? 1 } : {}),
  });
}

/** Rejects only when this process was deposed; everything else is an outcome. */
export async function applySteps(steps: readonly WriteStep[], context: ApplyContext): Promise<readonly Outcome[]> {
  return await Promise.all(steps.map((step) => applyStep(step, context)));
}

async function applyStep(step: WriteStep, context: ApplyContext): Promise<Outcome> {
  const write = writeOf(step, context);
  if (write === undefined) return { step, ok: true, object: undefined };
  // The same uid in a repeated attempt makes a create that did happen recognisable.
  const sent: WriteStep = write.kind === "create" && step.kind === "create" ? { ...step, object: write.object } : step;
  let result: ObjectWriteResult;
  try {
    result = await context.objectStore.write(write, { fence: context.fence, signal: context.signal });
  } catch (thrown) {
    return { step: sent, ok: "unknown", thrown };
  }
  if (result.ok) return { step: sent, ok: true, object: result.object };
  if (result.reason === "fenced") {
    throw new Problem("conflict", "this control plane no longer leads", { object: deposedObject, retry: "never" });
  }
  const isOwn = write.kind === "create" && result.current?.metadata.uid === write.object.metadata.uid;
  if (isOwn) return { step: sent, ok: true, object: result.current };
  if (write.kind === "delete" && result.reason === "missing") return { step: sent, ok: true, object: undefined };
  return { step: sent, ok: false, current: result.current };
}
