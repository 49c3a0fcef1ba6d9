/** Glue: the Administration service on this control plane's pieces. */
import type { Clock } from "#proto/kit/clock.ts";
import type { CallContext, ServiceHandlers } from "#proto/kit/rpc/handlers.ts";
import type { administrationService } from "#proto/wire/generated/services.ts";
import { type Access, authorize } from "./api/authorize.ts";
import type { ApiEnvironment } from "./api/environment.ts";
import { callOf } from "./api/handlers.ts";
import { collectBackup } from "./backup/collect.ts";
import type { Cache } from "./cache/cache.ts";
import type { ControlPlaneConfig } from "./config.ts";
import { administrationHandlers } from "./identity/administration-service.ts";
import { certificateWarnings } from "./identity/certificate-list.ts";
import type { Identity } from "./identity/identity.ts";
import type { StoreConnection } from "./store-connection.ts";

export interface AdministrationParts {
  readonly api: ApiEnvironment;
  readonly cache: Pick<Cache, "list">;
  readonly identity: Identity;
  readonly connection: StoreConnection;
}

export function administration(
  { clock, config }: { readonly clock: Clock; readonly config: Pick<ControlPlaneConfig, "keyFile"> },
  { api, cache, identity, connection }: AdministrationParts,
  isConnected: (node: string) => boolean,
): ServiceHandlers<typeof administrationService> {
  const authorizeCall = (context: CallContext, access: Access): string => {
    const { caller } = callOf(api, context);
    authorize(api.authorizer, caller, access);
    return caller.user;
  };
  return administrationHandlers({
    ...{ identity, clock, isConnected, authorize: authorizeCall },
    nodes: () => cache.list("nodes").map(({ metadata }) => metadata.name),
    backup: (signal) =>
      collectBackup({ kv: connection.kv, cluster: identity.authority.cluster, keyFile: config.keyFile, clock }, signal),
    etcdPem: () => connection.certificate?.pem(),
  });
}

export async function warningsOf(identity: Identity, clock: Clock): Promise<readonly string[]> {
  return certificateWarnings({
    state: identity.keeper.state,
    records: await identity.records.list(),
    revoked: (serial) => identity.revocations.get(serial),
    nowMs: clock.nowMs(),
  });
}
