/** Waits until objects that were listed together are gone: one watch for all of them, however many there are. */
import { Problem } from "#proto/kit/problem.ts";
import type { CatalogEntry } from "#proto/resources/catalog.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Connection } from "../client/connect.ts";
import type { Environment } from "../environment.ts";
import type { Deadline } from "./deadline.ts";
import { quietMs, tellHolders, waitUntilGone } from "./until-gone.ts";

export interface ListedTargets {
  readonly definition: CatalogEntry;
  /** As they were listed; of any namespaces. */
  readonly objects: readonly KubeObject[];
  /** Of the list: the watch goes on from there. */
  readonly resourceVersion: string;
}

/** Of many that stay the first are told of, with how many more there are. */
const told = 3;

export async function waitUntilAllGone(
  connection: Connection,
  targets: ListedTargets,
  deadline: Deadline,
  environment: Environment,
): Promise<void> {
  const { definition, objects } = targets;
  const left = new Map(objects.map((object) => [object.metadata.uid ?? "", object]));
  const timer = environment.clock.after(quietMs, () => void tell(connection, left, definition, environment));
  try {
    await watchThem(connection, targets, left, { deadline, environment });
  } finally {
    timer.cancel();
  }
  // None, unless the watch broke off or the time is up: then each is looked at, and says why it stays.
  for (const [uid, { metadata }] of left) {
    const target = { definition, namespace: metadata.namespace ?? "", name: metadata.name, uid };
    await waitUntilGone(connection, target, deadline, environment);
  }
}

/** Takes from `left` what goes, until all is gone, the time is up, or the watch breaks off. */
async function watchThem(
  { api }: Connection,
  { definition, objects, resourceVersion }: ListedTargets,
  left: Map<string, KubeObject>,
  { deadline, environment }: { readonly deadline: Deadline; readonly environment: Environment },
): Promise<void> {
  const [namespace = "", ...others] = new Set(objects.map(({ metadata }) => metadata.namespace ?? ""));
  const query = { namespace: others.length === 0 ? namespace : "", resourceVersion };
  const enough = new AbortController();
  const timer = environment.clock.after(deadline.remainingMs(), () => enough.abort());
  try {
    for await (const { type, object } of api.watch(
      definition.resource,
      query,
      AbortSignal.any([environment.signal, enough.signal]),
    )) {
      const uid = object.metadata.uid ?? "";
      if (type === "DELETED") left.delete(uid);
      else if (left.has(uid)) left.set(uid, object);
      if (left.size === 0) return;
    }
  } catch (thrown) {
    environment.signal.throwIfAborted();
    if (!enough.signal.aborted && !Problem.is(thrown)) throw thrown;
  } finally {
    timer.cancel();
  }
}

async function tell(
  connection: Connection,
  left: ReadonlyMap<string, KubeObject>,
  definition: CatalogEntry,
  environment: Environment,
): Promise<void> {
  const more = left.size - told;
  for (const object of [...left.values()].slice(0, told))
    await tellHolders(connection, object, definition, environment);
  if (more > 0) environment.err.write(`and ${more} more ${definition.plural} are still there\n`);
}
