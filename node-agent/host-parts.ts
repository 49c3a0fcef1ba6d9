/** The real parts below the reconciler's ports, opened in order: what a part needs from another is said here only. */
import { join } from "node:path";
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { type ClusterSettings, defaultClusterSettings } from "#proto/resources/cluster-settings.ts";
import type { NodeFeature } from "#proto/resources/node-features.ts";
import type { AgentFaults } from "./fault-points.ts";
import type { ImageShelf } from "./images/administration/image-shelf.ts";
import type { RegistrySettings } from "./images/image-store.ts";
import type { LayerStoreChoice, LayerStoreKind } from "./images/layers/layer-store-kind.ts";
import { type GarbageOptions, LocalImageStore } from "./images/local-image-store.ts";
import type { ImageOffice } from "./images/peers/image-office.ts";
import { ImagePeers } from "./images/peers/image-peers.ts";
import { ImageReports } from "./images/peers/image-reports.ts";
import type { PeerIdentity } from "./images/peers/peer-identity.ts";
import { PeerServer } from "./images/peers/peer-server.ts";
import { OverlayRootfsStore } from "./images/rootfs.ts";
import { LateNetwork } from "./late-network.ts";
import { FileLogs } from "./logs/file-logs.ts";
import { GoneLogs } from "./logs/gone-logs.ts";
import type { LogLimits } from "./logs/log-limits.ts";
import { BridgeNetwork } from "./network/bridge-network.ts";
import type { HostPorts } from "./reconciler/ports.ts";
import { type Allocatable, resourceValue } from "./reconciler/resource-value.ts";
import { containerId } from "./runtime/container-id.ts";
import type { RuntimeLimits } from "./runtime/container-resources.ts";
import { CrunRuntime } from "./runtime/crun-runtime.ts";
import { NamespaceSandboxes } from "./runtime/sandbox.ts";
import type { ProgramVersion } from "./status/known-holes.ts";
import { LocalVolumeStore } from "./volumes/local-volume-store.ts";

export interface HostPartsOptions {
  readonly cluster: string;
  readonly nodeName: string;
  readonly dataDirectory: string;
  readonly runDirectory: string;
  readonly cgroupRoot: string;
  readonly unpackWorkerPath: string;
  readonly architecture: string;
  readonly layerStore: LayerStoreKind | undefined;
  /** As last told; undefined before the first session. */
  readonly settings: ClusterSettings | undefined;
  /** Read at each pull. */
  readonly registries: () => readonly RegistrySettings[];
  readonly garbage: GarbageOptions;
  readonly allocatable: Allocatable;
  readonly limits: RuntimeLimits;
  readonly logLimits: LogLimits;
  /** Undefined: nothing of the node's memory is kept from pods. */
  readonly podsMemoryBytes: number | undefined;
  readonly office: ImageOffice;
  readonly peerIdentity: () => PeerIdentity;
  /** Where other nodes fetch blobs; port 0 = any, undefined = nowhere. */
  readonly peerEndpoint: { readonly host: string; readonly port: number } | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly faults: AgentFaults;
}

export interface HostParts {
  readonly ports: HostPorts;
  /** Removes images that nobody needs until so many bytes are free, or nothing more may go. */
  readonly makeRoom: (bytes: number) => Promise<void>;
  /** The runtime and what supervises it. */
  readonly programs: readonly ProgramVersion[];
  readonly hasInitProgram: boolean;
  readonly features: readonly NodeFeature[];
  readonly network: LateNetwork;
  readonly layerStore: LayerStoreChoice;
  readonly imageReports: ImageReports;
  readonly shelf: ImageShelf;
  /** undefined when this node serves no other ones. */
  readonly peerServer: PeerServer | undefined;
  stop(): void;
}

