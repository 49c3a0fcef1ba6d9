/** Builds the agent from its configuration and runs it. No decisions about pods here. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { arch } from "node:os";
import { join } from "node:path";
import type { NodeIdentity } from "#proto/identity/join.ts";
import { CertificateRenewal } from "#proto/identity/renewal.ts";
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { addProcessMetrics } from "#proto/kit/observability/process-metrics.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { TaskGroup } from "#proto/kit/task-group.ts";
import { version } from "#proto/kit/version.ts";
import type { Taint } from "#proto/resources/node.ts";
import { Agent, type AgentOptions } from "./agent.ts";
import type { RunConfig } from "./config.ts";
import type { AgentFaults } from "./fault-points.ts";
import { watchPacketRules } from "./host/packet-rule-news.ts";
import { openHostParts } from "./host-parts.ts";
import type { RegistrySettings } from "./images/image-store.ts";
import { RegistryBook } from "./images/registry/registry-objects.ts";
import { beginProcess } from "./journal/agent-process.ts";
import { FileJournal } from "./journal/file-journal.ts";
import { loadNodeMemory, type NodeMemory, saveNodeMemory } from "./journal/node-memory.ts";
import { ObjectCache } from "./journal/object-cache.ts";
import type { LateNetwork } from "./late-network.ts";
import { defaultDataDirectory, defaultRunDirectory, findDataDirectory, loadMembership } from "./membership.ts";
import { FirewallWatch } from "./network/firewall-watch.ts";
import { nodePressure } from "./node-pressure-parts.ts";
import { AgentMetrics } from "./observability.ts";
import { assertNoHoles, lessReserved, offered } from "./offer.ts";
import { renewIdentity } from "./renew-identity.ts";
import { Cgroups } from "./runtime/cgroups.ts";
import { mountRunDirectory } from "./runtime/runtime-paths.ts";
import { Assignments } from "./session/assignments.ts";
import { enrollmentAddresses, isAboutCertificates, nextCertificate } from "./session/coming-back.ts";
import { ControlPlaneLink } from "./session/control-plane-link.ts";
import { ImageCalls } from "./session/image-calls.ts";
import {
  identityDirectory,
  loadIdentity,
  markRefused,
  type StoredIdentity,
  saveIdentity,
} from "./session/node-identity.ts";
import type { Dismissal } from "./session/session-ports.ts";
import { lockInstance } from "./single-instance.ts";
import { readMachineFacts, readUptimeMs } from "./status/machine-facts.ts";
import { NodeReport } from "./status/node-report.ts";
import { PodEvents } from "./status/pod-events.ts";
import { readPressures } from "./status/pressures.ts";
import { unpackWorkerPath } from "./unpack-worker-path.ts";
import { UsageSampler } from "./usage/usage-sampler.ts";

const stopAllTimeoutMs = 5 * 60_000;
const noCertificates = { onRenewNow: () => undefined, onSessionTrouble: () => undefined };

export interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Where this program lies: its layer worker is beside it. */
  readonly programDirectory: string;
  readonly faults: AgentFaults;
}

export interface Place {
  readonly cluster: string;
  readonly nodeName: string;
  readonly controlPlane: readonly string[];
  readonly enrollmentAddresses: readonly string[];
  readonly dataDirectory: string;
  readonly runDirectory: string;
  readonly cgroupRoot: string;
  readonly identity: StoredIdentity;
  /** Of the Node when it is made. */
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
}

/** Resolves when the signal aborts (undefined) or the control plane sends this agent away. */
export async function startAgent(
  config: RunConfig,
  hostname: string,
  around: Surroundings,
  signal: AbortSignal,
): Promise<Dismissal | undefined> {
  const place = await findPlace(config, hostname);
  const logger = around.logger.child({ node: place.nodeName });
  await mkdir(place.dataDirectory, { recursive: true, mode: 0o700 });
  await mountRunDirectory(place.runDirectory);
  const lock = await lockInstance(place.runDirectory);
  try {
    return await run(config, place, { ...around, logger }, signal);
  } finally {
    if (config.readyFile !== undefined) await rm(config.readyFile, { force: true });
    await lock.release();
  }
}

async function run(
  config: RunConfig,
  place: Place,
  around: Surroundings,
  signal: AbortSignal,
): Promise<Dismissal | undefined> {
  const { clock, random, logger } = around;
  const link = new ControlPlaneLink({ addresses: place.controlPlane, identity: place.identity, clock });
  const background = new TaskGroup(signal);
  try {
    let onRenewed = (): void => undefined;
    let refused: Dismissal | undefined;
    const ending = new AbortController();
    const onDeleted = (dismissal: Dismissal): void => {
      refused = dismissal;
      ending.abort();
    };
    const renewal = new CertificateRenewal({
      life: () => link.identity,
      renew: async (until) => {
        const renew = (): Promise<NodeIdentity> => renewIdentity(place, link, until);
        const coming = { ...place, identity: () => link.identity, renew, onDeleted, clock, logger };
        const next = await nextCertificate(coming, until);
        link.replaceIdentity(await saveIdentity(identityDirectory(place.dataDirectory), next));
        onRenewed();
      },
      what: "the node's certificate",
      ...{ clock, random, logger },
    });
    const certificates = {
      onRenewNow: () => renewal.soon(),
      onSessionTrouble: (problem: Problem) => {
        if (isAboutCertificates(problem)) renewal.soon();
      },
    };
    const { agent, observability } = await buildAgent(config, place, around, link, certificates);
    addProcessMetrics(observability.metrics, version, clock, background.signal);
    onRenewed = () => agent.session.reconnect();
    background.run("certificate renewal", (stopping) => renewal.run(stopping));
    const dismissal = (await agent.run(AbortSignal.any([background.signal, ending.signal]))) ?? refused;
    if (dismissal?.identityRefused) await markRefused(identityDirectory(place.dataDirectory), link.identity);
    if (dismissal?.nodeDeleted) await stopAll(config, place, around, link, signal);
    return dismissal;
  } finally {
    link.close();
    await background.stop();
  }
}

