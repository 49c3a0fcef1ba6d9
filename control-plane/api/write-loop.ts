/** Read, decide, write under a guard; decide again when somebody was faster. */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { ResourceKey } from "../store/keyspace.ts";
import { isUnchanged } from "./admission/next-object.ts";
import type { ApiEnvironment, Call } from "./environment.ts";
import { assertMayGrow } from "./size-limits.ts";
import { describe, type Target } from "./target.ts";

/** What a decision wants to happen to the object. */
export type Decision =
  | { readonly kind: "write"; readonly object: KubeObject }
  /** `object` is what the caller sees of it. */
  | { readonly kind: "remove"; readonly object: KubeObject }
  | { readonly kind: "keep"; readonly object: KubeObject };

export type Outcome = "created" | "configured" | "unchanged" | "removed";

export interface Changed {
  readonly object: KubeObject;
  readonly outcome: Outcome;
}

export interface WriteLoopOptions {
  readonly dryRun: boolean;
  /** Decides anew at a conflict. False when the caller named the version it decided on. */
  readonly retry: boolean;
}

const maxAttempts = 16;

export async function changeObject(
  env: ApiEnvironment,
  call: Call,
  target: Target & { readonly key: ResourceKey },
  decide: (current: KubeObject | undefined) => Decision | Promise<Decision>,
  options: WriteLoopOptions,
): Promise<Changed> {
  let current = await env.store.get(target.key, call.signal);
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const decision = await decide(current);
    if (decision.kind === "keep") return { object: decision.object, outcome: "unchanged" };
    if (decision.kind === "write" && current && isUnchanged(current, decision.object)) {
      return { object: current, outcome: "unchanged" };
    }
    const outcome = decision.kind === "remove" ? "removed" : current ? "configured" : "created";
    if (decision.kind === "write" && current) assertMayGrow(env.sizes, current, decision.object);
    if (options.dryRun) return { object: decision.object, outcome };
    const result = await write(env, call, target.key, decision, current);
    if (result.ok) return { object: result.object, outcome };
    if (result.reason === "fenced") throw new Problem("unavailable", "this control plane does not write");
    if (!options.retry) throw staleProblem(target, result.current);
    current = result.current;
  }
  throw new Problem(
    "conflict",
    `${describeTarget(target)} changes too fast: ${maxAttempts} attempts met another write`,
    {
      object: describeTarget(target),
      retry: "later",
    },
  );
}

function write(
  env: ApiEnvironment,
  { signal }: Call,
  key: ResourceKey,
  decision: Decision,
  current: KubeObject | undefined,
): ReturnType<ApiEnvironment["store"]["write"]> {
  if (!current) return env.store.write({ kind: "create", key, object: decision.object }, { signal });
  const guard = current.metadata.resourceVersion ?? "0";
  if (decision.kind === "remove") return env.store.write({ kind: "delete", key, guard }, { signal });
  return env.store.write({ kind: "update", key, object: decision.object, guard }, { signal });
}

/** Throws when the caller decided on another version than the stored one. */
export function assertVersion(target: Target, current: KubeObject, wanted: string | undefined): void {
  if (wanted === undefined || wanted === "" || wanted === current.metadata.resourceVersion) return;
  throw staleProblem(target, current);
}

function staleProblem(target: Target, current: KubeObject | undefined): Problem {
  const object = describeTarget(target);
  const now = current ? `is at resourceVersion ${current.metadata.resourceVersion} now` : "is gone";
  return new Problem("conflict", `${object} was changed by somebody else and ${now}`, {
    object,
    hint: "Read it again and repeat the change on what you find.",
  });
}

function describeTarget(target: Target): string {
  return describe(target.definition, target.namespace, target.name);
}
