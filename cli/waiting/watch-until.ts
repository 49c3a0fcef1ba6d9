/** Waits for one object to reach a state, by watching it: no polling. */
import { sleep } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { ApiClient } from "../client/api-client.ts";
import type { Environment } from "../environment.ts";

export interface WatchedObject {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly describe: () => string;
  readonly hint?: string | (() => string);
  /** As it was known last: looked at and watched from there, instead of being asked for first. */
  readonly known?: KubeObject;
}

const retryAfterMs = 500;

/**
 * Calls `decide` with the object now and after every change (undefined when it is gone) until it answers something other
 * than undefined. Survives a control plane that restarts. Rejects with `timeout` after `timeoutMs`; `describe` says then what
 * was waited for.
 */
export async function watchUntil<T>(
  api: ApiClient,
  target: WatchedObject,
  decide: (object: KubeObject | undefined) => T | undefined,
  options: WaitOptions,
  environment: Pick<Environment, "clock" | "signal">,
): Promise<T> {
  const deadline = new AbortController();
  const expired = (): Problem => {
    const hint = typeof options.hint === "function" ? options.hint() : options.hint;
    return new Problem("timeout", options.describe(), hint === undefined ? {} : { hint });
  };
  const timer = environment.clock.after(options.timeoutMs, () => deadline.abort(expired()));
  const signal = AbortSignal.any([environment.signal, deadline.signal]);
  try {
    for (let known = options.known; ; known = undefined) {
      const answer = await look(api, target, decide, known, signal);
      if (answer.decided !== undefined) return answer.decided;
      signal.throwIfAborted();
      await sleep(environment.clock, retryAfterMs, signal);
    }
  } catch (thrown) {
    if (deadline.signal.aborted && !environment.signal.aborted) throw expired();
    throw thrown;
  } finally {
    timer.cancel();
  }
}

/** One list and one watch. Nothing decided: the watch broke off, for a reason that looking again mends. */
async function look<T>(
  api: ApiClient,
  target: WatchedObject,
  decide: (object: KubeObject | undefined) => T | undefined,
  known: KubeObject | undefined,
  signal: AbortSignal,
): Promise<{ readonly decided: T | undefined }> {
  try {
    const now = known
      ? { object: known, resourceVersion: known.metadata.resourceVersion ?? "" }
      : await current(api, target);
    const decided = decide(now.object);
    if (decided !== undefined) return { decided };
    const query = { namespace: target.namespace, name: target.name, resourceVersion: now.resourceVersion };
    for await (const event of api.watch(target.resource, query, signal)) {
      if (event.type === "BOOKMARK") continue;
      const answer = decide(event.type === "DELETED" ? undefined : event.object);
      if (answer !== undefined) return { decided: answer };
    }
  } catch (thrown) {
    signal.throwIfAborted();
    // Anything else, also what `decide` throws, is the caller's.
    if (!(Problem.is(thrown) && isPassing(thrown))) throw thrown;
  }
  return { decided: undefined };
}

/** Looking again mends it: the history is gone, or the control plane restarts. */
export const isPassing = ({ code, cause }: Problem): boolean =>
  code === "expired" || ((code === "unavailable" || code === "timeout") && cause !== undefined);

async function current(
  api: ApiClient,
  target: WatchedObject,
): Promise<{ readonly object: KubeObject | undefined; readonly resourceVersion: string }> {
  const listed = await api.list(target.resource, {
    namespace: target.namespace,
    fieldSelector: `metadata.name=${target.name}`,
  });
  return { object: listed.items[0], resourceVersion: listed.resourceVersion };
}
