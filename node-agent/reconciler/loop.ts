/**
 * Runs the reconciler: one key per pod, one worker per key, a bounded number at once. Woken by assignments, exits, probe
 * verdicts, ends of pulls and the instants plans name; a slow look at the whole host is the safety net. Never polls.
 */
import type { Timer } from "#proto/kit/clock.ts";
import { KeyedQueue } from "#proto/kit/keyed-queue.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Pod } from "#proto/resources/pod.ts";
import { allContainers } from "#proto/resources/pod-containers.ts";
import type { Image } from "../images/image-store.ts";
import type { Journal } from "../journal/journal.ts";
import type { PodRecord } from "../journal/record.ts";
import { parseContainerId } from "../runtime/container-id.ts";
import { execute } from "./executor.ts";
import { HostState } from "./host-state.ts";
import { addLastLogLines } from "./last-log-lines.ts";
import { nudged, type Outcome, recordOutcome } from "./outcome.ts";
import { runName } from "./pins.ts";
import { isLeaving, isStarting, type PodPlan, plan } from "./plan.ts";
import type { ReconcilerPorts, StepObserver } from "./ports.ts";
import type { PodPresence } from "./presence.ts";
import { runningContainers } from "./running-containers.ts";
import type { Step } from "./steps.ts";
import type { Eviction, NodeFacts, PodView, ReconcilerSettings } from "./view.ts";

export interface LoopOptions {
  readonly ports: ReconcilerPorts;
  readonly journal: Journal;
  readonly node: () => NodeFacts;
  readonly settings: ReconcilerSettings;
  /** Pods worked on at once. */
  readonly concurrency: number;
  readonly observeEveryMs: number;
  readonly observer?: StepObserver;
}

/** More rounds than any pod needs to settle; a plan that never does is a defect, and must not spin. */
const maxRounds = 24;

interface LateOutcome {
  readonly step: Step;
  readonly outcome: Outcome;
}

