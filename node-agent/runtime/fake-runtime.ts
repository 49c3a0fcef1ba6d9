/**
 * Both ports in memory, on a given clock, with knobs: for the agent's tests, the simulation and people who try things. A `FakeMachine`
 * outlives the runtimes on it, as containers outlive agents.
 */
import { PassThrough } from "node:stream";
import { type Clock, sleep, type Timer } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { AgentFaults } from "../fault-points.ts";
import { checkContainerId } from "./container-id.ts";
import type {
  AttachSession,
  ContainerObservation,
  ContainerRuntime,
  ContainerSpec,
  ContainerStreams,
  ExecOptions,
  ExecSession,
  MemoryKill,
  Sandbox,
  SandboxNames,
  SandboxRuntime,
  SandboxSpec,
} from "./container-runtime.ts";
import { FakeAttachSession } from "./fake-attach-session.ts";

/** How a container behaves. Everything absent: it starts at once, runs until a signal comes, and obeys SIGTERM. */
export interface FakeBehaviour {
  readonly createProblem?: Problem;
  readonly startProblem?: Problem;
  readonly createMs?: number;
  readonly startMs?: number;
  /** Ends by itself after this time. */
  readonly exitAfterMs?: number;
  readonly exitCode?: number;
  readonly oomKilled?: boolean;
  readonly ignoresSigterm?: boolean;
  /** Time from SIGTERM to the end. */
  readonly stopMs?: number;
  readonly exec?: (command: readonly string[]) => FakeExecResult;
}

export interface FakeExecResult {
  readonly exitCode: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

export interface FakeContainer {
  readonly spec: ContainerSpec;
  readonly behaviour: FakeBehaviour;
  observation: ContainerObservation;
  timer: Timer | undefined;
  readonly attached: Set<FakeAttachSession>;
}

const sigkill = 9;
const sigterm = 15;
const firstPid = 1_000;

/** What lives on the machine, whoever runs on it. */
export class FakeMachine {
  readonly clock: Clock;
  readonly containers = new Map<string, FakeContainer>();
  readonly sandboxes = new Map<
    string,
    { readonly spec: SandboxSpec; readonly sandbox: Sandbox; names?: SandboxNames }
  >();
  /** Pods whose containers share processes, as long as the process that they hang on runs. */
  readonly holders = new Set<string>();
  readonly exitHandlers = new Set<(id: string) => void>();
  readonly killHandlers = new Set<(kill: MemoryKill) => void>();
  /** Asked for each container at its creation. */
  behave: (spec: ContainerSpec) => FakeBehaviour;
  /** Every call that changed something, in order, as `create ID`. */
  readonly calls: string[] = [];
  #nextPid = firstPid;

  constructor(clock: Clock, behave: (spec: ContainerSpec) => FakeBehaviour = () => ({})) {
    this.clock = clock;
    this.behave = behave;
  }

  takePid(): number {
    return this.#nextPid++;
  }

  /** Ends a container as if its process had died: for tests that kill containers. */
  exit(id: string, exitCode: number, oomKilled = false): void {
    const container = this.containers.get(id);
    if (!container || container.observation.state === "exited") return;
    container.timer?.cancel();
    const signal = exitCode - 128;
    const { paused: _, ...observation } = container.observation;
    container.observation = {
      ...observation,
      state: "exited",
      pid: undefined,
      exitCode,
      signal: signal > 0 && signal <= 64 ? signal : undefined,
      oomKilled,
      finishedAtMs: this.clock.nowMs(),
    };
    for (const session of container.attached) session.end();
    for (const handler of this.exitHandlers) handler(id);
  }

  /** Ends the process that a pod's shared processes hang on, and them with it. */
  endHolder(podUid: string): void {
    this.holders.delete(podUid);
    for (const { spec } of this.containers.values())
      if (spec.podUid === podUid && spec.pidNamespace !== undefined) this.exit(spec.id, 128 + sigkill);
  }

  /** As if the container's process had written it. */
  print(id: string, text: string, stream: "out" | "err" = "out"): void {
    for (const session of this.containers.get(id)?.attached ?? []) session.push({ stream, bytes: Buffer.from(text) });
  }

  /** Power-off: nothing is left but what the test keeps. */
  reboot(): void {
    for (const container of this.containers.values()) container.timer?.cancel();
    this.containers.clear();
    this.sandboxes.clear();
    this.holders.clear();
  }
}

export class FakeRuntime implements ContainerRuntime {
  readonly name = "fake";
  readonly version = "1";
  readonly #machine: FakeMachine;
  readonly #handlers = new Set<(id: string) => void>();
  readonly #faults: AgentFaults | undefined;

  constructor(machine: FakeMachine, faults?: AgentFaults) {
    this.#machine = machine;
    this.#faults = faults;
  }

