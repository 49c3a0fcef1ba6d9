/**
 * A session's word is written only while the session's record stands in the store as it was claimed: a control plane that stood still, or a
 * write that was long on its way, must not undo what the agent has told another one since.
 */
import { type Clock, sleep } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Condition } from "../store/kv.ts";
import type { ObjectStore, ObjectWrite, ObjectWriteResult } from "../store/object-store.ts";

export interface Standing {
  /** Undefined: the session is another's by now, as far as is known here. */
  condition(): Condition | undefined;
  /** Looks whether the record stands; takes note when it does not, or not at that revision. */
  confirm(signal?: AbortSignal): Promise<void>;
}

/** Whose word it is. */
export interface Speaker {
  readonly epoch: number;
  /** Aborts when the session is over. */
  readonly signal: AbortSignal;
  readonly standing: Standing;
}

const maxTries = 8;
const retryMs = 1000;

/**
 * Writes for a session, if it is one that speaks. The answer is never `fenced`: a record that went with its lease comes back, and the write is tried again. Throws
 * Problem `conflict` when the session is over.
 */
export async function writeWhile(
  standing: Standing | undefined,
  store: ObjectStore,
  write: ObjectWrite,
  clock: Clock,
): Promise<ObjectWriteResult> {
  if (!standing) return await store.write(write);
  for (let attempt = 0; attempt < maxTries; attempt++) {
    const onlyWhile = standing.condition();
    if (!onlyWhile) break;
    const result = await store.write(write, { onlyWhile });
    if (result.ok || result.reason !== "fenced") return result;
    await standing.confirm();
    if (standing.condition()?.modRevision === onlyWhile.modRevision) await sleep(clock, retryMs);
  }
  throw takenOver();
}

export function takenOver(): Problem {
  return new Problem("conflict", "another session of this node has taken over", { retry: "never" });
}
