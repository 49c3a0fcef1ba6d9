/** The Node this agent stands for: built once, its conditions watched at a slow pace, sent when something changed. */
import type { Clock, Timer } from "#proto/kit/clock.ts";
import type { Logger } from "#proto/kit/logger.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { Node, NodeStatus, Taint } from "#proto/resources/node.ts";
import { fromBytes, fromMilliCpu } from "#proto/resources/quantity.ts";
import { type MachineFacts, type Pressures, readPressures } from "./machine-facts.ts";
import { nodeConditions, type RuntimeFacts } from "./node-conditions.ts";

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
  readonly runtime: RuntimeFacts;
  readonly dataDirectory: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

const checkEveryMs = 30_000;

export class NodeReport {
  readonly #options: NodeReportOptions;
  #pressures: Pressures;
  #networkProblem: string | undefined;
  #send: ((status: NodeStatus) => void) | undefined;
  #sent = "";
  #timer: Timer | undefined;

  private constructor(options: NodeReportOptions, pressures: Pressures) {
    this.#options = options;
    this.#pressures = pressures;
  }

  static async open(options: NodeReportOptions): Promise<NodeReport> {
    return new NodeReport(options, await readPressures(options.dataDirectory));
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
    const { nodeName, version, machine, runtime, milliCpu, memoryBytes, maxPods, addresses } = this.#options;
    const resources = {
      cpu: fromMilliCpu(milliCpu),
      memory: fromBytes(memoryBytes),
      pods: String(maxPods),
      "ephemeral-storage": fromBytes(this.#pressures.diskTotalBytes),
    };
    return {
      capacity: resources,
      allocatable: resources,
      conditions: [...nodeConditions(this.#pressures, runtime, this.#networkProblem)],
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

  /** Why pods get no address here; undefined = they do. */
  setNetworkProblem(problem: string | undefined): void {
    this.#networkProblem = problem;
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
    const { dataDirectory, logger } = this.#options;
    try {
      this.#pressures = await readPressures(dataDirectory);
    } catch (thrown) {
      logger.warn({ error: Problem.from(thrown).message }, "the machine's pressures could not be read");
    }
    this.#tell();
    if (this.#send) this.#checkLater();
  }

  #tell(): void {
    if (!this.#send) return;
    const status = this.status();
    const text = JSON.stringify(status);
    if (text !== this.#sent) this.#send(status);
    this.#sent = text;
  }
}