  async create(spec: ContainerSpec, signal: AbortSignal): Promise<ContainerObservation> {
    checkContainerId(spec.id);
    const machine = this.#machine;
    if (signal.aborted) throw Problem.from(signal.reason);
    if (machine.containers.has(spec.id)) throw new Problem("already-exists", `container ${spec.id} exists already`);
    if (!machine.sandboxes.has(spec.podUid)) throw new Problem("invalid", `pod ${spec.podUid} has no sandbox`);
    const behaviour = machine.behave(spec);
    for (const point of ["container:bundle", "container:config", "container:supervisor"] as const) {
      await this.#faults?.at(point);
    }
    if (behaviour.createMs !== undefined) await sleep(machine.clock, behaviour.createMs, signal);
    if (behaviour.createProblem) throw behaviour.createProblem;
    machine.calls.push(`create ${spec.id}`);
    const observation: ContainerObservation = {
      id: spec.id,
      state: "created",
      pid: machine.takePid(),
      exitCode: undefined,
      signal: undefined,
      oomKilled: false,
      startedAtMs: undefined,
      finishedAtMs: undefined,
    };
    machine.containers.set(spec.id, { spec, behaviour, observation, timer: undefined, attached: new Set() });
    await this.#faults?.at("container:created");
    await this.#faults?.at("container:record");
    return observation;
  }

  async start(id: string): Promise<ContainerObservation> {
    const container = this.#existing(id);
    const { behaviour } = container;
    if (container.observation.state !== "created") throw new Problem("conflict", `container ${id} was started before`);
    if (behaviour.startMs !== undefined) await sleep(this.#machine.clock, behaviour.startMs);
    if (behaviour.startProblem) throw behaviour.startProblem;
    this.#machine.calls.push(`start ${id}`);
    container.observation = { ...container.observation, state: "running", startedAtMs: this.#machine.clock.nowMs() };
    const running = container.observation;
    if (behaviour.exitAfterMs !== undefined) {
      this.#exitAfter(container, behaviour.exitAfterMs, behaviour.exitCode ?? 0, behaviour.oomKilled ?? false);
    }
    await this.#faults?.at("container:released");
    await this.#faults?.at("container:start-record");
    return running;
  }

  #exitAfter(container: FakeContainer, delayMs: number, exitCode: number, oomKilled = false): void {
    container.timer?.cancel();
    container.timer = this.#machine.clock.after(delayMs, () =>
      this.#machine.exit(container.spec.id, exitCode, oomKilled),
    );
  }

  async kill(id: string, signal: number): Promise<void> {
    const container = this.#machine.containers.get(id);
    if (!container || container.observation.state === "exited") return;
    this.#machine.calls.push(`kill ${id} ${signal}`);
    const { behaviour } = container;
    if (container.observation.paused && signal !== sigkill) return; // it takes the signal when it goes on
    if (signal === sigkill) this.#exitAfter(container, 0, 128 + sigkill);
    else if (!(signal === sigterm && behaviour.ignoresSigterm)) {
      this.#exitAfter(container, behaviour.stopMs ?? 0, behaviour.exitCode ?? 128 + signal);
    }
  }

  async describe(id: string): Promise<undefined> {
    checkContainerId(id); // nothing was made that could be told of
  }

  async processes(id: string): Promise<ReadonlySet<number>> {
    const pid = this.#machine.containers.get(id)?.observation.pid;
    return new Set(pid === undefined ? [] : [pid]);
  }

  pause(id: string): Promise<ContainerObservation> {
    return this.#freeze(id, true);
  }

  resume(id: string): Promise<ContainerObservation> {
    return this.#freeze(id, false);
  }

  async #freeze(id: string, isWanted: boolean): Promise<ContainerObservation> {
    const container = this.#existing(id);
    if (isWanted && container.observation.state !== "running")
      throw new Problem("conflict", `container ${id} is not running`);
    const { paused = false, ...observation } = container.observation;
    if (paused !== isWanted) this.#machine.calls.push(`${isWanted ? "pause" : "resume"} ${id}`);
    container.observation = isWanted ? { ...observation, paused: true } : observation;
    return container.observation;
  }

  async remove(id: string): Promise<void> {
    checkContainerId(id);
    const container = this.#machine.containers.get(id);
    if (!container) return;
    this.#machine.calls.push(`remove ${id}`);
    container.timer?.cancel();
    await this.#faults?.at("container:killed");
    await this.#faults?.at("container:supervisor-ended");
    await this.#faults?.at("container:cgroup-removed");
    this.#machine.containers.delete(id);
    await this.#faults?.at("container:bundle-removed");
  }

