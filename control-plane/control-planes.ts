/** Glue: which control planes live and who leads, for the status of the cluster. */
import type { ControlPlaneStatus } from "#proto/resources/cluster-status.ts";
import type { MemberRecord } from "./leadership/members.ts";
import { type KeyState, sealingWarnings } from "./sealing/key-state.ts";

export interface ControlPlaneFacts {
  readonly controlPlanes: readonly ControlPlaneStatus[];
  /** Sentences about the sealing key that need a person. */
  readonly sealingWarnings: readonly string[];
}

/** `leader`: its name, as far as is known. While the store does not answer, who asks is all that is known of `listed`. */
export function controlPlaneFacts(
  listed: readonly MemberRecord[],
  state: KeyState,
  leader: string | undefined,
  nowMs: number,
): ControlPlaneFacts {
  const known = listed.map((one) => statusOf(one, leader)).sort((a, b) => (a.name < b.name ? -1 : 1));
  const isThere = leader === undefined || known.some(({ name }) => name === leader);
  const gone = { name: leader ?? "", address: "", version: "", leader: true, startedAt: "" };
  return {
    controlPlanes: isThere ? known : [...known, gone],
    sealingWarnings: sealingWarnings(state, listed, nowMs),
  };
}

const statusOf = ({ name, address, version, startedAt }: MemberRecord, leader: string | undefined) => ({
  ...{ name, address, version, startedAt },
  leader: name === leader,
});