/** The node was deleted: its pods run elsewhere by now, or nowhere; here they stop, each in its own time. */
async function stopAll(
  config: RunConfig,
  place: Place,
  around: Surroundings,
  link: ControlPlaneLink,
  signal: AbortSignal,
): Promise<void> {
  around.logger.warn({}, "this node was deleted; its containers are stopped");
  const { agent } = await buildAgent(config, place, around, link);
  await agent.stopAllPods(AbortSignal.any([signal, AbortSignal.timeout(stopAllTimeoutMs)]));
}

export async function buildAgent(
  config: RunConfig,
  place: Place,
  around: Surroundings,
  link: ControlPlaneLink,
  certificates: Pick<AgentOptions, "onRenewNow" | "onSessionTrouble"> = noCertificates,
): Promise<{ readonly agent: Agent; readonly network: LateNetwork; readonly observability: AgentMetrics }> {
  const { clock, random, logger, faults } = around;
  const machine = await readMachineFacts();
  const uptimeMs = (await readUptimeMs()) - clock.monotonicMs();
  const bootMs = (): number => uptimeMs + clock.monotonicMs();
  const journalDirectory = join(place.dataDirectory, "journal");
  await mkdir(journalDirectory, { recursive: true, mode: 0o700 });
  const { milliCpu, memoryBytes, addresses } = offered(config, machine);
  let memory = await loadNodeMemory(journalDirectory);
  const allocatable = lessReserved({ milliCpu, memoryBytes }, config.reserved);
  const assignments = new Assignments(logger.child({ part: "assignments" }));
  const registries = new RegistryBook(assignments, () => memory?.settings.registries ?? noRegistries);
  const office = new ImageCalls(link);
  const events = new PodEvents(clock, place.nodeName);
  const {
    ports,
    network,
    programs,
    hasInitProgram,
    features,
    makeRoom,
    layerStore,
    imageReports,
    shelf,
    peerServer,
    stop,
  } = await openHostParts({
    ...place,
    office,
    peerIdentity: () => link.identity,
    peerEndpoint: peerEndpoint(config, addresses),
    unpackWorkerPath: unpackWorkerPath(around.programDirectory),
    architecture: arch(),
    layerStore: config.layerStore,
    settings: memory?.settings,
    registries: () => registries.settings(),
    garbage: {
      ...config.imageGarbage,
      podImages: () => assignments.images(),
      // Before the first whole set, nobody here knows what pods need.
      neededNames: async (names, signal) => (assignments.isComplete ? office.needed(names, signal) : undefined),
      warn: (reason, message) => events.emitOfNode({ type: "Warning", reason, message }),
    },
    limits: config.runtimeLimits,
    logLimits: config.logLimits,
    podsMemoryBytes: config.reserved.memoryBytes > 0 ? allocatable.memoryBytes : undefined,
    allocatable: { allocatableMilliCpu: allocatable.milliCpu, allocatableMemoryBytes: allocatable.memoryBytes },
    clock,
    random,
    logger,
    faults,
  });
  const cgroups = await Cgroups.open(clock);
  const sources = {
    dataDirectory: place.dataDirectory,
    imagesDirectory: join(place.dataDirectory, "images"),
    memoryCgroup: cgroups.directory("memory", place.cgroupRoot),
    pidsCgroup: cgroups.directory("pids", place.cgroupRoot),
  };
  const report = new NodeReport({
    nodeName: place.nodeName,
    version,
    machine,
    addresses,
    milliCpu,
    memoryBytes,
    maxPods: config.maxPods,
    labels: place.labels,
    taints: place.taints,
    reserved: config.reserved,
    runtime: ports.runtime,
    programs,
    layerStore,
    hasInitProgram,
    features,
    eviction: config.eviction,
    pressures: await readPressures(sources),
    clock,
  });
  if (config.refuseVulnerableRuntime) assertNoHoles(programs);
  link.onIdentity((identity) => peerServer?.replaceIdentity(identity));
  if (memory) await setUpNetwork(memory);
  const observability = new AgentMetrics();
  const agent = new Agent({
    nodeName: place.nodeName,
    version,
    bootId: machine.bootId,
    process: await beginProcess(journalDirectory, random),
    hostAddresses: addresses,
    ...allocatable,
    concurrency: config.concurrency,
    maxRestartPeriodMs: config.maxRestartPeriodMs,
    host: ports,
    office,
    imageReports,
    shelf,
    journal: new FileJournal({
      directory: join(journalDirectory, "pods"),
      bootId: machine.bootId,
      now: () => ({ wallMs: clock.nowMs(), bootMs: bootMs() }),
      clock,
      logger,
      faults,
    }),
    assignments,
    events,
    objects: new ObjectCache(join(place.runDirectory, "objects"), logger),
    report,
    observability,
    usage: new UsageSampler({
      cpuRoot: cgroups.directory("cpuacct", "") ?? "",
      memoryRoot: cgroups.directory("memory", "") ?? "",
      diskRoot: cgroups.directory("blkio", "") ?? "",
      pidsRoot: cgroups.directory("pids", "") ?? "",
      cgroupRoot: place.cgroupRoot,
      clock,
    }),
    pressure: nodePressure(place, {
      settings: config.eviction,
      readPressures: () => readPressures(sources),
      onLook: (pressures) => report.setPressures(pressures),
      makeRoom,
      warn: (reason, message) => events.emitOfNode({ type: "Warning", reason, message }),
      cgroups,
      clock,
      logger: logger.child({ part: "eviction" }),
    }),
    firewall: new FirewallWatch({
      look: () => network.foreignDrops(),
      tell: (drops) => report.setForeignDrops(drops),
      watch: watchPacketRules,
      clock,
      logger: logger.child({ part: "firewall" }),
    }),
    dialSession: (signal) => link.dialSession(signal),
    dialStream: (signal) => link.openStream(signal),
    configure: async (told) => {
      memory = told;
      const isChanged = await setUpNetwork(told);
      if (isChanged) await saveNodeMemory(journalDirectory, told);
      return isChanged;
    },
    ...certificates,
    onStopped: stop,
    onReady: () => void markReady(config.readyFile, logger),
    bootMs,
    clock,
    random,
    logger,
    faults,
  });
  return { agent, network, observability };

  /** A network that cannot be set up is no reason to leave running containers alone: pods then wait and say why. */
  async function setUpNetwork(told: NodeMemory): Promise<boolean> {
    try {
      const isChanged = await network.configure(told.settings, told.podCidr);
      report.setNetworkProblem(undefined);
      return isChanged;
    } catch (thrown) {
      const problem = Problem.from(thrown);
      report.setNetworkProblem(problem.message);
      logger.error({ error: problem.message, hint: problem.hint }, "the pod network could not be set up");
      return false;
    }
  }
}

