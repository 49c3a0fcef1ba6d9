/** Glue: the sealing keys of this control plane, who else lives, and what the leader does about both. */
import { type Clock, toTime } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import type { Random } from "#proto/kit/random.ts";
import { version } from "#proto/kit/version.ts";
import type { EventRecorder } from "./controllers/event-recorder.ts";
import type { ControlPlaneFaults } from "./fault-points.ts";
import type { Leadership } from "./leadership/leader-election.ts";
import { Members } from "./leadership/members.ts";
import { KeyFile } from "./sealing/key-file.ts";
import type { Keyring } from "./sealing/keyring.ts";
import { openKeyring } from "./sealing/open-keyring.ts";
import { withSealingPermits } from "./sealing/permits.ts";
import { leadRotation } from "./sealing/rotation.ts";
import type { Kv } from "./store/kv.ts";

export interface SealingOptions {
  readonly kv: Kv;
  readonly keyFile: string;
  readonly name: string;
  readonly address: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly faults: ControlPlaneFaults;
}

export interface OpenSealing {
  readonly keyring: Keyring;
  readonly members: Members;
  /** The store for everybody who may write what is sealed. */
  readonly kv: Kv;
  /** For a term. Never rejects. */
  lead(leadership: Leadership, tell: Tell): Promise<void>;
}

export type Tell = (reason: string, message: string) => void;

/** The cluster has no object of its own: such events stand with the namespace that everybody has. */
export function tellEvents(events: EventRecorder): Tell {
  const regarding = { apiVersion: "v1", kind: "Namespace", metadata: { name: "default", namespace: "default" } };
  return (reason, message) =>
    events.record({
      regarding,
      type: reason.endsWith("Unreadable") ? "Warning" : "Normal",
      reason,
      message,
      source: "control-plane",
    });
}

/** Follows the store until the signal aborts. */
export async function openSealing(
  options: SealingOptions,
  starting: AbortSignal,
  life: AbortSignal,
): Promise<OpenSealing> {
  const { kv, name, address, clock, random } = options;
  const logger = options.logger.child({ part: "sealing" });
  const file = new KeyFile(options.keyFile, options.faults);
  const keyring = await openKeyring({ kv, file, clock, random, logger }, starting);
  const startedAt = toTime(clock.nowMs());
  const self = () => ({
    ...{ name, address, version, startedAt, keys: keyring.keysInFile },
    ...(keyring.trouble !== undefined && { trouble: keyring.trouble }),
  });
  const members = new Members({ kv, clock, logger, id: random.uuid(), self });
  // Known before it looks: a rotation that it does not see from here on waits for it.
  await members.join(life);
  keyring.onChange(() => members.changed(life));
  await keyring.start(life);
  return {
    ...{ keyring, members, kv: withSealingPermits(kv, keyring) },
    lead: ({ fence, signal }, tell) => leadRotation({ kv, keyring, members, clock, logger, tell, fence, signal }),
  };
}
