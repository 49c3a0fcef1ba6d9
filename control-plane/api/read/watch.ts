/** Watch: every change of a selection once, in order, from where the reader left off. */

import { Problem } from "#proto/kit/problem.ts";
import { encodeProblem } from "#proto/kit/rpc/problem-status.ts";
import { TimeSlice } from "#proto/kit/time-slice.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { CacheChange } from "../../cache/cache.ts";
import { authorize } from "../authorize.ts";
import type { ApiEnvironment, Call } from "../environment.ts";
import { collectionTarget, type Target } from "../target.ts";
import type { ObjectEncoder } from "./encode.ts";
import { readSelection, type Selection } from "./selection.ts";
import { assertReached, snapshot } from "./snapshot.ts";

export interface WatchRequest {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly resourceVersion: string;
  readonly bookmarks: boolean;
}

export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: Uint8Array;
  readonly resourceVersion: string;
}

/**
 * A watch that must end says why in an ERROR event, and the resourceVersion up to which it told everything: `expired` means list
 * again. The caller counted it.
 */
export async function* watchObjects(
  env: ApiEnvironment,
  call: Call,
  request: WatchRequest,
  encoder: ObjectEncoder,
): AsyncGenerator<WatchEvent, void, undefined> {
  const target = collectionTarget(request);
  const { definition, namespace } = target;
  authorize(env.authorizer, call.caller, {
    verb: "watch",
    resource: definition.resource,
    namespace,
    name: request.name,
  });
  const selection = inAddress(target, request.name, readSelection(definition, request));
  let from = request.resourceVersion;
  /** Of the last event that was taken: where the caller may go on. */
  let taken = "";
  try {
    if (from === "" || from === "0") {
      const start = await snapshot(env, call, { definition, namespace, resourceVersion: from });
      yield* initial(env, start.objects.filter(selection.matches), encoder);
      from = start.resourceVersion;
      if (request.bookmarks) yield bookmark(target, from, { [initialEventsEnd]: "true" });
    }
    await assertReached(env, call, from);
    taken = from;
    for await (const event of live(env, call, { target, selection, from, bookmarks: request.bookmarks }, encoder)) {
      yield event;
      taken = event.resourceVersion;
    }
  } catch (thrown) {
    if (call.signal.aborted) return;
    if (!Problem.is(thrown, "expired") && !Problem.is(thrown, "too-large")) throw thrown;
    yield { type: "ERROR", object: encodeProblem(thrown), resourceVersion: taken };
  }
}

async function* initial(
  env: ApiEnvironment,
  objects: readonly KubeObject[],
  encoder: ObjectEncoder,
): AsyncGenerator<WatchEvent, void, undefined> {
  const slice = new TimeSlice(env.clock);
  for (const object of objects) {
    yield { type: "ADDED", object: encoder.encode(object), resourceVersion: object.metadata.resourceVersion ?? "" };
    if (slice.isOver) await slice.pause();
  }
}

interface Live {
  readonly target: Target;
  readonly selection: Selection;
  readonly from: string;
  readonly bookmarks: boolean;
}

async function* live(
  env: ApiEnvironment,
  call: Call,
  { target, selection, from, bookmarks }: Live,
  encoder: ObjectEncoder,
): AsyncGenerator<WatchEvent, void, undefined> {
  for await (const change of env.cache.changesAfter(target.definition.resource, from, call.signal)) {
    const event = change.type === "bookmark" ? undefined : toEvent(change, selection, encoder);
    if (event) yield event;
    else if (change.type === "bookmark" && bookmarks) yield bookmark(target, change.resourceVersion);
  }
}

/** An object that enters the selection is ADDED, one that leaves it is DELETED, with its last state inside. */
function toEvent(change: CacheChange, selection: Selection, encoder: ObjectEncoder): WatchEvent | undefined {
  const was = change.previous !== undefined && selection.matches(change.previous);
  const is = change.type !== "deleted" && selection.matches(change.object);
  if (!was && !is) return undefined;
  const type = !was ? "ADDED" : is ? "MODIFIED" : "DELETED";
  return { type, object: encoder.encode(change.object), resourceVersion: change.resourceVersion };
}

/** Marks, as in Kubernetes, that what existed was told: from here on a watch can be resumed. */
const initialEventsEnd = "k8s.io/initial-events-end";

function bookmark({ definition }: Target, resourceVersion: string, annotations?: Record<string, string>): WatchEvent {
  const metadata = { resourceVersion, ...(annotations && { annotations }) };
  const object = { kind: definition.kind, apiVersion: definition.apiVersion, metadata };
  return { type: "BOOKMARK", object: Buffer.from(JSON.stringify(object)), resourceVersion };
}

function inAddress({ namespace }: Target, name: string, selection: Selection): Selection {
  if (namespace === "" && name === "") return selection;
  return {
    isEverything: false,
    matches: (object) =>
      (namespace === "" || object.metadata.namespace === namespace) &&
      (name === "" || object.metadata.name === name) &&
      selection.matches(object),
  };
}
