/** New objects need a namespace that exists and stays. */
import { Problem } from "#proto/kit/problem.ts";
import type { ApiEnvironment } from "../environment.ts";

/** The cache allows; only what it would refuse is asked of the store, which may know better. */
export async function assertNamespace(env: ApiEnvironment, namespace: string, signal: AbortSignal): Promise<void> {
  const key = { group: "", plural: "namespaces", namespace: "", name: namespace };
  const cached = env.cache.get("namespaces", "", namespace);
  if (cached && cached.metadata.deletionTimestamp === undefined) return;
  const found = await env.store.get(key, signal);
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
