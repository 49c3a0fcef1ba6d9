/** The Node this agent stands for: built once, sent when one of its conditions changed. */
import type { Clock } from "#proto/kit/clock.ts";
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
  readonly clock: Clock;
}

export class NodeReport {
  readonly #options: NodeReportOptions;
  readonly #judge: NodeConditions;
  #pressures: Pressures;
  #troubles: Troubles = {};
  #conditions: readonly NodeCondition[] = [];
  #send: ((status: NodeStatus) => void) | undefined;
  #sent = "";

  constructor(options: NodeReportOptions) {
    this.#options = options;
    this.#pressures = options.pressures;
    this.#judge = new NodeConditions(options.eviction, options.programs);
    this.#reconsider();
  }

  /** For the hello of a session. */
  node(): Node {
    const { nodeName, labels, taints, machine } = this.#options;
    const status = this.status();
    this.#sent = JSON.stringify(status);
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
      status,
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

  /** Which foreign packet rules drop what pods send or get; undefined = none. */
  setForeignDrops(drops: string | undefined): void {
    this.#troubles = { ...this.#troubles, firewall: drops };
    this.#tell();
  }

  /** The session is up: what changed since its hello is sent. */
  connected(send: (status: NodeStatus) => void): void {
    this.#send = send;
    this.#tell();
  }

  disconnected(): void {
    this.#send = undefined;
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
