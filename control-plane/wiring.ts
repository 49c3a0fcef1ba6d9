/**
 * The composition root of the control plane: builds every piece, connects them, starts them in order and stops them in
 * reverse. The only file that knows everybody; it decides nothing.
 */
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Metrics } from "#proto/kit/observability/metrics.ts";
import { addProcessMetrics } from "#proto/kit/observability/process-metrics.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { RpcServer } from "#proto/kit/rpc/server.ts";
import { version } from "#proto/kit/version.ts";
import type { ClusterSettings } from "#proto/resources/cluster-settings.ts";
import type { ClusterStatus } from "#proto/resources/cluster-status.ts";
import { passingFrames } from "#proto/wire/frame-codec.ts";
import {
  administrationService,
  agentGatewayService,
  apiService,
  enrollmentService,
} from "#proto/wire/generated/services.ts";
import { administration } from "./administration.ts";
import { createApiHandlers } from "./api/api-service.ts";
import { builtInGroups } from "./api/authorize.ts";
import { createDefaultObjects } from "./api/bootstrap.ts";
import type { ApiEnvironment } from "./api/environment.ts";
import { apiExtensions } from "./api-extensions.ts";
import { assertNotHalfRestored } from "./backup/restore.ts";
import { WatchCache } from "./cache/watch-cache.ts";
import { admission, isCurrent, keepInForce } from "./certificates-in-force.ts";
import type { ControlPlaneConfig } from "./config.ts";
import type { EventRecorder } from "./controllers/event-recorder.ts";
import { controllerIndexes } from "./controllers/indexes.ts";
import { type ControlPlaneFaults, withFaultPoints } from "./fault-points.ts";
import { ensureAdminContext } from "./identity/admin-context.ts";
import { enrollmentHandlers } from "./identity/enrollment-service.ts";
import { FirstUses } from "./identity/first-uses.ts";
import { createIdentity, type Identity } from "./identity/identity.ts";
import { type OwnCertificate, OwnRenewals } from "./identity/own-renewals.ts";
import { ServerCertificate } from "./identity/server-certificate.ts";
import type { Leadership } from "./leadership/leader-election.ts";
import { startLeading } from "./leading.ts";
import { assertPortFree } from "./listen-check.ts";
import { apiMetrics } from "./observability/api-metrics.ts";
import { createMonitoring } from "./observability/create-monitoring.ts";
import { engineMetrics } from "./observability/engine-metrics.ts";
import { addLimitMetrics } from "./observability/limit-metrics.ts";
import { measuredKv } from "./observability/measured-kv.ts";
import { type ServedMonitoring, serveMonitoring } from "./observability/serve-monitoring.ts";
import { type OpenSealing, openSealing, tellEvents } from "./open-sealing.ts";
import { openStore } from "./open-store.ts";
import { ensureOwnFolder } from "./own-folder.ts";
import { serveRoot } from "./root-socket.ts";
import { createSessions, type Sessions } from "./sessions/sessions.ts";
import { readClusterStatus } from "./status-source.ts";
import { BatchingObjectStore } from "./store/batching-object-store.ts";
import { StoredEventRecorder } from "./store/event-recorder.ts";
import { EventStore } from "./store/event-store.ts";
import { ForeignRevisions, notingForeign } from "./store/foreign-revisions.ts";
import { createObjectCodec, type ObjectCodec } from "./store/object-codec.ts";
import { createSecretSealing } from "./store/secret-sealing.ts";
import { productVersions } from "./store/stored-versions.ts";
import type { StoreConnection } from "./store-connection.ts";
import { settleSettings } from "./stored-settings.ts";
import { migrateStorage } from "./upgrade/storage-migration.ts";
import { claimVersions } from "./upgrade/version-marks.ts";

export interface ControlPlaneDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly faults: ControlPlaneFaults;
}

export interface RunningControlPlane {
  /** Only on the first start of a cluster. */
  readonly joinCommand: string | undefined;
  readonly adminContext: string;
  /** Tells agents and callers, lets calls finish, hands leadership over, stops etcd. Idempotent. */
  stop(): Promise<void>;
}

const serverGraceMs = 3000;
const nodeKey = (name: string) => ({ group: "", plural: "nodes", namespace: "", name });

