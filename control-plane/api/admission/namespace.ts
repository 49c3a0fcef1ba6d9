/** New objects need a namespace that exists and stays. */
import { Problem } from "#proto/kit/problem.ts";
import type { ApiEnvironment } from "../environment.ts";

/** The cache answers; only what it does not know yet is asked of the store. */
export async function assertNamespace(env: ApiEnvironment, namespace: string, signal: AbortSignal): Promise<void> {
  const key = { group: "", plural: "namespaces", namespace: "", name: namespace };
  const found = env.cache.get("namespaces", "", namespace) ?? (await env.store.get(key, signal));
  const object = `Namespace ${namespace}`;
  if (!found) {
    const hint = `Create it: orchctl create namespace ${namespace}`;
    throw new Problem("not-found", `the namespace "${namespace}" does not exist`, { object, hint });
  }
  if (found.metadata.deletionTimestamp !== undefined) {
    const message = `the namespace "${namespace}" is being deleted and takes no new objects`;
    throw new Problem("forbidden", message, { object, hint: "Wait until it is gone, then create it again." });
  }
}
