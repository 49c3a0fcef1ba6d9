/** The agent as one thing: reconciler above the host's ports, session beside it. Stopping it touches no container. */
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import type { Problem } from "#proto/kit/problem.ts";
import type { Random } from "#proto/kit/random.ts";
import { agentFeatures } from "#proto/resources/agent-features.ts";
import { type ClusterSettings, defaultClusterSettings } from "#proto/resources/cluster-settings.ts";
import { encodeUsage, usageOperation } from "#proto/resources/usage.ts";
import type { orch } from "#proto/wire/generated/messages.js";
import type { NodePressure } from "./eviction/node-pressure.ts";
import { evictionTargets } from "./eviction/targets.ts";
import type { AgentFaults } from "./fault-points.ts";
import { writeImageArchive } from "./images/administration/image-archive.ts";
import { ImageCatalog } from "./images/administration/image-catalog.ts";
import { ImageKeeper } from "./images/administration/image-keeper.ts";
import type { ImageShelf } from "./images/administration/image-shelf.ts";
import type { ImageOffice } from "./images/peers/image-office.ts";
import type { ImageReports } from "./images/peers/image-reports.ts";
import { formatReference, parseReference } from "./images/reference.ts";
import type { AgentProcess } from "./journal/agent-process.ts";
import type { Journal } from "./journal/journal.ts";
import type { NodeMemory } from "./journal/node-memory.ts";
import type { ObjectCache } from "./journal/object-cache.ts";
import type { Instant } from "./journal/record.ts";
import { tellMemoryKill } from "./memory-kill-event.ts";
import type { FirewallWatch } from "./network/firewall-watch.ts";
import type { AgentMetrics } from "./observability.ts";
import { answerOperation } from "./operations.ts";
import { createHookRunner } from "./probes/hook-runner.ts";
import { createProbeRunner } from "./probes/probe-runner.ts";
import { Prober } from "./probes/prober.ts";
import { ImagePinner } from "./reconciler/image-pinner.ts";
import { Listeners } from "./reconciler/listeners.ts";
import { Reconciler } from "./reconciler/loop.ts";
import type { HostPorts } from "./reconciler/ports.ts";
import { withRestartCap } from "./reconciler/view.ts";
import type { Assignments } from "./session/assignments.ts";
import { Session } from "./session/session.ts";
import type { Dismissal, LiveSession, SessionCall } from "./session/session-ports.ts";
import { BackOffEvents } from "./status/back-off-events.ts";
import type { NodeReport } from "./status/node-report.ts";
import type { PodEvents } from "./status/pod-events.ts";
import { PodReports } from "./status/pod-reports.ts";
import { attachServer } from "./streams/attach-stream.ts";
import { containerServer } from "./streams/container-stream.ts";
import { copyServer } from "./streams/copy-stream.ts";
import { execServer } from "./streams/exec-stream.ts";
import type { FrameCall } from "./streams/frame-stream.ts";
import { imageLoadServer } from "./streams/image-load-stream.ts";
import { type ImageStreamParts, imageServer } from "./streams/image-stream.ts";
import { logsServer } from "./streams/logs-stream.ts";
import { portForwardServer } from "./streams/port-forward-stream.ts";
import { Streams } from "./streams/serve-stream.ts";
import type { UsageSampler } from "./usage/usage-sampler.ts";

export interface AgentOptions {
  readonly nodeName: string;
  readonly version: string;
  readonly bootId: string;
  /** A newer one replaces it. */
  readonly process: AgentProcess;
  readonly hostAddresses: readonly string[];
  readonly milliCpu: number;
  readonly memoryBytes: number;
  readonly concurrency: number;
  readonly maxRestartPeriodMs: number;
  readonly host: HostPorts;
  readonly shelf: ImageShelf;
  readonly office: ImageOfficeSession;
  readonly imageReports: Pick<ImageReports, "connected" | "disconnected" | "told">;
  readonly journal: Journal;
  readonly objects: ObjectCache;
  readonly assignments: Assignments;
  readonly events: PodEvents;
  readonly report: NodeReport;
  readonly observability: AgentMetrics;
  readonly usage: Pick<UsageSampler, "sample">;
  readonly pressure: Pick<NodePressure, "start" | "stop">;
  readonly firewall: Pick<FirewallWatch, "start" | "stop">;
  readonly dialSession: (signal: AbortSignal) => Promise<SessionCall>;
  readonly dialStream: (signal: AbortSignal) => FrameCall;
  /** Called with each welcome, before assignments are taken: sets the network up. True when something changed. */
  readonly configure: (memory: NodeMemory) => Promise<boolean>;
  /** The first welcome came. */
  readonly onReady: () => void;
  /** The control plane asks for another certificate on this node. */
  readonly onRenewNow: () => void;
  readonly onSessionTrouble: (problem: Problem) => void;
  /** The last thing: parts that the ports do not know how to stop. */
  readonly onStopped: () => void;
  /** Milliseconds since the machine's boot. */
  readonly bootMs: () => number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly faults: AgentFaults;
}

