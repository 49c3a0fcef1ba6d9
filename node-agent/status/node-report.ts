/** The Node this agent stands for: built once, its conditions watched at a slow pace, sent when something changed. */
import type { Clock, Timer } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Node, NodeCondition, NodeStatus, Taint } from "#proto/resources/node.ts";
import { fromBytes, fromMilliCpu } from "#proto/resources/quantity.ts";
import type { LayerStoreChoice } from "../images/layers/layer-store-kind.ts";
import { initProgramMissing } from "./init-program-condition.ts";
import type { ProgramVersion } from "./known-holes.ts";
import { layerStoreCondition } from "./layer-store-condition.ts";
import type { MachineFacts } from "./machine-facts.ts";
import { NodeConditions, type PressureLimits, type Troubles } from "./node-conditions.ts";
import type { Pressures } from "./pressures.ts";

export interface NodeReportOptions {
  readonly nodeName: string;
  readonly version: string;
  readonly machine: MachineFacts;
  readonly addresses: readonly string[];
  readonly milliCpu: number;
  readonly memoryBytes: number;
  readonly maxPods: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** Of the above, kept from pods. */
  readonly reserved: { readonly milliCpu: number; readonly memoryBytes: number };
  readonly runtime: ProgramVersion;
  /** The runtime and what supervises it. */
  readonly programs: readonly ProgramVersion[];
  readonly layerStore: LayerStoreChoice;
  /** Whether containers can be given an init process. */
  readonly hasInitProgram: boolean;
  readonly limits: PressureLimits;
  readonly readPressures: () => Promise<Pressures>;
  /** Which foreign packet rules drop what pods send or get. */
  readonly foreignDrops: () => Promise<string | undefined>;
  /** Frees the disk of the images until so many bytes can be used, or nothing more may go. */
  readonly makeRoom: (bytes: number) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const checkEveryMs = 10_000;
/** Every so many checks: it runs a program. */
const firewallEvery = 6;
/** While the disk is full, images are looked through this often. */
const relieveEveryMs = 60_000;
/** Of the limit: enough for the pressure to end. */
const relievedAt = 1.3;

export class NodeReport {
  readonly #options: NodeReportOptions;
  readonly #judge: NodeConditions;
  #pressures: Pressures;
  #troubles: Troubles = {};
  #conditions: readonly NodeCondition[] = [];
  #checks = 0;
  #relievedAtMs = Number.NEGATIVE_INFINITY;
  #send: ((status: NodeStatus) => void) | undefined;
  #sent = "";
  #timer: Timer | undefined;

  private constructor(options: NodeReportOptions, pressures: Pressures) {
    this.#options = options;
    this.#pressures = pressures;
    this.#judge = new NodeConditions(options.limits, options.programs);
    this.#reconsider();
  }

  static async open(options: NodeReportOptions): Promise<NodeReport> {
    return new NodeReport(options, await options.readPressures());
  }

  node(): Node {
    const { nodeName, labels, taints, machine } = this.#options;
    return {
      apiVersion: "v1",
      kind: "Node",
      metadata: {
        name: nodeName,
        labels: {
          ...labels,
          "kubernetes.io/hostname": nodeName,
          "kubernetes.io/os": "linux",
          "kubernetes.io/arch": machine.architecture,
        },
      },
      ...(taints.length > 0 && { spec: { taints: [...taints] } }),
      status: this.status(),
    };
  }

  status(): NodeStatus {
    const { nodeName, version, machine, runtime, milliCpu, memoryBytes, reserved, addresses } = this.#options;
    return {
      capacity: this.#resources(milliCpu, memoryBytes),
      allocatable: this.#resources(milliCpu - reserved.milliCpu, memoryBytes - reserved.memoryBytes),
      conditions: [...this.#conditions],
      addresses: [
        ...addresses.map((address) => ({ type: "InternalIP", address })),
        { type: "Hostname", address: nodeName },
      ],
      nodeInfo: {
        machineID: machine.machineId,
        systemUUID: machine.systemUuid,
        bootID: machine.bootId,
        kernelVersion: machine.kernelVersion,
        osImage: machine.osImage,
        containerRuntimeVersion: `${runtime.name}://${runtime.version}`,
        kubeletVersion: version,
        operatingSystem: "linux",
        architecture: machine.architecture,
      },
    };
  }

  #resources(milliCpu: number, memoryBytes: number): Record<string, string> {
    return {
      cpu: fromMilliCpu(milliCpu),
      memory: fromBytes(memoryBytes),
      pods: String(this.#options.maxPods),
      "ephemeral-storage": fromBytes(this.#pressures.disk.totalBytes),
    };
  }

  get conditions(): readonly NodeCondition[] {
    return this.#conditions;
  }

  /** Whether a condition of this type holds, as last looked at. */
  hasCondition(type: string): boolean {
    return this.#conditions.some((condition) => condition.type === type && condition.status === "True");
  }

  /** Why pods get no address here; undefined = they do. */
  setNetworkProblem(problem: string | undefined): void {
    this.#troubles = { ...this.#troubles, network: problem };
    this.#tell();
  }

  /** The session is up and has told the status with its hello. */
  connected(send: (status: NodeStatus) => void): void {
    this.#send = send;
    this.#sent = JSON.stringify(this.status());
    this.#checkLater();
  }

  disconnected(): void {
    this.#send = undefined;
    this.#timer?.cancel();
  }

  #checkLater(): void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(checkEveryMs, () => void this.#check());
  }

  async #check(): Promise<void> {
    const { readPressures, foreignDrops, logger } = this.#options;
    try {
      this.#pressures = await readPressures();
      if (this.#checks++ % firewallEvery === 0) this.#troubles = { ...this.#troubles, firewall: await foreignDrops() };
    } catch (thrown) {
      logger.warn({ error: Problem.from(thrown).message }, "how this machine is could not be read");
    }
    this.#tell();
    this.#relieve();
    if (this.#send) this.#checkLater();
  }

  /** Pods are kept away already; what nobody needs of the images goes. */
  #relieve(): void {
    const { clock, makeRoom, limits, logger } = this.#options;
    const nowMs = clock.monotonicMs();
    if (!this.hasCondition("DiskPressure") || nowMs - this.#relievedAtMs < relieveEveryMs) return;
    this.#relievedAtMs = nowMs;
    const { bytes, share } = limits.minFreeImagesDisk;
    const wanted = Math.min(bytes, this.#pressures.imagesDisk.totalBytes * share) * relievedAt;
    makeRoom(wanted).catch((thrown: unknown) => {
      logger.warn({ error: Problem.from(thrown).message }, "images could not be removed to free the disk");
    });
  }

  /** The hold of a pressure counts from looks at it. */
  #reconsider(): void {
    const { clock, layerStore, hasInitProgram } = this.#options;
    const judged = this.#judge.judge(this.#pressures, this.#troubles, clock.monotonicMs());
    this.#conditions = [...judged, layerStoreCondition(layerStore), ...(hasInitProgram ? [] : [initProgramMissing])];
  }

  #tell(): void {
    this.#reconsider();
    if (!this.#send) return;
    const status = this.status();
    const text = JSON.stringify(status);
    if (text !== this.#sent) this.#send(status);
    this.#sent = text;
  }
}
