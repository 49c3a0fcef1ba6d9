/** Containers through conmon and an OCI runtime: crun, else runc. All state is on disk, so agents come and go. */
import { rmSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Clock } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { RuntimeDetails } from "#proto/resources/container-request.ts";
import type { NodeFeature } from "#proto/resources/node-features.ts";
import type { AgentFaults } from "../fault-points.ts";
import { statInMemory, unlinkInMemory, writeInMemory } from "../host/memory-files.ts";
import { endsWithin } from "../host/process-exit.ts";
import { identifyProcess, signalProcess } from "../host/processes.ts";
import { run } from "../host/spawn.ts";
import { attachToContainer } from "./attach.ts";
import { podCgroup, supervisorGroup } from "./cgroup-names.ts";
import { Cgroups } from "./cgroups.ts";
import { createWithConmon, runtimeReason } from "./conmon.ts";
import { reopenLog } from "./conmon-control.ts";
import { checkContainerId, parseContainerId } from "./container-id.ts";
import { makeBundle, readRecord, writeRecord } from "./container-record.ts";
import { defaultRuntimeLimits, type RuntimeLimits } from "./container-resources.ts";
import type {
  AttachSession,
  ContainerObservation,
  ContainerRuntime,
  ContainerSpec,
  ContainerStreams,
  CreatedContainer,
  ExecOptions,
  ExecSession,
  MemoryKill,
  Sandbox,
} from "./container-runtime.ts";
import { findSupervisor, memoryKills, observeContainer, type StateSources } from "./container-state.ts";
import { describeBundle } from "./describe-container.ts";
import { execInContainer } from "./exec.ts";
import { ExitWatch } from "./exit-watch.ts";
import { removeHalfMade } from "./half-made.ts";
import { featuresOf, type HostFacts, readHostFacts } from "./host-facts.ts";
import { untilInitTakes } from "./init-process.ts";
import { MemoryKills } from "./memory-kills.ts";
import { toOciJson } from "./oci-json.ts";
import { limitNotes } from "./oci-spec.ts";
import type { OciConfig } from "./oci-types.ts";
import { prepareConfig } from "./prepare-config.ts";
import { holdProcesses } from "./process-holder.ts";
import { findRuntimeBinaries, preferredRuntimes, type RuntimeBinaries } from "./runtime-binaries.ts";
import { RuntimePaths } from "./runtime-paths.ts";
import { sealBinary } from "./sealed-binary.ts";
import { SeccompFilters } from "./seccomp-filters.ts";
import { openSecurityModules } from "./security-modules.ts";
import { stage, unstage } from "./staging.ts";
import { releaseFifo, startFifo } from "./start-fifo.ts";
import { SupervisorWatch } from "./supervisor-watch.ts";
import { removeTerminationFile, withTerminationFile } from "./termination-file.ts";

export interface CrunRuntimeOptions {
  /** Of the node; a private tmpfs (see `mountRunDirectory`). */
  readonly runDirectory: string;
  /** As /orch/CLUSTER/NODE, relative to each hierarchy's root. */
  readonly cgroupRoot: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly candidates?: readonly ("crun" | "runc")[];
  readonly limits?: RuntimeLimits;
  /** Where profiles of type Localhost are looked up. */
  readonly seccompDirectory?: string;
  readonly faults?: AgentFaults | undefined;
}

const createTimeoutMs = 60_000;
const commandTimeoutMs = 30_000;
const supervisorGoneTimeoutMs = 5_000;
/** After its container's end, as a rule: it has a file to write. */
const supervisorEndsWithinMs = 20;
const sigkill = 9;

export class CrunRuntime implements ContainerRuntime {
  readonly name: "crun" | "runc";
  readonly version: string;
  readonly conmonVersion: string;
  /** undefined: containers run without an init process. */
  readonly initProgram: string | undefined;
  readonly #options: CrunRuntimeOptions;
  readonly #binaries: RuntimeBinaries;
  readonly #host: HostFacts;
  readonly #paths: RuntimePaths;
  readonly #cgroups: Cgroups;
  readonly #exits: ExitWatch;
  readonly #supervisors: SupervisorWatch;
  readonly #memoryKills: MemoryKills;
  readonly #filters = new SeccompFilters();

