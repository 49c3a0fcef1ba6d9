/** The Node this agent stands for: built once, its conditions watched at a slow pace, sent when something changed. */
import type { Clock, Timer } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Node, NodeCondition, NodeStatus, Taint } from "#proto/resources/node.ts";
import type { NodeFeature } from "#proto/resources/node-features.ts";
import { fromBytes, fromMilliCpu } from "#proto/resources/quantity.ts";
import { amountOf, type EvictionSettings, levelsOf, type Pressures } from "../eviction/signals.ts";
import type { LayerStoreChoice } from "../images/layers/layer-store-kind.ts";
import { initProgramMissing } from "./init-program-condition.ts";
import type { ProgramVersion } from "./known-holes.ts";
import { layerStoreCondition } from "./layer-store-condition.ts";
import type { MachineFacts } from "./machine-facts.ts";
import { NodeConditions, type Troubles } from "./node-conditions.ts";

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
  readonly features: readonly NodeFeature[];
  readonly eviction: EvictionSettings;
  /** At the start; later ones come by `setPressures`. */
  readonly pressures: Pressures;
  /** Which foreign packet rules drop what pods send or get. */
  readonly foreignDrops: () => Promise<string | undefined>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** It runs a program. */
const firewallEveryMs = 60_000;

export class NodeReport {
  readonly #options: NodeReportOptions;
  readonly #judge: NodeConditions;
  #pressures: Pressures;
  #troubles: Troubles = {};
  #conditions: readonly NodeCondition[] = [];
  #send: ((status: NodeStatus) => void) | undefined;
  #sent = "";
  #timer: Timer | undefined;

  constructor(options: NodeReportOptions) {
    this.#options = options;
    this.#pressures = options.pressures;
    this.#judge = new NodeConditions(options.eviction, options.programs);
    this.#reconsider();
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
      capacity: this.#resources(milliCpu, memoryBytes, 0),
      allocatable: this.#resources(
        milliCpu - reserved.milliCpu,
        memoryBytes - reserved.memoryBytes - totalBytes(machine.hugePages),
        this.#keptFree(),
      ),
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
      features: { supplementalGroupsPolicy: true },
      declaredFeatures: [...this.#options.features],
    };
  }

  /** Of the disk: below it pods are evicted. */
  #keptFree(): number {
    const level = levelsOf(this.#pressures)["nodefs.available"];
    return Math.ceil(amountOf(this.#options.eviction.hard["nodefs.available"], level));
  }

  #resources(milliCpu: number, memoryBytes: number, diskKeptFree: number): Record<string, string> {
    const pages = [...this.#options.machine.hugePages].map(([size, count]): [string, string] => [
      `hugepages-${fromBytes(size)}`,
      fromBytes(size * count),
    ]);
    return {
      cpu: fromMilliCpu(milliCpu),
      memory: fromBytes(memoryBytes),
      pods: String(this.#options.maxPods),
      "ephemeral-storage": fromBytes(this.#pressures.disk.totalBytes - diskKeptFree),
      ...Object.fromEntries(pages),
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
    this.#timer = this.#options.clock.after(firewallEveryMs, () => void this.#check());
  }

  async #check(): Promise<void> {
    const { foreignDrops, logger } = this.#options;
    try {
      this.#troubles = { ...this.#troubles, firewall: await foreignDrops() };
    } catch (thrown) {
      logger.warn({ error: Problem.from(thrown).message }, "the machine's packet rules could not be read");
    }
    this.#tell();
    if (this.#send) this.#checkLater();
  }

  /** As looked at just now. */
  setPressures(pressures: Pressures): void {
    this.#pressures = pressures;
    this.#tell();
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

function totalBytes(hugePages: MachineFacts["hugePages"]): number {
  return [...hugePages].reduce((sum, [size, count]) => sum + size * count, 0);
}
