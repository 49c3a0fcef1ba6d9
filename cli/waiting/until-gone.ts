/** Waits until an object is gone, and says who holds it when it is not. */

import type { CatalogEntry } from "#proto/resources/catalog.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Connection } from "../client/connect.ts";
import type { Environment } from "../environment.ts";
import type { Deadline } from "./deadline.ts";
import { watchUntil } from "./watch-until.ts";

export interface GoneTarget {
  readonly definition: CatalogEntry;
  readonly namespace: string;
  readonly name: string;
  /** A new object of the same name means that this one is gone. */
  readonly uid: string;
}

export async function waitUntilGone(
  connection: Connection,
  target: GoneTarget,
  deadline: Deadline,
  environment: Environment,
): Promise<void> {
  let last: KubeObject | undefined;
  const { definition, namespace, name } = target;
  await watchUntil(
    connection.api,
    { resource: definition.resource, namespace, name },
    (object) => {
      last = object;
      return object === undefined || (target.uid !== "" && object.metadata.uid !== target.uid) ? true : undefined;
    },
    {
      timeoutMs: deadline.remainingMs(),
      describe: () =>
        `${definition.kind} ${name} is still there after ${deadline.timeoutMs / 1000} s: ${holderOf(last)}`,
    },
    environment,
  );
}

function holderOf(object: KubeObject | undefined): string {
  const finalizers = object?.metadata.finalizers ?? [];
  if (finalizers.length > 0) return `its finalizers hold it (${finalizers.join(", ")})`;
  if (object?.kind === "Pod")
    return "its node has not stopped it yet (orchctl describe shows more; --force removes it at once)";
  return "it is still being deleted";
}
