/** Waits for one object to reach a state, by watching it: no polling. */
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { ApiClient } from "../client/api-client.ts";
import type { Environment } from "../environment.ts";

export interface WatchedObject {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * Calls `decide` with the object now and after every change (undefined when it is gone) until it answers something other
 * than undefined. Rejects with `timeout` after `timeoutMs`; `describe` says then what was waited for.
 */
export async function watchUntil<T>(
  api: ApiClient,
  target: WatchedObject,
  decide: (object: KubeObject | undefined) => T | undefined,
  options: { readonly timeoutMs: number; readonly describe: () => string },
  environment: Pick<Environment, "clock" | "signal">,
): Promise<T> {
  const deadline = new AbortController();
  const expired = new Problem("timeout", options.describe());
  const timer = environment.clock.after(options.timeoutMs, () => deadline.abort(expired));
  const signal = AbortSignal.any([environment.signal, deadline.signal]);
  try {
    return await watchLoop(api, target, decide, signal);
  } catch (thrown) {
    if (deadline.signal.aborted) throw new Problem("timeout", options.describe());
    throw thrown;
  } finally {
    timer.cancel();
  }
}

async function watchLoop<T>(
  api: ApiClient,
  target: WatchedObject,
  decide: (object: KubeObject | undefined) => T | undefined,
  signal: AbortSignal,
): Promise<T> {
  while (true) {
    const now = await current(api, target);
    const decided = decide(now.object);
    if (decided !== undefined) return decided;
    try {
      for await (const event of api.watch(
        target.resource,
        { namespace: target.namespace, name: target.name, resourceVersion: now.resourceVersion },
        signal,
      )) {
        if (event.type === "BOOKMARK") continue;
        const answer = decide(event.type === "DELETED" ? undefined : event.object);
        if (answer !== undefined) return answer;
      }
    } catch (thrown) {
      signal.throwIfAborted();
      // The history is gone, or the control plane restarted: look again. Anything else is the caller's.
      if (!Problem.is(thrown, "expired") && !Problem.is(thrown, "unavailable")) throw thrown;
    }
    signal.throwIfAborted();
  }
}

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
