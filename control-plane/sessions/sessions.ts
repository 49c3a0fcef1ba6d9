/** Puts the pieces of this folder together; the composition root connects them with the rest. */
import type { TicketSigner } from "#proto/identity/blob-ticket.ts";
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import type { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import type { ClusterSettings } from "#proto/resources/cluster-settings.ts";
import type { Cache } from "../cache/cache.ts";
import type { CertificateAuthority } from "../identity/certificate-authority.ts";
import type { Enrollment } from "../identity/enrollment.ts";
import type { NodeIdentities } from "../identity/node-identities.ts";
import { ImageDesk } from "../images/image-desk.ts";
import type { Kv } from "../store/kv.ts";
import type { ObjectStore } from "../store/object-store.ts";
import type { EventSink } from "./agent-events.ts";
import { AgentGateway } from "./agent-gateway.ts";
import { AgentHub } from "./agent-hub.ts";
import { NodeLivenessRecord } from "./node-liveness.ts";
import { NodeRegistration } from "./node-registration.ts";
import { Operations } from "./operations.ts";
import { PodStatusWriter } from "./pod-status-writer.ts";
import { SessionDirectory } from "./session-directory.ts";
import { StreamBroker } from "./stream-broker.ts";
import { StreamService } from "./stream-service.ts";

export interface SessionsOptions {
  readonly kv: Kv;
  readonly store: ObjectStore;
  /** With the index `node` on pods. */
  readonly cache: Cache;
  readonly events: EventSink;
  readonly identities: Pick<NodeIdentities, "standing" | "registered" | "release">;
  readonly enrollment: Pick<Enrollment, "renew">;
  readonly authority: Pick<CertificateAuthority, "authoritiesPem">;
  readonly revocation: (serial: string) => Problem | undefined;
  readonly isCurrent: (serial: string, signal: AbortSignal) => Promise<boolean>;
  readonly settings: ClusterSettings;
  /** The key this control plane serves with, once it does: signs tickets for blobs. */
  readonly ticketSigner: () => TicketSigner | undefined;
  /** Id of this control plane process. */
  readonly controlPlane: string;
  readonly address: string;
  readonly version: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export interface Sessions {
  readonly gateway: AgentGateway;
  readonly hub: AgentHub;
  readonly liveness: NodeLivenessRecord;
  readonly directory: SessionDirectory;
  readonly streams: StreamService;
  readonly operations: Operations;
  /** Asks the agents here whose certificate is not what it should be to renew it, some at a time. */
  renewOutdated(signal: AbortSignal): Promise<void>;
  /** Resolves when sessions may be accepted; the cache must be started. */
  start(signal: AbortSignal): Promise<void>;
  /** The server listens: from now on silence of a node counts as silence. */
  serving(signal: AbortSignal): void;
  /** Says goodbye to agents; while the server still serves. */
  farewell(): Promise<void>;
  /** Gives up what is held in the store. */
  stop(): Promise<void>;
}

/** Longer than a heartbeat is late by ordinary jitter; shorter than the time after which a node counts as lost. */
const stallMs = 2000;
const callBackMs = 10_000;
const farewellMs = 2000;

export function createSessions(options: SessionsOptions): Sessions {
  const { kv, store, cache, clock, random, logger, settings } = options;
  const liveness = new NodeLivenessRecord({ clock, heartbeatIntervalMs: settings.heartbeatIntervalMs, stallMs });
  const { events } = options;
  const registration = new NodeRegistration({ store, cache, clock, random, events });
  const statusWriter = new PodStatusWriter({ store, cache, clock, logger });
  const silenceMs = settings.nodeTimeoutMs * 4;
  const images = new ImageDesk({ cache, store, clock, signer: options.ticketSigner });
  const hub = new AgentHub({ cache, statusWriter, registration, liveness, images, events, clock, logger, silenceMs });
  const sessionOf = (node: string): ReturnType<AgentHub["sessionOf"]> => hub.sessionOf(node);
  const directory = new SessionDirectory({
    kv,
    clock,
    logger,
    controlPlane: options.controlPlane,
    address: options.address,
    leaseMs: settings.nodeTimeoutMs * 2,
    onStoreHealth: (well) => liveness.storeIsWell(well),
    onHeldElsewhere: (node, held) => liveness.heldElsewhere(node, held),
    onTaken: (node, epoch, by) => hub.taken(node, epoch, by),
  });
  const ownerOf = (node: string): string | undefined => directory.heldElsewhere(node)?.address;
  const broker = new StreamBroker({ clock, random, sessionOf, ownerOf, deadlineMs: callBackMs });
  const operations = new Operations({ clock, random, sessionOf });
  const gateway = new AgentGateway({ ...options, hub, directory, registration, broker, images });
  return {
    gateway,
    hub,
    liveness,
    directory,
    operations,
    streams: new StreamService({ cache, broker, images, clock }),
    async start(signal) {
      hub.start(operations, signal);
      await directory.start(signal);
    },
    renewOutdated: (signal) => gateway.renewOutdated(signal),
    serving: (signal) => liveness.start(signal, () => hub.sweep()),
    farewell: () => hub.farewell(farewellMs),
    stop: () => directory.stop(),
  };
}