const noRegistries: readonly RegistrySettings[] = [];

export async function findPlace(config: RunConfig, hostname: string): Promise<Place> {
  const name = config.nodeName ?? hostname.toLowerCase();
  const dataDirectory =
    config.dataDirectory ?? (await findDataDirectory(config)) ?? defaultDataDirectory(config.cluster ?? "local", name);
  const membership = await loadMembership(dataDirectory);
  const identity = await loadIdentity(identityDirectory(dataDirectory));
  if (!identity) {
    throw new Problem("unauthenticated", `this machine has not joined a cluster: ${dataDirectory} has no identity`, {
      hint: "Run `orch-node-agent join --server HOST:7444 --token TOKEN`; `orchctl node join` prints a token.",
    });
  }
  const cluster = config.cluster ?? membership?.cluster ?? identity.cluster;
  if (cluster !== identity.cluster) {
    throw new Problem("forbidden", `this machine has joined cluster ${identity.cluster}, not ${cluster}`);
  }
  const nodeName = config.nodeName ?? membership?.nodeName ?? name;
  const controlPlane = config.controlPlane.length > 0 ? config.controlPlane : (membership?.controlPlane ?? []);
  if (controlPlane.length === 0) {
    throw new Problem("bad-request", "no control plane is known", { hint: "Give --control-plane HOST:7443." });
  }
  return {
    cluster,
    nodeName,
    controlPlane,
    enrollmentAddresses: enrollmentAddresses(membership?.enrollment, controlPlane),
    dataDirectory,
    runDirectory: config.runDirectory ?? defaultRunDirectory(cluster, nodeName),
    cgroupRoot: config.cgroupRoot ?? `/orch/${cluster}/${nodeName}`,
    identity,
    labels: { ...membership?.labels, ...config.labels },
    taints: config.taints.length > 0 ? config.taints : (membership?.taints ?? []),
  };
}

/** The node's own address, so that nothing listens where nobody of the cluster is. */
function peerEndpoint(
  { peerPort }: RunConfig,
  addresses: readonly string[],
): { readonly host: string; readonly port: number } | undefined {
  const [host] = addresses;
  return host === undefined || peerPort === 0 ? undefined : { host, port: peerPort };
}

async function markReady(path: string | undefined, logger: Logger): Promise<void> {
  if (path === undefined) return;
  await writeFile(path, "").catch((thrown: unknown) => {
    logger.warn({ path, error: Problem.from(thrown).message }, "the ready file could not be written");
  });
}