/** The office as the session sees it. */
interface ImageOfficeSession extends ImageOffice {
  connected(features: readonly string[]): boolean;
  disconnected(): void;
}

const observeEveryMs = 5 * 60_000;
const concurrentProbes = 16;
const maxStreams = 256;
const skewWarningMs = 2_000;

export class Agent {
  readonly reconciler: Reconciler;
  readonly session: Session;
  readonly #options: AgentOptions;
  readonly #assignments: Assignments;
  readonly #reports: PodReports;
  readonly #events: PodEvents;
  readonly #prober: Prober;
  readonly #streams: Streams;
  readonly #listeners = new Listeners();
  #settings = defaultClusterSettings;
  #isReady = false;
  #isConnected = false;

  constructor(options: AgentOptions) {
    this.#options = options;
    const { clock, random, logger, host } = options;
    this.#assignments = options.assignments;
    this.#reports = new PodReports(clock);
    this.#events = options.events;
    this.#prober = new Prober({
      clock,
      random,
      runner: createProbeRunner(host.runtime),
      events: this.#events,
      concurrency: concurrentProbes,
      onVerdict: (uid) => this.reconciler.wake(uid),
    });
    this.reconciler = this.#createReconciler();
    this.#listeners.onChange = (uid) => this.reconciler.wake(uid);
    this.#streams = this.#createStreams();
    options.observability.observe({
      pods: () => this.reconciler.podCount,
      isConnected: () => this.#isConnected,
      conditions: () => options.report.conditions,
    });
    this.session = new Session({
      dial: options.dialSession,
      clock,
      random,
      logger: logger.child({ part: "session" }),
      onTrouble: options.onSessionTrouble,
      handlers: {
        hello: () => this.#hello(),
        welcome: (welcome, live) => this.#welcome(welcome, live),
        assignments: (message) => this.#assign(message),
        statusAck: (sequence) => this.#reports.acknowledged(sequence),
        openStream: (request) => this.#streams.open(request),
        operation: (request, live) => void this.#operate(request, live),
        renewNow: () => options.onRenewNow(),
        ended: () => this.#disconnected(),
      },
    });
  }

  async #operate(request: orch.v1.Operation.$Properties, live: LiveSession): Promise<void> {
    const { metrics } = this.#options.observability;
    const handlers = {
      metrics: async () => Buffer.from(await metrics.text()),
      [usageOperation]: async () => encodeUsage(await this.#options.usage.sample()),
    };
    live.send({ operation: await answerOperation(handlers, request) });
  }

  /** Takes containers in hand first, then talks. Resolves when the signal aborts or the control plane sends the agent away. */
  async run(signal: AbortSignal): Promise<Dismissal | undefined> {
    this.#assignments.restore(await this.#options.objects.load());
    await this.reconciler.start();
    const { host, events, logger } = this.#options;
    host.runtime.onMemoryKill((kill) => tellMemoryKill(kill, this.reconciler, events));
    this.#options.pressure.start(evictionTargets({ reconciler: this.reconciler, ...host, events, logger }));
    try {
      await this.#options.firewall.start();
      return await this.session.run(signal);
    } finally {
      await this.#stop();
    }
  }

  /** Instead of `run`: talks to nobody, stops every pod in its own time and resolves when nothing of any is left. */
  async stopAllPods(signal: AbortSignal): Promise<void> {
    this.#assignments.apply({ complete: true, resultsIn: 1 });
    try {
      await this.reconciler.start();
      await this.reconciler.untilEmpty(signal);
    } finally {
      await this.#stop();
    }
  }

  async #stop(): Promise<void> {
    this.#disconnected();
    this.#streams.stop();
    this.#prober.stop();
    await Promise.all([this.#options.pressure.stop(), this.#options.firewall.stop()]);
    await this.reconciler.stop();
    await this.#options.objects.close();
    await this.#options.host.runtime.close();
    await this.#options.host.images.close();
    this.#options.onStopped();
  }

  #createReconciler(): Reconciler {
    const { observability } = this.#options;
    const { host, clock, random, logger, journal, concurrency, bootMs, bootId, nodeName, faults } = this.#options;
    const { hostAddresses, milliCpu, memoryBytes, office } = this.#options;
    const now = (): Instant => ({ wallMs: clock.nowMs(), bootMs: bootMs() });
    return new Reconciler({
      ports: {
        ...host,
        pinner: new ImagePinner(host.images, office),
        assignments: this.#assignments,
        status: new BackOffEvents(this.#reports, this.#events),
        events: this.#events,
        probes: this.#prober,
        hooks: createHookRunner(host.runtime, clock),
        listeners: this.#listeners,
        facts: () => ({
          nodeName,
          hostAddresses,
          clusterDomain: this.#settings.clusterDomain,
          allocatableMilliCpu: milliCpu,
          allocatableMemoryBytes: memoryBytes,
        }),
        now,
        clock,
        random,
        logger: logger.child({ part: "reconciler" }),
        faults,
      },
      journal,
      node: () => ({ bootId, hostAddresses }),
      settings: withRestartCap(this.#options.maxRestartPeriodMs),
      concurrency,
      observeEveryMs,
      observer: observability,
    });
  }

  #createStreams(): Streams {
    const { host, clock, random, logger, dialStream, nodeName } = this.#options;
    const find = (uid: string): ReturnType<Reconciler["record"]> => this.reconciler.record(uid);
    return new Streams({
      dial: dialStream,
      maxStreams,
      logger: logger.child({ part: "streams" }),
      servers: {
        logs: logsServer(host.logs, find, clock),
        exec: execServer(host.runtime, find),
        attach: attachServer({ runtime: host.runtime, find, listeners: this.#listeners, clock }),
        copy: copyServer(host.runtime, find, random),
        container: containerServer({ ...host, find, clock }),
        "port-forward": portForwardServer(host.network, find, (uid) => this.reconciler.presence(uid)),
        image: imageServer(this.#imageParts()),
        "image-load": imageLoadServer(host.images, nodeName, () => this.#imagesArrived()),
      },
    });
  }

  /** Whoever asks next, on any node, finds them. */
  async #imagesArrived(): Promise<void> {
    await this.#options.imageReports.told();
    this.reconciler.nudgeAll();
  }

  #imageParts(): ImageStreamParts {
    const { host, shelf, clock } = this.#options;
    const catalog = new ImageCatalog(shelf, () => this.reconciler.images());
    return {
      images: host.images,
      catalog,
      keeper: new ImageKeeper(shelf, catalog),
      save: (images) => {
        const chosen = images.map((image) => ({ record: catalog.find(image), tags: tagsFor(image) }));
        return writeImageArchive(chosen, shelf.blobs);
      },
      onArrived: () => this.#imagesArrived(),
      clock,
    };
  }

  #hello(): orch.v1.AgentHello.$Properties {
    const { version, bootId, process, clock, report } = this.#options;
    this.#assignments.beginSession();
    return {
      version,
      features: [...agentFeatures],
      bootId,
      instance: process.instance,
      replaces: [...process.replaces],
      wallClockMs: clock.nowMs(),
      node: Buffer.from(JSON.stringify(report.node())),
    };
  }

  async #welcome(welcome: orch.v1.Welcome.$Properties, live: LiveSession): Promise<void> {
    const { logger, clock, configure, report, onReady, office, imageReports } = this.#options;
    logger.info({ version: welcome.version, epoch: welcome.epoch }, "connected to the control plane");
    const skewMs = clock.nowMs() - Number(welcome.wallClockMs ?? 0);
    if (Math.abs(skewMs) > skewWarningMs)
      logger.warn({ skewMs }, "this machine's clock differs from the control plane's");
    this.#settings = parseSettings(welcome.settings ?? undefined);
    const wasAsked = office.connected(welcome.features ?? []);
    const isConfigured = await configure({ podCidr: welcome.podCidr ?? "", settings: this.#settings });
    if (wasAsked || isConfigured) this.reconciler.nudgeAll();
    if (office.state === "open") imageReports.connected((images) => live.send({ images }));
    this.#reports.connected((status) => live.send({ status }));
    this.#events.connected((events) => live.send({ events }));
    report.connected((status) => live.send({ node: { status: Buffer.from(JSON.stringify(status)) } }));
    this.#isConnected = true;
    this.#options.observability.sessionBegun();
    if (!this.#isReady) onReady();
    this.#isReady = true;
  }

  #assign(message: orch.v1.Assignments.$Properties): boolean {
    const change = this.#assignments.apply(message);
    if (!change) return false;
    this.#options.objects.apply(change.objects);
    if (change.isFirst) this.reconciler.wakeAll();
    for (const uid of change.objectsOf) this.reconciler.refresh(uid);
    for (const uid of change.pods) this.reconciler.wake(uid);
    return true;
  }

  #disconnected(): void {
    this.#isConnected = false;
    this.#reports.disconnected();
    this.#events.disconnected();
    this.#options.report.disconnected();
    this.#options.office.disconnected();
    this.#options.imageReports.disconnected();
  }
}

/** An image that is named by digest or id is saved without a name. */
function tagsFor(image: string): readonly string[] {
  if (image.includes("@") || /^(sha256:)?[0-9a-f]{64}$/.test(image)) return [];
  return [formatReference(parseReference(image))];
}

function parseSettings(bytes: Uint8Array | undefined): ClusterSettings {
  if (!bytes || bytes.length === 0) return defaultClusterSettings;
  const settings = JSON.parse(Buffer.from(bytes).toString("utf8")) as Partial<ClusterSettings>;
  return { ...defaultClusterSettings, ...settings };
}
