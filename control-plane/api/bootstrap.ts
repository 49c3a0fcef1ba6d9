/** Objects every cluster has from its first start. */
import { toTime } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import { findDefinition } from "#proto/resources/registry.ts";
import { newObject } from "./admission/new-object.ts";
import { defaultAndValidate } from "./admission/validate.ts";
import type { ApiEnvironment } from "./environment.ts";
import { keyOf } from "./target.ts";

const namespaces = ["default", "kube-system", "kube-public", "kube-node-lease"];

/** Creates what is missing and leaves what is there. Any number of control planes may do it at once. */
export async function createDefaultObjects(
  env: Pick<ApiEnvironment, "store" | "clock" | "random">,
  signal: AbortSignal,
): Promise<void> {
  const definition = findDefinition("namespaces");
  if (!definition) throw new Problem("internal", "there is no schema for namespaces");
  const now = toTime(env.clock.nowMs());
  for (const name of namespaces) {
    const key = keyOf(definition, "", name);
    if (await env.store.get(key, signal)) continue;
    const body = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
    const birth = { namespace: "", name, uid: env.random.uuid(), now, nameSuffix: "" };
    const { object } = defaultAndValidate(definition, newObject(definition, body, birth), { mode: "strict" });
    await env.store.write({ kind: "create", key, object }, { signal });
  }
}
