/**
 * Leads a rotation of the sealing key from step to step, under the leader's fence. All it knows is in the store: whoever leads next goes on
 * where the last one died.
 */
import { type Clock, sleep } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Members } from "../leadership/members.ts";
import { sealingPermitKey, sealingStateKey } from "../store/keyspace.ts";
import type { Fence, Kv, Write } from "../store/kv.ts";
import { type KeyHolder, type KeyState, namesOf, nextStep, type RotationStep, rewritten } from "./key-state.ts";
import type { Keyring } from "./keyring.ts";
import { rewriteSealed } from "./rewrite.ts";
import { describePlace } from "./sealed-values.ts";

export interface RotationOptions {
  readonly kv: Kv;
  readonly keyring: Keyring;
  readonly members: Pick<Members, "list" | "untilChanged">;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Tells people what was reached. */
  readonly tell: (reason: string, message: string) => void;
  readonly fence: Fence;
  readonly signal: AbortSignal;
}

const retryMs = 2000;
/** A watch may miss things. */
const lookAgainMs = 5000;
/** What does not open will hardly do so in a moment. */
const stuckMs = 30_000;

/** Resolves when the signal aborts. Tries again after failures. */
export async function leadRotation(options: RotationOptions): Promise<void> {
  const { keyring, members, clock, logger, signal } = options;
  while (!signal.aborted) {
    try {
      const changed = keyring.nextChange(signal);
      await keyring.refresh(signal);
      if (!keyring.state.rotation || keyring.state.rotation.phase === "rewritten") {
        await changed;
        continue;
      }
      const { members: holders, revision } = await members.list(signal);
      await take(nextStep(keyring.state, holders), { ...options, revision });
    } catch (thrown) {
      if (signal.aborted) return;
      logger.warn({ error: Problem.from(thrown).message }, "the rotation of the sealing key goes on in a moment");
      await sleep(clock, retryMs, signal).catch(() => undefined);
    }
  }
}

async function take(step: RotationStep, options: RotationOptions & { readonly revision: number }): Promise<void> {
  const { members, logger, tell, signal, revision } = options;
  if (step.kind === "wait") {
    logger.info(
      { waitingFor: namesOf(step.holders), trouble: troubleOf(step.holders) },
      "control planes do not have the new sealing key yet",
    );
    await members.untilChanged(revision, lookAgainMs, signal);
  } else if (step.kind === "switch") {
    const permit = {
      kind: "put",
      key: sealingPermitKey(step.next.active),
      value: Buffer.from("{}"),
      guard: 0,
    } as const;
    await advance([permit], step.next, options);
    tell("SealingKeyInUse", `Secrets are sealed with key ${step.next.active} from now on`);
  } else if (step.kind === "close") {
    await advance([{ kind: "delete", key: sealingPermitKey(step.permit) }], step.next, options);
  } else if (step.kind === "rewrite") await rewriteAll(step.from, options);
}

const troubleOf = (holders: readonly KeyHolder[]): string | undefined =>
  holders.find(({ trouble }) => trouble)?.trouble;

/** Each of the writes may come true without the others: any order of them is safe, and the step is taken again until the state says so. */
async function advance(
  writes: readonly Write[],
  next: KeyState,
  { kv, keyring, fence, signal }: RotationOptions,
): Promise<void> {
  const value = Buffer.from(JSON.stringify(next));
  const state = { kind: "put", key: sealingStateKey, value, guard: keyring.modRevision } as const;
  const { fenceHeld, outcomes } = await kv.transact([...writes, state], fence, signal);
  if (!fenceHeld) throw new Problem("conflict", "another control plane leads");
  if (!outcomes.at(-1)?.ok) throw new Problem("conflict", "the state of the sealing key changed meanwhile");
  await keyring.refresh(signal);
}

async function rewriteAll(from: string, options: RotationOptions): Promise<void> {
  const { keyring, clock, logger, tell, signal } = options;
  const report = await rewriteSealed(options);
  if (report.found === 0) {
    await advance([], rewritten(keyring.state, clock.nowMs()), options);
    logger.info({ from, to: keyring.state.active }, "nothing is sealed with the old key any more");
    tell(
      "SealingKeyRotated",
      `nothing is sealed with key ${from} any more; it is kept until orchctl cluster key finish`,
    );
    return;
  }
  logger.info({ found: report.found, rewritten: report.rewritten }, "sealed values were rewritten; looking once more");
  const [failed] = report.failed;
  if (!failed) return;
  logger.error({ failed: report.failed.length, example: failed.key, error: failed.why }, "sealed values do not open");
  tell("SealedValueUnreadable", `${describePlace(failed.key)} cannot be sealed anew: ${failed.why}`);
  await sleep(clock, stuckMs, signal);
}
