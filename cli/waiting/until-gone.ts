/** Waits until an object is gone; says who holds it when that takes long, and when it does not happen. */
import { Problem } from "#proto/kit/problem.ts";
import type { CatalogEntry } from "#proto/resources/catalog.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Connection } from "../client/connect.ts";
import type { Environment } from "../environment.ts";
import { nameOf } from "../printers/objects.ts";
import { visible } from "../printers/table.ts";
import type { Deadline } from "./deadline.ts";
import { holdersOf, holderText } from "./holders.ts";
import { watchUntil } from "./watch-until.ts";

export interface GoneTarget {
  readonly definition: CatalogEntry;
  readonly namespace: string;
  readonly name: string;
  /** A new object of the same name means that this one is gone. */
  readonly uid: string;
}

/** Who waits longer wants to know for what. */
export const quietMs = 5_000;

export async function waitUntilGone(
  connection: Connection,
  target: GoneTarget,
  deadline: Deadline,
  environment: Environment,
): Promise<void> {
  let last: KubeObject | undefined;
  const { definition, namespace, name } = target;
  const timer = environment.clock.after(quietMs, () => void tellHolders(connection, last, definition, environment));
  try {
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
  } catch (thrown) {
    if (!Problem.is(thrown, "timeout") || !last) throw thrown;
    const causes = (await holders(connection, last, environment)).map((message) => ({ message }));
    throw new Problem("timeout", thrown.message, {
      causes,
      cause: thrown,
      hint: `it goes on without us: orchctl get ${definition.singular} ${name}${namespace === "" ? "" : ` -n ${namespace}`} -w`,
    });
  } finally {
    timer.cancel();
  }
}

export async function tellHolders(
  connection: Connection,
  last: KubeObject | undefined,
  definition: CatalogEntry,
  environment: Environment,
): Promise<void> {
  if (!last) return;
  for (const line of await holders(connection, last, environment))
    environment.err.write(`${nameOf(definition, last)} is still there: ${visible(line)}\n`);
}

/** Empty when nobody can say: the wait itself must not fail for it. */
async function holders(
  { api }: Connection,
  object: KubeObject,
  { clock }: Pick<Environment, "clock">,
): Promise<readonly string[]> {
  try {
    return (await holdersOf(object, api, clock.nowMs())).map(holderText);
  } catch {
    return [];
  }
}

function holderOf(object: KubeObject | undefined): string {
  const finalizers = object?.metadata.finalizers ?? [];
  if (finalizers.length > 0) return `its finalizers hold it (${finalizers.join(", ")})`;
  if (object?.kind === "Pod")
    return "its node has not stopped it yet (orchctl describe shows more; --force removes it at once)";
  if (object?.kind === "Namespace") return "not all that stands in it is gone";
  return "it is still being deleted";
}