  async list(): Promise<readonly ContainerObservation[]> {
    return [...this.#machine.containers.values()].map((container) => container.observation);
  }

  async inspect(id: string): Promise<ContainerObservation | undefined> {
    checkContainerId(id);
    return this.#machine.containers.get(id)?.observation;
  }

  onMemoryKill(handler: (kill: MemoryKill) => void): () => void {
    this.#machine.killHandlers.add(handler);
    return () => this.#machine.killHandlers.delete(handler);
  }

  onExit(handler: (id: string) => void): () => void {
    this.#machine.exitHandlers.add(handler);
    this.#handlers.add(handler);
    return () => {
      this.#handlers.delete(handler);
      this.#machine.exitHandlers.delete(handler);
    };
  }

  async holdProcesses({ podUid, directory }: Sandbox): Promise<string> {
    const { holders } = this.#machine;
    if (!holders.has(podUid)) {
      await this.#faults?.at("holder:started");
      holders.add(podUid);
      await this.#faults?.at("holder:record");
    }
    return `${directory}/pid`;
  }

  async exec(id: string, options: ExecOptions, signal: AbortSignal): Promise<ExecSession> {
    const container = this.#existing(id);
    if (container.observation.state !== "running") throw new Problem("conflict", "the container is not running");
    if (signal.aborted) throw Problem.from(signal.reason);
    const result = container.behaviour.exec?.(options.command) ?? { exitCode: 0 };
    const stdio = new PassThrough();
    const stderr = new PassThrough();
    if (result.stdout !== undefined) stdio.write(result.stdout);
    stdio.end();
    stderr.end(result.stderr ?? "");
    return {
      stdio,
      stderr,
      resize: () => undefined,
      exitCode: Promise.resolve(result.exitCode),
      kill: () => undefined,
    };
  }

  /** Hears what the machine is told to print. */
  async attach(id: string, streams: ContainerStreams): Promise<AttachSession> {
    const container = this.#existing(id);
    if (container.observation.state === "exited") throw new Problem("conflict", "the container has ended");
    const session = new FakeAttachSession(streams);
    container.attached.add(session);
    return session;
  }

  async close(): Promise<void> {
    for (const handler of this.#handlers) this.#machine.exitHandlers.delete(handler);
    this.#handlers.clear();
  }

  #existing(id: string): FakeContainer {
    const container = this.#machine.containers.get(id);
    if (!container) throw new Problem("not-found", `there is no container ${id}`);
    return container;
  }
}

export class FakeSandboxes implements SandboxRuntime {
  readonly #machine: FakeMachine;
  readonly #faults: AgentFaults | undefined;

  constructor(machine: FakeMachine, faults?: AgentFaults) {
    this.#machine = machine;
    this.#faults = faults;
  }

  async create(spec: SandboxSpec): Promise<Sandbox> {
    const known = this.#machine.sandboxes.get(spec.podUid);
    if (known) return known.sandbox;
    await this.#faults?.at("sandbox:directory");
    await this.#faults?.at("sandbox:namespaces");
    const directory = `/run/fake/sandboxes/${spec.podUid}`;
    const sandbox: Sandbox = {
      podUid: spec.podUid,
      namespaces: {
        network: spec.hostNetwork ? "/proc/self/ns/net" : `${directory}/network`,
        ipc: spec.hostIpc ? "/proc/self/ns/ipc" : `${directory}/ipc`,
        uts: spec.hostNetwork ? "/proc/self/ns/uts" : `${directory}/uts`,
      },
      cgroup: `/orch/fake/pods/${spec.podUid}`,
      directory,
    };
    this.#machine.calls.push(`create-sandbox ${spec.podUid}`);
    this.#machine.sandboxes.set(spec.podUid, { spec, sandbox });
    await this.#faults?.at("sandbox:cgroup");
    await this.#faults?.at("sandbox:record");
    return sandbox;
  }

  async writeNames(podUid: string, names: SandboxNames): Promise<void> {
    const known = this.#machine.sandboxes.get(podUid);
    if (!known) throw new Problem("not-found", `there is no sandbox of pod ${podUid}`);
    known.names = names;
  }

  async find(podUid: string): Promise<Sandbox | undefined> {
    return this.#machine.sandboxes.get(podUid)?.sandbox;
  }

  async list(): Promise<readonly Sandbox[]> {
    return [...this.#machine.sandboxes.values()].map(({ sandbox }) => sandbox);
  }

  async remove(podUid: string): Promise<void> {
    if (!this.#machine.sandboxes.has(podUid)) return;
    await this.#faults?.at("sandbox:cgroup-removed");
    await this.#faults?.at("sandbox:unpinned");
    this.#machine.sandboxes.delete(podUid);
    this.#machine.holders.delete(podUid);
    this.#machine.calls.push(`remove-sandbox ${podUid}`);
    for (const container of this.#machine.containers.values()) {
      if (container.spec.podUid === podUid) this.#machine.exit(container.spec.id, 128 + sigkill);
    }
  }
}
