/** One control plane process made of the real parts, on a store client of its own. A crash drops the whole graph at once. */
import { WatchCache } from "#control-plane/cache/watch-cache.ts";
import { controllerIndexes } from "#control-plane/controllers/indexes.ts";
import { defaultControllerSettings } from "#control-plane/controllers/settings.ts";
import { startControllers } from "#control-plane/controllers/start.ts";
import { ImageDesk } from "#control-plane/images/image-desk.ts";
import { LeaderElection, type Leadership } from "#control-plane/leadership/leader-election.ts";
import { AgentHub } from "#control-plane/sessions/agent-hub.ts";
import { AgentSession } from "#control-plane/sessions/agent-session.ts";
import { AssignmentView } from "#control-plane/sessions/assignment-view.ts";
import { NodeLivenessRecord } from "#control-plane/sessions/node-liveness.ts";
import { NodeRegistration } from "#control-plane/sessions/node-registration.ts";
import { PodStatusWriter } from "#control-plane/sessions/pod-status-writer.ts";
import { SessionDirectory } from "#control-plane/sessions/session-directory.ts";
import { BatchingObjectStore } from "#control-plane/store/batching-object-store.ts";
import type { Kv } from "#control-plane/store/kv.ts";
import { MemoryKv } from "#control-plane/store/memory-kv.ts";
import { endOfRevision } from "#control-plane/store/resource-version.ts";
import { silentLogger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { KubeObject } from "#proto/resources/object.ts";
import type { Link } from "./link.ts";
import { ProcessClock } from "./process-clock.ts";
import type { SimWorld } from "./sim-world.ts";

const heartbeatIntervalMs = 2_000;
/** Short enough for a seed to see the ends of nodes and of patience. */
const settings = { ...defaultControllerSettings, nodeGoneMs: 7_000, slowEvictionIntervalMs: 5_000, cacheWaitMs: 5_000 };
const podCidrTimeoutMs = 10_000;
const cacheTimeoutMs = 10_000;

export class SimControlPlane {
  readonly name: string;
  readonly clock: ProcessClock;
  readonly cache: WatchCache;
  readonly #world: SimWorld;
  readonly #stopping = new AbortController();
  readonly #kv: MemoryKv;
  readonly #links = new Set<Link>();
  readonly #parts: Parts;
  #isReady = false;

  /** `name` is that of the process: another one after each crash. */
  constructor(name: string, world: SimWorld) {
    this.name = name;
    this.#world = world;
    const isCut = (): boolean => world.isStoreCut(this);
    const faults = world.chaos.storeFaults(isCut, () => world.clock.monotonicMs());
    const { etcd, promptProgress } = world;
    this.clock = new ProcessClock(world.clock, world.turns);
    this.#kv = new MemoryKv({ clock: this.clock, etcd, faults, promptProgress });
    const kv = dying(world.fences.watched(this.#kv), () => this.#diesHere());
    this.#parts = build({ kv, clock: this.clock, name, world, lead: (lease) => this.#lead(lease) });
    this.cache = this.#parts.cache;
  }

  get isReady(): boolean {
    return this.#isReady && !this.#stopping.signal.aborted && !this.clock.isFrozen;
  }

  get openLinks(): number {
    return this.#links.size;
  }

  /** Aborts when the process ends. */
  get life(): AbortSignal {
    return this.#stopping.signal;
  }

  get isOver(): boolean {
    return this.#stopping.signal.aborted;
  }

  freeze(forMs: number): void {
    this.#world.trace(`${this.name} stands still for ${forMs} ms`);
    this.clock.freeze(forMs);
  }

  /** At a call to the store: true when the process is gone from here on. */
  #diesHere(): boolean {
    if (this.isOver) return true;
    if (!this.#isReady || !this.#world.chaos.strikes("crashAtAwait")) return false;
    this.#world.crash(this);
    return true;
  }

  start(): void {
    const run = async (): Promise<void> => {
      const { signal } = this.#stopping;
      const { cache, hub, liveness, directory, election } = this.#parts;
      await cache.start(signal);
      hub.start({ sessionStarted: () => undefined, answered: () => undefined }, signal);
      liveness.start(signal, () => hub.sweep());
      await directory.start(signal);
      this.#isReady = true;
      await election.run(signal);
    };
    run().catch((thrown: unknown) => {
      if (this.#stopping.signal.aborted) return;
      // A part that gives up ends the process; its supervisor starts it again.
      this.#world.trace(`${this.name} gave up: ${String(thrown)}`);
      this.#world.crash(this);
    });
  }

  crash(): void {
    this.#stopping.abort(new DOMException("crashed", "AbortError"));
    void this.#kv.close();
    for (const link of this.#links) {
      if (this.#world.chaos.strikes("halfOpen")) link.abandon("controlPlane");
      else link.close();
    }
  }

  /** What the gateway does once a connection has been authenticated and hello was said. */
  async serve(link: Link, node: string, { instance, replaces }: SimHello, said: KubeObject): Promise<void> {
    const { hub, directory, registration } = this.#parts;
    const { signal } = this.#stopping;
    this.#links.add(link);
    try {
      const epoch = await directory.claim(node, instance, { replaces, signal });
      const session = new AgentSession({
        node,
        instance,
        version: "1",
        features: [],
        epoch,
        standing: directory.standing(node, epoch),
        view: new AssignmentView(node, hub.source),
        clock: this.clock,
        handlers: hub,
        serial: "00",
        certificateExpiresAtMs: Number.POSITIVE_INFINITY,
      });
      await registration.register(node, Buffer.from(JSON.stringify(said)), session.speaker);
      const podCidr = await registration.podCidr(node, podCidrTimeoutMs, signal);
      await this.cache.waitFor(endOfRevision(epoch), cacheTimeoutMs, signal);
      await link.call.send({ welcome: { epoch, heartbeatIntervalMs, podCidr } });
      hub.opened(session);
      this.#world.trace(`${this.name} holds the session of ${node}`);
      try {
        await session.run(link.call);
      } finally {
        hub.closed(session);
        await directory.release(node, epoch).catch(() => undefined);
      }
    } catch (thrown) {
      if (Problem.is(thrown, "forbidden")) await this.#turnAway(link, thrown.message);
      // The agent tries again.
      this.#world.trace(`${this.name} ended the session of ${node}: ${String(thrown)}`);
    } finally {
      if (!this.isOver) link.close();
      this.#links.delete(link);
    }
  }

  async #turnAway(link: Link, reason: string): Promise<void> {
    await link.call.send({ goodbye: { reason, reconnectAfterMs: -1 } }).catch(() => undefined);
  }

  async #lead({ fence, signal }: Leadership): Promise<void> {
    this.#world.chaos.sometimes("a control plane leads");
    this.#world.trace(`${this.name} leads, term ${fence.createRevision}`);
    const { random, events } = this.#world;
    const { clock } = this;
    const { cache, store, liveness } = this.#parts;
    const running = startControllers({
      cache,
      objectStore: store,
      clock,
      random,
      logger: silentLogger,
      liveness,
      events,
      fence,
      signal,
      settings,
    });
    await running.done.catch(() => undefined);
    this.#world.trace(`${this.name} no longer leads`);
  }
}

interface SimHello {
  readonly instance: string;
  readonly replaces: readonly string[];
}

interface Parts {
  readonly cache: WatchCache;
  readonly store: BatchingObjectStore;
  readonly registration: NodeRegistration;
  readonly liveness: NodeLivenessRecord;
  readonly hub: AgentHub;
  readonly directory: SessionDirectory;
  readonly election: LeaderElection;
}

interface Building {
  readonly kv: Kv;
  readonly clock: ProcessClock;
  readonly name: string;
  readonly world: SimWorld;
  readonly lead: (leadership: Leadership) => Promise<void>;
}

function build({ kv, clock, name, world, lead }: Building): Parts {
  const { random, codec } = world;
  const logger = silentLogger;
  const store = new BatchingObjectStore({ kv, codec });
  const cache = new WatchCache({
    kv,
    codec,
    clock,
    random,
    logger,
    indexes: controllerIndexes,
    driftCheckIntervalMs: 7_000,
  });
  const liveness = new NodeLivenessRecord({ clock, heartbeatIntervalMs, stallMs: 3_000 });
  const events = { record: () => undefined };
  const registration = new NodeRegistration({ store, cache, clock, random, events });
  const statusWriter = new PodStatusWriter({ store, cache, clock, logger });
  const images = new ImageDesk({ cache, store, clock, signer: () => undefined });
  const hub = new AgentHub({
    ...{ cache, statusWriter, registration, liveness, images, events, clock, logger },
    silenceMs: 10_000,
  });
  const directory = new SessionDirectory({
    kv,
    clock,
    logger,
    controlPlane: name,
    address: name,
    leaseMs: 5_000,
    onStoreHealth: (well) => liveness.storeIsWell(well),
    onHeldElsewhere: (node, held) => liveness.heldElsewhere(node, held),
    onTaken: (node, epoch, by) => hub.taken(node, epoch, by),
  });
  const election = new LeaderElection({ kv, clock, random, logger, identity: name, lead, ttlMs: 3_000 });
  return { cache, store, registration, liveness, hub, directory, election };
}

/** The same store for a process that may be gone at any call to it: before the call, or when its answer comes. */
function dying(kv: Kv, diesHere: () => boolean): Kv {
  const never = (): Promise<never> => new Promise(() => undefined);
  const mortal =
    <Args extends unknown[], Answer>(call: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      if (diesHere()) return await never();
      const answer = await call(...args);
      return diesHere() ? await never() : answer;
    };
  return {
    get: mortal(kv.get.bind(kv)),
    list: mortal(kv.list.bind(kv)),
    transact: mortal(kv.transact.bind(kv)),
    grantLease: mortal(kv.grantLease.bind(kv)),
    keepLeaseAlive: mortal(kv.keepLeaseAlive.bind(kv)),
    revokeLease: mortal(kv.revokeLease.bind(kv)),
    compact: mortal(kv.compact.bind(kv)),
    watch: kv.watch.bind(kv),
    close: kv.close.bind(kv),
  };
}
