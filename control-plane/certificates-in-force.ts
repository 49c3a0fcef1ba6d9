/**
 * Joins certificates with what they open: revoked ones are refused and cut off, those of deleted nodes are revoked, and a change of
 * the authority reaches everybody who holds a certificate of it.
 */
import { nodeUser } from "#proto/identity/names.ts";
import { type Clock, toTime } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { PeerIdentity } from "#proto/kit/rpc/identity.ts";
import type { RpcServer } from "#proto/kit/rpc/server.ts";
import { agentGatewayService } from "#proto/wire/generated/services.ts";
import type { Cache } from "./cache/cache.ts";
import { isUpToDate } from "./identity/authority-status.ts";
import type { FirstUses } from "./identity/first-uses.ts";
import type { Identity } from "./identity/identity.ts";
import type { OwnRenewals } from "./identity/own-renewals.ts";
import type { Sessions } from "./sessions/sessions.ts";
import { revisionOf } from "./store/resource-version.ts";

/** Throws the Problem that refuses a caller: for `RpcServer.admit`. Notes that those let in use their certificates. */
export function admission(
  { revocations }: Pick<Identity, "revocations">,
  uses: Pick<FirstUses, "note">,
  clock: Clock,
): (peer: PeerIdentity, method: string) => void {
  return (peer, method) => {
    // A session says it by its goodbye: its agent must not come back.
    const refusal = method === agentGatewayService.session.path ? undefined : revocations.refusal(peer.serialNumber);
    if (refusal) throw refusal;
    if (peer.expiresAtMs >= clock.nowMs()) {
      uses.note(peer.serialNumber);
      return;
    }
    throw new Problem("unauthenticated", `the certificate of "${peer.user}" expired at ${toTime(peer.expiresAtMs)}`, {
      hint: "Connect again with a renewed certificate.",
    });
  };
}

/** Notes that a certificate is in use; whether it is what its holder should have now. */
export function isCurrent(identity: Identity): (serial: string, signal: AbortSignal) => Promise<boolean> {
  const { records, keeper } = identity;
  return async (serial, signal) => {
    await records.used(serial, signal);
    return isUpToDate(keeper.state, await records.get(serial, signal));
  };
}

export interface InForceOptions {
  readonly identity: Identity;
  readonly server: RpcServer;
  readonly sessions: Sessions;
  readonly cache: Pick<Cache, "subscribe">;
  readonly renewals: OwnRenewals;
  readonly logger: Logger;
}

export function keepInForce(options: InForceOptions, signal: AbortSignal): void {
  const { identity, server, sessions, cache, renewals, logger } = options;
  const { revocations, keeper } = identity;
  revocations.onRevoked(({ serial }) => {
    const refusal = revocations.refusal(serial);
    if (refusal) server.cut((peer) => peer.serialNumber === serial, refusal);
  });
  keeper.onChange(() => {
    renewals.authorityChanged();
    void sessions.renewOutdated(signal);
  });
  cache.subscribe(({ resource, type, name, resourceVersion }) => {
    if (resource !== "nodes" || type !== "deleted") return;
    revokeNode(identity, name, revisionOf(resourceVersion), signal).catch((thrown: unknown) => {
      // Its session is refused all the same: its key stands for a node that is gone.
      if (!signal.aborted)
        logger.warn({ node: name, err: thrown }, "a deleted node's certificates could not be revoked");
    });
  });
  void renewals.run(signal);
}

/** Those given out before its Node was deleted: a machine that joined again since has others. */
async function revokeNode(identity: Identity, node: string, revision: number, signal: AbortSignal): Promise<void> {
  const all = await identity.records.list(signal);
  const its = all.filter(({ user, createRevision }) => user === nodeUser(node) && createRevision < revision);
  await identity.revocations.revoke(its, { user: "control-plane", reason: "its node was deleted" }, signal);
}
