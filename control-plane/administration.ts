/** Glue: the Administration service on this control plane's pieces. */
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import type { Random } from "#proto/kit/random.ts";
import type { CallContext, ServiceHandlers } from "#proto/kit/rpc/handlers.ts";
import type { administrationService } from "#proto/wire/generated/services.ts";
import { type Access, authorize } from "./api/authorize.ts";
import type { ApiEnvironment } from "./api/environment.ts";
import { callOf } from "./api/handlers.ts";
import { collectBackup } from "./backup/collect.ts";
import type { Cache } from "./cache/cache.ts";
import type { EventRecorder } from "./controllers/event-recorder.ts";
import { administrationHandlers } from "./identity/administration-service.ts";
import { certificateWarnings } from "./identity/certificate-list.ts";
import type { Identity } from "./identity/identity.ts";
import { type OpenSealing, tellEvents } from "./open-sealing.ts";
import { sealingHandlers } from "./sealing/sealing-service.ts";
import type { StoreConnection } from "./store-connection.ts";

export interface AdministrationParts {
  readonly api: ApiEnvironment;
  readonly cache: Pick<Cache, "list">;
  readonly identity: Identity;
  readonly connection: StoreConnection;
  readonly sealing: OpenSealing;
  readonly events: EventRecorder;
}

export function administration(
  { clock, random, logger }: { readonly clock: Clock; readonly random: Random; readonly logger: Logger },
  { api, cache, identity, connection, sealing, events }: AdministrationParts,
  isConnected: (node: string) => boolean,
): ServiceHandlers<typeof administrationService> {
  const authorizeCall = (context: CallContext, access: Access): string => {
    const { caller } = callOf(api, context);
    authorize(api.authorizer, caller, access);
    return caller.user;
  };
  const { cluster } = identity.authority;
  const { keyring, members } = sealing;
  const sealingKeys = sealingHandlers({
    ...{ kv: connection.kv, keyring, members, cluster, clock, random, logger: logger.child({ part: "sealing" }) },
    ...{ authorize: authorizeCall, tell: tellEvents(events) },
  });
  const others = administrationHandlers({
    ...{ identity, clock, isConnected, authorize: authorizeCall },
    nodes: () => cache.list("nodes").map(({ metadata }) => metadata.name),
    backup: (signal) => collectBackup({ kv: connection.kv, cluster, keys: () => keyring.keys, clock }, signal),
    etcdPem: () => connection.certificate?.pem(),
    endingFiles: () => connection.endingFiles?.() ?? [],
  });
  return { ...others, ...sealingKeys };
}

export async function warningsOf(
  identity: Pick<Identity, "keeper" | "records" | "revocations">,
  connection: Pick<StoreConnection, "certificate" | "endingFiles">,
  clock: Clock,
): Promise<readonly string[]> {
  const etcdPem = connection.certificate?.pem();
  return certificateWarnings({
    state: identity.keeper.state,
    records: await identity.records.list(),
    revoked: (serial) => identity.revocations.get(serial),
    ...(etcdPem !== undefined && { etcdPem }),
    endingFiles: connection.endingFiles?.() ?? [],
    nowMs: clock.nowMs(),
  });
}