  private constructor(options: CrunRuntimeOptions, binaries: RuntimeBinaries, host: HostFacts, cgroups: Cgroups) {
    this.#options = options;
    this.#binaries = binaries;
    this.#host = host;
    this.#cgroups = cgroups;
    this.#paths = new RuntimePaths(options.runDirectory);
    this.#exits = new ExitWatch(this.#paths.exits, options.logger);
    this.#supervisors = new SupervisorWatch(options.logger, (id) => this.#exits.notify(id));
    this.#memoryKills = new MemoryKills({
      bundle: (id) => this.#paths.bundle(id),
      count: (id) => memoryKills(id, this.#sources),
      isRunning: async (id) => (await this.inspect(id))?.state === "running",
      ...{ clock: options.clock, logger: options.logger },
    });
    this.name = binaries.name;
    this.version = binaries.version;
    this.conmonVersion = binaries.conmonVersion;
    this.initProgram = binaries.initProgram;
  }

  /** What this node's kernel offers to pods that ask for it. */
  get features(): readonly NodeFeature[] {
    return featuresOf(this.#host, this.name);
  }

  /** Finds the programs, makes directories and the supervisors' cgroup, and watches for exits. Problem `unavailable` with what to install. */
  static async open(options: CrunRuntimeOptions): Promise<CrunRuntime> {
    const [binaries, host, cgroups] = await Promise.all([
      findRuntimeBinaries({
        clock: options.clock,
        candidates: options.candidates ?? (await preferredRuntimes(options.logger)),
      }),
      openSecurityModules(options).then(readHostFacts),
      Cgroups.open(options.clock),
    ]);
    const paths = new RuntimePaths(options.runDirectory);
    await paths.make();
    const runtimePath = await sealBinary(binaries.runtimePath, binaries.name, options.runDirectory);
    const runtime = new CrunRuntime(options, { ...binaries, runtimePath }, host, cgroups);
    await cgroups.makeSupervisorGroup(supervisorGroup(options.cgroupRoot));
    const { clock, logger } = options;
    await removeHalfMade(runtime, { ids: await runtime.#ids(), bundle: (id) => paths.bundle(id), clock, logger });
    runtime.#exits.start();
    for (const { id } of await runtime.list()) await runtime.#watchSupervisor(id);
    return runtime;
  }

  async create(spec: ContainerSpec, signal: AbortSignal): Promise<CreatedContainer> {
    checkContainerId(spec.id);
    if (signal.aborted) throw Problem.from(signal.reason);
    this.#cgroups.expectMove();
    const config = await prepareConfig(withTerminationFile(spec), {
      host: this.#host,
      limits: this.#options.limits ?? defaultRuntimeLimits,
      seccompDirectory: this.#options.seccompDirectory,
      initProgram: this.initProgram,
    });
    await makeBundle(this.#paths.bundle(spec.id), spec.id);
    await this.#make(spec, config, signal).catch(async (thrown: unknown) => {
      // Left there it would stand in the way of every later try.
      await this.remove(spec.id).catch((failure: unknown) =>
        this.#options.logger.warn(
          { container: spec.id, error: failure },
          "cannot clean up a container that was not created",
        ),
      );
      throw thrown;
    });
    const notes = limitNotes(spec, this.#host);
    return { ...(await this.#existing(spec.id)), ...(notes.length > 0 && { notes }) };
  }

  async #make(spec: ContainerSpec, config: OciConfig, signal: AbortSignal): Promise<void> {
    const { faults } = this.#options;
    const bundle = this.#paths.bundle(spec.id);
    await faults?.at("container:bundle");
    const { users } = spec.sandbox;
    const { runtimePath } = this.#binaries;
    const staged = users && (await stage(config, spec, users, { bundle, runtimePath }));
    const placed = staged?.config ?? config;
    const written = this.name === "crun" ? this.#filters.attachTo(placed) : placed;
    writeInMemory(join(bundle, "config.json"), toOciJson(written), 0o600);
    await faults?.at("container:config");
    await mkdir(dirname(spec.logPath), { recursive: true, mode: 0o700 });
    const { id, logPath, terminal, stdin, stdinOnce } = spec;
    const pid = await createWithConmon(
      { id, bundle, logPath, terminal, stdin, stdinOnce },
      {
        binaries: staged ? { ...this.#binaries, runtimePath: staged.starter } : this.#binaries,
        stateDirectory: this.#paths.state,
        exitDirectory: this.#paths.exits,
        clock: this.#options.clock,
        timeoutMs: createTimeoutMs,
        place: async (supervisor) => {
          await this.#cgroups.moveSupervisor(supervisorGroup(this.#options.cgroupRoot), supervisor);
          await faults?.at("container:supervisor");
        },
      },
      signal,
    );
    if (users) await unstage(spec.sandbox.directory, spec.id);
    await faults?.at("container:created");
    const process = await identifyProcess(pid);
    if (process) await writeRecord(bundle, { id, ...process, startedAtMs: undefined });
    await faults?.at("container:record");
    await this.#watchSupervisor(id);
  }

  async start(id: string): Promise<ContainerObservation> {
    const { faults } = this.#options;
    const bundle = this.#paths.bundle(id);
    const record = await readRecord(bundle);
    if (!record) throw notFound(id);
    if (this.name !== "crun" || !releaseFifo(startFifo(id, this.#paths))) await this.#runtime("start", [id]);
    await faults?.at("container:released");
    await writeRecord(bundle, { ...record, startedAtMs: this.#options.clock.nowMs() });
    await faults?.at("container:start-record");
    return this.#existing(id);
  }

  async kill(id: string, signal: number): Promise<void> {
    const record = await readRecord(this.#paths.bundle(id));
    if (record && signal !== sigkill) await untilInitTakes(record.pid, signal, this.#options.clock);
    const isThere = record !== undefined && (await signalProcess(record, signal));
    if (signal !== sigkill) return;
    // On version 1 what is frozen dies no sooner than it goes on.
    await this.#cgroups.thaw(this.#cgroupOf(id));
    // Where processes are shared, those it started outlive it, and its supervisor waits for the output that they hold open.
    if (record && !isThere) await this.#cgroups.killAll(this.#cgroupOf(id));
  }

  describe(id: string): Promise<RuntimeDetails | undefined> {
    return describeBundle(this.#paths.bundle(id), { name: this.name, version: this.version });
  }

  processes(id: string): Promise<ReadonlySet<number>> {
    return this.#cgroups.processes(this.#cgroupOf(id));
  }

  async pause(id: string): Promise<ContainerObservation> {
    if ((await this.#existing(id)).state !== "running") throw new Problem("conflict", `container ${id} is not running`);
    await this.#cgroups.freeze(this.#cgroupOf(id));
    return this.#existing(id);
  }

  async resume(id: string): Promise<ContainerObservation> {
    await this.#cgroups.thaw(this.#cgroupOf(id));
    return this.#existing(id);
  }

  async remove(id: string): Promise<void> {
    const { faults } = this.#options;
    const bundle = this.#paths.bundle(id);
    this.#supervisors.forget(id);
    this.#memoryKills.forget(id);
    const record = await readRecord(bundle);
    if (record) await signalProcess(record, sigkill);
    await faults?.at("container:killed");
    await this.#endSupervisor(id, bundle);
    await faults?.at("container:supervisor-ended");
    await this.#cgroups.remove(this.#cgroupOf(id));
    await unstage(this.#paths.sandbox(checkContainerId(id).podUid), id);
    await faults?.at("container:cgroup-removed");
    // Nothing of it runs any more: what `delete` would do is to forget it.
    // Few files in memory: one call here is quicker than many in other threads.
    rmSync(join(this.#paths.state, id), { recursive: true, force: true });
    rmSync(bundle, { recursive: true, force: true });
    await faults?.at("container:bundle-removed");
    unlinkInMemory(this.#paths.exitFile(id));
    removeTerminationFile(this.#paths.sandbox(checkContainerId(id).podUid), id);
  }

  #watchSupervisor(id: string): Promise<void> {
    const bundle = this.#paths.bundle(id);
    this.#memoryKills.watch(id);
    return this.#supervisors.watch(id, {
      supervisor: () => findSupervisor(bundle),
      process: () => readRecord(bundle),
      hasExited: () => statInMemory(this.#paths.exitFile(id)) !== undefined,
    });
  }

  /**
   * Kills what runs in the container until its supervisor has ended, which writes the exit file last: removed before that, the file would
   * come back. In a creation that was called off processes may still appear meanwhile.
   */
  async #endSupervisor(id: string, bundle: string): Promise<void> {
    const { clock } = this.#options;
    const deadlineMs = clock.monotonicMs() + supervisorGoneTimeoutMs;
    for (let waitMs = supervisorEndsWithinMs; ; ) {
      const supervisor = await findSupervisor(bundle);
      // What it left is killed with the cgroup.
      if (!supervisor || (await endsWithin(supervisor, waitMs, clock))) return;
      await this.#cgroups.killAll(this.#cgroupOf(id));
      if (clock.monotonicMs() > deadlineMs) throw new Problem("timeout", "conmon does not end after its container has");
      waitMs = Math.min(waitMs * 2, 100);
    }
  }

  async list(): Promise<readonly ContainerObservation[]> {
    const found = await Promise.all((await this.#ids()).map((id) => this.inspect(id)));
    return found.filter((observation) => observation !== undefined);
  }

  async #ids(): Promise<readonly string[]> {
    return (await readdir(this.#paths.containers)).filter((name) => parseContainerId(name));
  }

  async inspect(id: string): Promise<ContainerObservation | undefined> {
    return observeContainer(id, this.#sources);
  }

  onMemoryKill(handler: (kill: MemoryKill) => void): () => void {
    return this.#memoryKills.onKill(handler);
  }

  onExit(handler: (id: string) => void): () => void {
    return this.#exits.onExit(handler);
  }

  holdProcesses(sandbox: Sandbox): Promise<string> {
    const { clock, faults } = this.#options;
    return holdProcesses(sandbox, {
      binaries: this.#binaries,
      host: this.#host,
      cgroups: this.#cgroups,
      clock,
      faults,
    });
  }

  async exec(id: string, options: ExecOptions, signal: AbortSignal): Promise<ExecSession> {
    this.#cgroups.expectMove();
    if ((await this.inspect(id))?.state !== "running") {
      throw new Problem("conflict", "the container is not running", { object: `Container ${id}`, retry: "later" });
    }
    const target = {
      ...{ id, bundle: this.#paths.bundle(id), stateDirectory: this.#paths.state },
      ...{ runtime: this.name, runtimePath: this.#binaries.runtimePath, clock: this.#options.clock },
    };
    return execInContainer(target, options, signal);
  }

  async attach(id: string, streams: ContainerStreams): Promise<AttachSession> {
    const state = (await this.inspect(id))?.state;
    if (state === undefined || state === "exited") {
      throw new Problem("conflict", "the container has ended", { object: `Container ${id}`, retry: "later" });
    }
    return attachToContainer(this.#paths.bundle(id), streams);
  }

  /** Has the writer of the container's log open its path anew; for log rotation. False when it has ended. */
  async reopenLog(id: string): Promise<boolean> {
    return reopenLog(this.#paths.bundle(id));
  }

  async close(): Promise<void> {
    this.#supervisors.close();
    this.#memoryKills.close();
    this.#exits.close();
  }

  get #sources(): StateSources {
    return { paths: this.#paths, cgroups: this.#cgroups, cgroupOf: (id) => this.#cgroupOf(id) };
  }

  #cgroupOf(id: string): string {
    return `${podCgroup(this.#options.cgroupRoot, checkContainerId(id).podUid)}/${id}`;
  }

  async #existing(id: string): Promise<ContainerObservation> {
    const found = await this.inspect(id);
    if (!found) throw notFound(id);
    return found;
  }

  async #runtime(command: string, args: readonly string[]): Promise<void> {
    const { runtimePath, name } = this.#binaries;
    const { code, stderr } = await run(runtimePath, ["--root", this.#paths.state, command, ...args], {
      clock: this.#options.clock,
      timeoutMs: commandTimeoutMs,
    });
    if (code === 0) return;
    if (/does not exist|not found/.test(stderr)) throw notFound(args.at(-1) ?? "");
    throw new Problem("internal", `${name} ${command} failed: ${runtimeReason(stderr)}`);
  }
}

function notFound(id: string): Problem {
  return new Problem("not-found", `there is no container ${id}`);
}