/** Resolves when everything serves. When anything fails to start, what had started is stopped again. */
export async function startControlPlane(
  config: ControlPlaneConfig,
  dependencies: ControlPlaneDependencies,
  signal: AbortSignal,
): Promise<RunningControlPlane> {
  const life = new AbortController();
  const stops: (() => Promise<unknown>)[] = [];
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= stopInReverse(stops, dependencies.logger);
    return stopped;
  };
  try {
    const parts = await build({
      config,
      ...dependencies,
      life,
      stops,
      starting: AbortSignal.any([signal, life.signal]),
    });
    return { ...parts, stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

async function stopInReverse(stops: (() => Promise<unknown>)[], logger: Logger): Promise<void> {
  for (const stop of stops.reverse()) {
    await stop().catch((thrown: unknown) => logger.warn({ err: thrown }, "a part did not stop cleanly"));
  }
}

interface Building extends ControlPlaneDependencies {
  readonly config: ControlPlaneConfig;
  readonly life: AbortController;
  readonly stops: (() => Promise<unknown>)[];
  readonly starting: AbortSignal;
}

async function build(building: Building): Promise<Omit<RunningControlPlane, "stop">> {
  const { config, clock, random, logger, life, stops, starting } = building;
  await prepare(config);
  const metrics = new Metrics();
  addProcessMetrics(metrics, version, clock, life.signal);
  const opened = await openStore(config, building, starting);
  const foreign = new ForeignRevisions();
  const kv = withFaultPoints(notingForeign(measuredKv(opened.kv, metrics, clock), foreign), building.faults);
  const connection: OpenStore = { ...opened, kv, foreign };
  stops.push(() => connection.stop());
  // Whatever reads the store ends before its connection does.
  stops.push(async () => life.abort(new Problem("canceled", "the control plane stops")));
  const serving: Serving = { certificate: undefined };
  const state = await openState(building, connection, serving);
  const { sessions, identity, settings, events, cache, store } = state;
  const liveness = sessions.liveness;
  const world = {
    cache,
    objectStore: store,
    clock,
    random,
    liveness,
    events,
    logger: logger.child({ part: "controllers" }),
    metrics: engineMetrics(metrics),
  };
  const candidate = {
    kv: connection.kv,
    clock,
    random,
    identity: config.name,
    logger: logger.child({ part: "election" }),
  };
  const migration = { kv: connection.kv, codec: state.codec, versions: productVersions, clock };
  const tell = tellEvents(events);
  const beside = async (leadership: Leadership): Promise<void> => {
    const migrating = migrateStorage({ ...migration, ...leadership, logger: logger.child({ part: "migration" }) });
    await Promise.all([migrating, state.sealing.lead(leadership, tell)]);
  };
  const leading = await startLeading({ ...candidate, world, settings, beside }, starting);
  stops.push(() => leading.stop());
  await createDefaultObjects({ store, clock, random }, starting);
  const folder = join(config.dataDir, "pki");
  const lifetimeMs = config.certificateLifetimes.serverMs;
  const certificate = await ServerCertificate.load({ folder, authority: identity.authority, lifetimeMs, clock });
  serving.certificate = certificate;
  let served: ServedMonitoring | undefined;
  const isConnected = (node: string): boolean =>
    sessions.hub.sessionOf(node) !== undefined || sessions.directory.heldElsewhere(node) !== undefined;
  const status = (): Promise<ClusterStatus> =>
    readClusterStatus({
      ...{ name: config.name, version, settings, cache, connection, identity, isConnected, clock },
      ...{ sealing: state.sealing, election: leading.election, monitoringAddress: () => served?.address },
    });
  const monitoring = createMonitoring({
    metrics,
    connection,
    cache,
    sessions,
    election: leading.election,
    signal: life.signal,
  });
  const { streams, operations } = sessions;
  const extensions = apiExtensions({ issuing: identity.issuing, streams, operations, status, monitoring });
  const admit = admission(identity, new FirstUses(identity.records, logger, life.signal), clock);
  const { limits } = config;
  const { calls, connections } = limits;
  const server = new RpcServer({ clock, logger, observer: apiMetrics(metrics, clock), admit, calls, connections });
  const apiOptions = { cluster: settings.clusterName, extensions, watchLimits: limits.watches };
  server.add(passingFrames(apiService), createApiHandlers(state.api, apiOptions));
  server.add(passingFrames(agentGatewayService), sessions.gateway.handlers());
  server.add(administrationService, administration(building, state, isConnected));
  const enrollment = new RpcServer({ clock, logger, calls: limits.enrollment, connections });
  addLimitMetrics(metrics, { api: server, enrollment });
  enrollment.add(enrollmentService, enrollmentHandlers(identity.enrollment, identity.authority));
  stops.push(() => Promise.all([server.stop(serverGraceMs), enrollment.stop(serverGraceMs)]));
  stops.push(() => sessions.farewell());
  await server.listen(hostPort(config.listenAddress, config.port), certificate.credentials(true));
  await enrollment.listen(hostPort(config.listenAddress, config.enrollmentPort), certificate.credentials(false));
  const socket = config.rootSocket
    ? await serveRoot({ server, store, runDir: config.runDir, logger }, starting)
    : undefined;
  sessions.serving(life.signal);
  served = await serveMonitoring(config.metrics, monitoring, logger.child({ part: "monitoring" }));
  stops.push(served.stop);
  const adminContext = join(config.dataDir, "admin.yaml");
  const address = hostPort(config.advertiseAddress, config.port);
  const admin = { path: adminContext, folder, server: address, socket, authority: identity.authority, clock };
  let adminLife = (await ensureAdminContext(admin)).life;
  const renewAdmin = async (): Promise<void> => {
    adminLife = (await ensureAdminContext(admin)).life;
  };
  const certificates: OwnCertificate[] = [
    {
      ...{ what: "the server certificate", isOfAuthority: true },
      ...{ life: () => certificate.life, renew: () => certificate.renew() },
    },
    { what: "the administrator's context", isOfAuthority: true, life: () => adminLife, renew: renewAdmin },
    ...(connection.certificate
      ? [{ what: "etcd's certificate", isOfAuthority: false, ...connection.certificate }]
      : []),
  ];
  const renewals = new OwnRenewals({ certificates, clock, random, logger });
  keepInForce({ identity, server, sessions, cache, renewals, logger }, life.signal);
  logger.info({ cluster: settings.clusterName, address }, "serving");
  return { joinCommand: await firstJoinCommand(identity, starting), adminContext };
}

/** Made after what needs it: nothing is signed before it serves. */
interface Serving {
  certificate: ServerCertificate | undefined;
}

interface OpenStore extends StoreConnection {
  readonly foreign: ForeignRevisions;
}

interface State {
  readonly settings: ClusterSettings;
  readonly codec: ObjectCodec;
  readonly store: BatchingObjectStore;
  readonly cache: WatchCache;
  readonly identity: Identity;
  readonly events: EventRecorder;
  readonly sealing: OpenSealing;
  readonly sessions: Sessions;
  readonly api: ApiEnvironment;
  readonly connection: StoreConnection;
}

/** Everything that reads and writes the store, started; nothing listens yet. */
async function openState(building: Building, connection: OpenStore, serving: Serving): Promise<State> {
  const { config, clock, random, logger, life, stops, starting } = building;
  await assertNotHalfRestored(connection.kv, starting);
  const settings = await settleSettings(connection.kv, config.settings, config.asked, starting);
  await claimVersions(connection.kv, productVersions, starting);
  const address = hostPort(config.advertiseAddress, config.port);
  const { keyFile, name } = config;
  const opening = { kv: connection.kv, keyFile, name, address, clock, random, logger, faults: building.faults };
  const sealing = await openSealing(opening, starting, life.signal);
  stops.push(() => sealing.members.leave());
  const { kv, keyring: sealer } = sealing;
  const codec = createObjectCodec(createSecretSealing(sealer));
  const store = new BatchingObjectStore({ kv, codec, afterTurn: (run) => void setImmediate(run) });
  const cacheLogger = logger.child({ part: "cache" });
  const { foreign } = connection;
  const cache = new WatchCache({
    ...{ kv, codec, clock, random, foreign },
    logger: cacheLogger,
    indexes: controllerIndexes,
    beforeNews: afterAnswers,
  });
  const identity = await createIdentity(
    {
      kv,
      sealer,
      cluster: settings.clusterName,
      enrollmentAddress: hostPort(config.advertiseAddress, config.enrollmentPort),
      nodeLifetimeMs: config.certificateLifetimes.nodeMs,
      nodeExists: async (name, signal) => (await store.get(nodeKey(name), signal)) !== undefined,
      clock,
      random,
      logger: logger.child({ part: "identity" }),
    },
    starting,
  );
  const eventStore = new EventStore({ kv, codec, clock });
  const events = new StoredEventRecorder({
    store: eventStore,
    clock,
    random,
    logger: logger.child({ part: "events" }),
  });
  stops.push(() => events.flush());
  await cache.start(life.signal);
  sealer.onChange(() => cache.readAgain());
  await identity.start(life.signal);
  const sessions = createSessions({
    isCurrent: isCurrent(identity),
    revocation: (serial) => identity.revocations.refusal(serial),
    ...{ kv, store, cache, events, settings, clock, random, version },
    ...{ identities: identity.identities, enrollment: identity.enrollment, authority: identity.authority },
    ticketSigner: () => serving.certificate?.keyPair,
    controlPlane: random.uuid(),
    address,
    logger: logger.child({ part: "sessions" }),
  });
  await sessions.start(life.signal);
  stops.push(() => sessions.stop());
  const api: ApiEnvironment = {
    ...{ cache, store, kv, codec, clock, random },
    events: eventStore,
    recorder: events,
    authorizer: builtInGroups,
    sizes: config.limits.sizes,
    logger: logger.child({ part: "api" }),
  };
  return { settings, codec, store, cache, identity, events, sealing, sessions, api, connection };
}

/** The news are mostly of what was just written: answers to those who wrote it leave first. */
async function afterAnswers(): Promise<void> {
  await nextTurn();
  await nextTurn();
}

/** Data and run folders are for their owner alone; ports are tried before anything is started. */
async function prepare(config: ControlPlaneConfig): Promise<void> {
  await ensureOwnFolder(config.dataDir, "--data-dir");
  await ensureOwnFolder(config.runDir, "--run-dir");
  await assertPortFree(config.listenAddress, config.port, "--port");
  await assertPortFree(config.listenAddress, config.enrollmentPort, "--enrollment-port");
}

async function firstJoinCommand(identity: Identity, signal: AbortSignal): Promise<string | undefined> {
  if (!identity.isNewCluster) return undefined;
  const request = { lifetimeMs: 0, uses: 10, description: "shown at the first start" };
  return (await identity.issuing.createJoinToken(request, "control-plane", signal)).joinCommand;
}

function hostPort(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