export class Reconciler {
  readonly #options: LoopOptions;
  readonly #host: HostState;
  readonly #records = new Map<string, PodRecord>();
  readonly #late = new Map<string, LateOutcome[]>();
  readonly #exited = new Set<string>();
  readonly #nudged = new Set<string>();
  readonly #refreshes = new Set<string>();
  readonly #evictions = new Map<string, Eviction>();
  readonly #busy = new Set<string>();
  readonly #queue: KeyedQueue;
  readonly #stopping = new AbortController();
  #isJournalWell = true;
  #hasObserved = false;
  #agentStartedAtMs = 0;
  #observeTimer: Timer | undefined;
  #stopExits: () => void = () => undefined;
  #whenEmpty: (() => void) | undefined;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#host = new HostState(options.ports);
    const { clock, random, logger } = options.ports;
    this.#queue = new KeyedQueue({
      clock,
      random,
      concurrency: options.concurrency,
      work: (uid) => this.#work(uid),
      onError: (uid, thrown) => {
        if (!this.#stopping.signal.aborted) logger.error({ pod: uid, err: thrown }, "a pod could not be reconciled");
      },
    });
  }

  /** Reads journal and host, then takes every pod of either in hand. */
  async start(): Promise<void> {
    const { ports, journal } = this.#options;
    this.#agentStartedAtMs = ports.now().bootMs;
    this.#stopExits = ports.runtime.onExit((id) => this.#onExit(id));
    for (const record of await journal.load()) this.#records.set(record.uid, record);
    await ports.faults?.at("agent:journal-read");
    await this.#host.observe(() => false);
    await ports.faults?.at("agent:host-observed");
    this.#hasObserved = true;
    this.wakeAll();
    this.#observeLater();
  }

  /** Finishes what is in work; containers run on. */
  async stop(): Promise<void> {
    this.#stopping.abort(new DOMException("the agent stops", "AbortError"));
    this.#stopExits();
    this.#observeTimer?.cancel();
    await this.#queue.stop();
    await this.#options.journal.close();
  }

  /** Resolves when this node holds nothing of any pod, and none is wanted. */
  async untilEmpty(signal: AbortSignal): Promise<void> {
    if (this.#uids().size === 0) return;
    const empty = Promise.withResolvers<void>();
    this.#whenEmpty = empty.resolve;
    signal.addEventListener("abort", () => empty.reject(signal.reason), { once: true });
    signal.throwIfAborted();
    await empty.promise;
  }

  /** Something about the pod may have changed. */
  wake(uid: string): void {
    this.#queue.add(uid);
  }

  /** What the pod refers to, or what the node offers, has changed: waits after failures are over. */
  nudge(uid: string): void {
    this.#nudged.add(uid);
    this.#queue.add(uid);
  }

  /** ConfigMaps or Secrets of the pod changed: its volumes follow, and what waited for them goes on. */
  refresh(uid: string): void {
    this.#refreshes.add(uid);
    this.nudge(uid);
  }

  /** Stops the pod for good; kept, as failed, until it is deleted. */
  evict(uid: string, eviction: Eviction): void {
    this.#evictions.set(uid, eviction);
    this.#queue.add(uid);
  }

  wakeAll(): void {
    for (const uid of this.#uids()) this.#queue.add(uid);
  }

  nudgeAll(): void {
    for (const uid of this.#uids()) this.nudge(uid);
  }

  /** Pods that this node holds anything of, or shall. */
  get podCount(): number {
    return this.#uids().size;
  }

  /** What pods run or are about to run, by names that mean its content. */
  images(): readonly { readonly image: string; readonly pod: string }[] {
    return [...this.#records.values()].flatMap((record) => {
      const { namespace = "default", name } = record.pod.metadata;
      return allContainers(record.pod).flatMap(({ image: spelled }) => {
        const image = runName(record.pod, record, spelled);
        return image === undefined ? [] : [{ image, pod: `${namespace}/${name}` }];
      });
    });
  }

  records(): Iterable<PodRecord> {
    return this.#records.values();
  }

  record(uid: string): PodRecord | undefined {
    return this.#records.get(uid);
  }

  presence(uid: string): PodPresence {
    return this.#host.of(uid);
  }

  #uids(): ReadonlySet<string> {
    return new Set([...this.#options.ports.assignments.uids(), ...this.#records.keys(), ...this.#host.uids()]);
  }

  #onExit(id: string): void {
    const identity = parseContainerId(id);
    if (!identity) return;
    this.#options.ports.logger.debug({ container: id }, "a container may have ended");
    this.#exited.add(id);
    // Before the first look nothing would seem to be there: everything is looked at after it anyway.
    if (this.#hasObserved) this.#queue.add(identity.podUid);
  }

  #observeLater(): void {
    const { ports, observeEveryMs } = this.#options;
    this.#observeTimer = ports.clock.after(observeEveryMs, () => void this.#observeAgain());
  }

  async #observeAgain(): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    try {
      await this.#host.observe((uid) => this.#busy.has(uid));
      this.wakeAll();
    } catch (thrown) {
      this.#options.ports.logger.warn({ error: Problem.from(thrown).message }, "the host could not be observed");
    }
    if (!this.#stopping.signal.aborted) this.#observeLater();
  }

  async #work(uid: string): Promise<{ againInMs?: number } | undefined> {
    const { ports } = this.#options;
    this.#busy.add(uid);
    const startedAtMs = this.#options.ports.clock.monotonicMs();
    try {
      for (let round = 0; round < maxRounds; round++) {
        const view = await this.#view(uid);
        const decision = plan(view);
        await ports.faults?.at("pod:planned");
        if (!(await this.#remember(uid, decision, view.record))) continue;
        await ports.faults?.at("pod:remembered");
        if (!isStarting(decision) && !isLeaving(decision)) this.#publish(uid, decision);
        const goesOn = decision.steps.length > 0 && (await this.#execute(uid, decision));
        if (goesOn) continue;
        await this.#refreshVolumes(uid, decision);
        await ports.faults?.at("pod:settled");
        return this.#settled(uid, decision);
      }
      throw new Problem("internal", `the plan of pod ${uid} does not settle`);
    } finally {
      this.#busy.delete(uid);
      this.#options.observer?.reconciled(this.#options.ports.clock.monotonicMs() - startedAtMs);
    }
  }

  async #refreshVolumes(uid: string, { record }: PodPlan): Promise<void> {
    if (!this.#refreshes.delete(uid) || !record || record.stop || this.#host.of(uid).volumes === undefined) return;
    const { ports } = this.#options;
    const objects = ports.assignments.objectsFor(record.pod.metadata.namespace ?? "default");
    try {
      await ports.volumes.refresh(record.pod, objects);
    } catch (thrown) {
      // The old contents stay: better than none.
      const { message } = Problem.from(thrown);
      ports.events.emit(record.pod, { type: "Warning", reason: "FailedMount", message });
    }
  }

  async #view(uid: string): Promise<PodView> {
    const { ports, node, settings } = this.#options;
    const presence = this.#host.of(uid);
    await this.#inspectExited(presence);
    const assignment = ports.assignments.of(uid);
    this.#applyLate(uid);
    const record = this.#records.get(uid);
    const pod = assignment.kind === "assigned" ? assignment.pod : record?.pod;
    const probes: Record<string, NonNullable<ReturnType<typeof ports.probes.verdicts>>> = {};
    for (const id of presence.containers.keys()) {
      const verdicts = ports.probes.verdicts(id);
      if (verdicts) probes[id] = verdicts;
    }
    if (pod) await addLastLogLines(pod, presence, ports.logs);
    const isLeaving = record?.stop !== undefined || pod?.metadata.deletionTimestamp !== undefined;
    const images = pod && !isLeaving ? await this.#images(pod, presence) : new Map<string, Image>();
    const observed = presence.observe(images, ports.listeners.of(uid));
    const agentStartedAtMs = this.#agentStartedAtMs;
    const eviction = this.#evictions.get(uid);
    const known = { uid, assignment, record, observed, probes, eviction };
    return { ...known, node: node(), agentStartedAtMs, settings, now: ports.now() };
  }

  async #inspectExited(presence: PodPresence): Promise<void> {
    const { runtime, logs } = this.#options.ports;
    for (const id of presence.containers.keys()) {
      if (!this.#exited.delete(id)) continue;
      const observation = await runtime.inspect(id);
      if (!observation) presence.dropContainer(id);
      else presence.setContainer(observation);
      const identity = parseContainerId(id);
      if (identity && observation?.state !== "running") logs.ended(presence.uid, identity.name, identity.attempt);
    }
  }

  #applyLate(uid: string): void {
    let record = this.#records.get(uid);
    const { settings, ports } = this.#options;
    for (const { step, outcome } of this.#late.get(uid) ?? []) {
      if (record) record = recordOutcome(record, step, outcome, settings, ports.now().bootMs);
    }
    this.#late.delete(uid);
    if (this.#nudged.delete(uid) && record) record = nudged(record);
    if (record) this.#records.set(uid, record);
  }

  /** Only what is about to be created needs to know its image. */
  async #images(pod: Pod, presence: PodPresence): Promise<ReadonlyMap<string, Image>> {
    const images = new Map<string, Image>();
    const running = new Set<string>();
    for (const { id, state } of presence.containers.values()) {
      const identity = parseContainerId(id);
      if (identity && state === "running") running.add(identity.name);
    }
    for (const { name, image: reference } of allContainers(pod)) {
      if (running.has(name) || images.has(reference)) continue;
      const pinned = runName(pod, this.#records.get(presence.uid), reference);
      if (pinned === undefined) continue;
      const image = await this.#options.ports.images.find(pinned).catch(() => undefined);
      if (image) images.set(reference, image);
    }
    return images;
  }

  /**
   * False when the record could not be kept (a full disk) although a container is about to be made: its number would not be
   * unique for ever. Everything else goes on, stopping above all.
   */
  async #remember(uid: string, { record, steps }: PodPlan, known: PodRecord | undefined): Promise<boolean> {
    const { journal, settings, ports } = this.#options;
    if (!record || record.stop || record.expired) this.#host.of(uid).cancelPulls("the pod is being stopped");
    try {
      if (record) {
        this.#records.set(uid, record);
        if (steps.length === 0) {
          journal.putSoon(record);
          return true;
        }
        await journal.put(record);
      } else if (this.#records.delete(uid)) await journal.delete(uid);
      this.#isJournalWell = true;
      return true;
    } catch (thrown) {
      const message = `the agent's journal cannot be written: ${Problem.from(thrown).message}`;
      if (this.#isJournalWell) ports.logger.error({ error: message }, "the journal cannot be written");
      this.#isJournalWell = false;
      const creates = record && steps.find(({ kind }) => kind === "create-container");
      if (!creates) return true;
      const failed: Outcome = { kind: "failed", words: { reason: "FailedCreatePodSandBox", message } };
      const before = known ?? { ...record, containers: {} };
      this.#records.set(uid, recordOutcome(before, { kind: "create-sandbox" }, failed, settings, ports.now().bootMs));
      return false;
    }
  }

  /** True when something was done at once, so that it pays to look again. */
  async #execute(uid: string, decision: PodPlan): Promise<boolean> {
    const { ports, settings, observer } = this.#options;
    const presence = this.#host.of(uid);
    let isChanged = false;
    for (const step of decision.steps) {
      const record = this.#records.get(uid);
      const signal = this.#stopping.signal;
      const startedAtMs = ports.clock.monotonicMs();
      const later = (of: Step, outcome: Outcome): void => {
        observer?.step(of.kind, outcome.kind, ports.clock.monotonicMs() - startedAtMs);
        this.#onLate(uid, { step: of, outcome });
      };
      const outcome = await execute(step, { ports, pod: record?.pod, record, presence, signal, later });
      const tookMs = Math.round(ports.clock.monotonicMs() - startedAtMs);
      if (outcome) observer?.step(step.kind, outcome.kind, tookMs);
      ports.logger.debug({ pod: uid, step: step.kind, tookMs }, "did a step");
      if (!outcome) continue;
      isChanged = true;
      if (record) {
        this.#records.set(uid, recordOutcome(record, step, outcome, settings, ports.now().bootMs));
      } else if (outcome.kind === "failed") {
        throw new Problem("internal", outcome.words.message);
      }
      if (outcome.kind === "failed") break;
    }
    return isChanged;
  }

  #onLate(uid: string, late: LateOutcome): void {
    this.#late.set(uid, [...(this.#late.get(uid) ?? []), late]);
    this.#queue.add(uid);
  }

  #settled(uid: string, decision: PodPlan): { againInMs?: number } | undefined {
    const { ports } = this.#options;
    const { record } = decision;
    this.#evictions.delete(uid); // in the record by now, or too late
    if (record) {
      this.#publish(uid, decision);
      const addresses = record.pod.spec.hostNetwork ? this.#options.node().hostAddresses : record.addresses;
      const observed = this.#host.of(uid).containers.values();
      ports.probes.sync(record.pod, addresses, runningContainers(record, observed, ports.now().wallMs));
    } else {
      ports.status.forget(uid);
      ports.probes.forget(uid);
      this.#host.forget(uid);
      if (this.#uids().size === 0) this.#whenEmpty?.();
    }
    for (const reason of decision.reasons) ports.logger.debug({ pod: uid }, reason);
    if (decision.recheckAtMs === undefined) return undefined;
    return { againInMs: Math.max(1, decision.recheckAtMs - ports.now().bootMs) };
  }

  #publish(uid: string, { record, status, finished }: PodPlan): void {
    if (!record || !status) return;
    const { namespace = "default", name } = record.pod.metadata;
    this.#options.ports.status.publish({ uid, namespace, name, status, finished });
  }
}