export async function openHostParts(options: HostPartsOptions): Promise<HostParts> {
  const { cluster, nodeName, dataDirectory, runDirectory, cgroupRoot, clock, random, logger, faults } = options;
  const imageLogger = logger.child({ part: "images" });
  const peers = new ImagePeers({
    office: options.office,
    identity: options.peerIdentity,
    blobs: () => images.blobs,
    clock,
    logger: imageLogger,
    onEnd: (digest, end) => imageReports.ended(digest, end),
  });
  const images = await LocalImageStore.open({
    peers,
    directory: join(dataDirectory, "images"),
    unpackWorkerPath: options.unpackWorkerPath,
    architecture: options.architecture,
    registries: options.registries,
    garbage: options.garbage,
    layerStore: options.layerStore,
    clock,
    random,
    logger: imageLogger,
  });
  const peerServer = await startPeerServer(options, images);
  const imageReports = new ImageReports({
    holdings: () => images.holdings(),
    peerAddress: () => peerServer?.address ?? "",
    clock,
    logger: imageLogger,
  });
  images.onChange(() => imageReports.changed());
  const rootfs = await OverlayRootfsStore.open({
    directory: join(dataDirectory, "rootfs"),
    layers: images.layers,
    ...{ random, clock, faults },
    logger: imageLogger,
  });
  const runtimeLogger = logger.child({ part: "runtime" });
  const sandboxes = await NamespaceSandboxes.open({
    ...{ runDirectory, cgroupRoot, limits: options.limits, podsMemoryBytes: options.podsMemoryBytes, clock, faults },
    logger: runtimeLogger,
  });
  const runtime = await CrunRuntime.open({
    runDirectory,
    cgroupRoot,
    seccompDirectory: join(dataDirectory, "seccomp"),
    limits: options.limits,
    clock,
    logger: runtimeLogger,
    faults,
  });
  const network = new LateNetwork((settings) => {
    return new BridgeNetwork({
      cluster,
      node: nodeName,
      clusterCidrs: [settings.podCidr, settings.serviceCidr],
      clock,
      logger: logger.child({ part: "network" }),
      faults,
    });
  }, options.settings ?? defaultClusterSettings);
  const gone = new GoneLogs({
    directory: join(dataDirectory, "gone-logs"),
    ...options.logLimits.gone,
    clock,
    logger: logger.child({ part: "logs" }),
  });
  await gone.start();
  const logs = new FileLogs({
    gone,
    directory: join(dataDirectory, "logs"),
    rotation: options.logLimits.rotation,
    reopen: (key) => runtime.reopenLog(containerId({ ...key, name: key.container })),
    clock,
    logger: logger.child({ part: "logs" }),
  });
  await logs.start();
  const volumes = await LocalVolumeStore.open({
    directory: join(dataDirectory, "volumes"),
    runDirectory: join(runDirectory, "volumes"),
    random,
    faults,
    resourceValue: (pod, selector) => resourceValue(pod, undefined, selector, options.allocatable),
  });
  images.protectLayers(() => rootfs.layersInUse());
  images.startUpkeep();
  const programs = [
    { name: runtime.name, version: runtime.version },
    { name: "conmon", version: runtime.conmonVersion },
  ];
  const ports = { images, rootfs, sandboxes, runtime, network, logs, volumes };
  const stop = (): void => {
    logs.stop();
    void peerServer?.stop();
  };
  return {
    network,
    programs,
    hasInitProgram: runtime.initProgram !== undefined,
    features: runtime.features,
    makeRoom: (bytes) => images.makeRoom(bytes),
    layerStore: images.layerStore,
    ports,
    imageReports,
    shelf: images.shelf,
    peerServer,
    stop,
  };
}

/** A node whose port is taken works on: it fetches from others and from registries, and others do not fetch from it. */
async function startPeerServer(options: HostPartsOptions, images: LocalImageStore): Promise<PeerServer | undefined> {
  const { nodeName, peerEndpoint, peerIdentity, clock, logger } = options;
  if (!peerEndpoint) return undefined;
  try {
    const parts = { nodeName, identity: peerIdentity(), blobs: images.blobs, clock };
    return await PeerServer.start({ ...peerEndpoint, ...parts, logger: logger.child({ part: "peers" }) });
  } catch (thrown) {
    logger.warn({ error: Problem.from(thrown).message }, "this node serves no images to other nodes");
    return undefined;
  }
}
