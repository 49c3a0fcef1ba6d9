/** The calls of the Administration service about the sealing key: begins a rotation, ends one, and says how far it is. */
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { type CallContext, type ServiceHandlers, unary } from "#proto/kit/rpc/handlers.ts";
import type { administrationService } from "#proto/wire/generated/services.ts";
import type { Access } from "../api/authorize.ts";
import type { Members } from "../leadership/members.ts";
import { sealingStateKey } from "../store/keyspace.ts";
import type { Kv } from "../store/kv.ts";
import { newSealingKey } from "../store/sealing-key-file.ts";
import { begun, finished, type KeyState, linkContext } from "./key-state.ts";
import type { Keyring } from "./keyring.ts";
import { sealedItems } from "./rewrite.ts";
import { describePlace, sealedWith } from "./sealed-values.ts";
import { sealingKeyStatus } from "./sealing-key-status.ts";

export interface SealingServiceOptions {
  readonly kv: Kv;
  readonly keyring: Keyring;
  readonly members: Pick<Members, "list">;
  readonly cluster: string;
  /** Throws `forbidden`; answers who calls. */
  readonly authorize: (context: CallContext, access: Access) => string;
  readonly tell: (reason: string, message: string) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

type Handlers = Pick<
  ServiceHandlers<typeof administrationService>,
  "sealingKeyStatus" | "rotateSealingKey" | "finishSealingKeyRotation"
>;

const slowDeadlineMs = 120_000;

export function sealingHandlers(options: SealingServiceOptions): Handlers {
  const may = (context: CallContext, verb: Access["verb"]): string =>
    options.authorize(context, { verb, resource: "sealingkeys.orch", namespace: "", name: "" });
  return {
    sealingKeyStatus: unary(
      async (_request, context) => {
        may(context, "get");
        return await answer(options, context.signal);
      },
      { deadlineMs: slowDeadlineMs },
    ),
    rotateSealingKey: unary(
      async (_request, context) => {
        await rotate(options, may(context, "update"), context.signal);
        return await answer(options, context.signal);
      },
      { deadlineMs: slowDeadlineMs },
    ),
    finishSealingKeyRotation: unary(
      async (_request, context) => {
        await finish(options, may(context, "update"), context.signal);
        return await answer(options, context.signal);
      },
      { deadlineMs: slowDeadlineMs },
    ),
  };
}

async function answer({ kv, keyring, members, cluster }: SealingServiceOptions, signal: AbortSignal) {
  await keyring.refresh(signal);
  const { members: holders } = await members.list(signal);
  const status = await sealingKeyStatus({ kv, cluster, state: keyring.state, holders }, signal);
  return { body: Buffer.from(JSON.stringify(status)) };
}

async function rotate(options: SealingServiceOptions, startedBy: string, signal: AbortSignal): Promise<void> {
  const { keyring, clock, random, logger, tell } = options;
  await keyring.refresh(signal);
  const { id: to, secret } = newSealingKey(random);
  const link = keyring.seal(secret, linkContext(to));
  const rotation = { to, link, startedAtMs: clock.nowMs(), startedBy };
  const from = keyring.state.active;
  await change(begun(keyring.state, rotation), options, signal);
  logger.info({ from, to, startedBy }, "a new sealing key is handed out to all control planes");
  tell("SealingKeyRotating", `${startedBy} replaces the key that seals Secrets, ${from}, by ${to}`);
}

/** Looks at everything once more before the only key that could open it is gone. */
async function finish(options: SealingServiceOptions, by: string, signal: AbortSignal): Promise<void> {
  const { kv, keyring, members, clock, logger, tell } = options;
  await keyring.refresh(signal);
  const { active, rotation } = keyring.state;
  const { members: holders } = await members.list(signal);
  const next = finished(keyring.state, holders, clock.nowMs());
  if (next === keyring.state) return;
  for await (const items of sealedItems(kv, signal)) {
    const left = items.find(({ value }) => sealedWith(value) !== active);
    if (!left) continue;
    throw new Problem("conflict", `${describePlace(left.key)} is not sealed with key ${active}`, {
      hint: "The old key is kept. Rewrite the object, or delete it: `orchctl cluster key status` names all of them.",
    });
  }
  await change(next, options, signal);
  logger.info({ dropped: rotation?.from, active, by }, "the old sealing key is dropped");
  tell("SealingKeyDropped", `${by} dropped the old key ${rotation?.from}: it is gone from all key files`);
}

async function change(next: KeyState, { kv, keyring }: SealingServiceOptions, signal: AbortSignal): Promise<void> {
  const value = Buffer.from(JSON.stringify(next));
  const write = { kind: "put", key: sealingStateKey, value, guard: keyring.modRevision } as const;
  const { outcomes } = await kv.transact([write], undefined, signal);
  if (!outcomes[0]?.ok) {
    throw new Problem("conflict", "another control plane changed the state of the sealing key at the same moment", {
      hint: "Look at `orchctl cluster key status`, then try again.",
      retry: "later",
    });
  }
}
