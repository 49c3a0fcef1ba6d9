/**
 * What happens on machines, where no API looks. Agents tell of it as they do it: a pod runs in one place, with an address of its own (I3, I11),
 * is ended only when it may be (I5), and the API says of it only what its own agent saw (I4).
 */
import type { Pod } from "#proto/resources/pod.ts";
import type { SimAgent } from "./sim-agent.ts";
import type { Truth } from "./truth.ts";

export interface MachinesOptions {
  readonly truth: Truth;
  readonly agents: () => readonly Pick<SimAgent, "name" | "containers">[];
  /** False: agents may be told what is no longer so, for their control plane's cache is wrong for a while. */
  readonly areToldTheTruth: boolean;
  readonly onViolation: (message: string) => void;
}

export class Machines {
  readonly #options: MachinesOptions;
  /** Uids of pods that were ready at some time, by node. */
  readonly #readyOn = new Map<string, string>();

  constructor(options: MachinesOptions) {
    this.#options = options;
  }

  isAboutToStart(node: string, pod: Pod, address: string): void {
    const { agents, truth, onViolation } = this.#options;
    const { uid = "", name } = pod.metadata;
    const stored = truth.list<Pod>("pods").find((one) => one.metadata.uid === uid);
    if (stored && stored.spec.nodeName !== node) onViolation(`${node} starts ${name} of ${stored.spec.nodeName}`);
    for (const agent of agents()) {
      if (agent.containers.has(uid)) onViolation(`${node} starts ${name}, which ${agent.name} runs already`);
      for (const other of agent.containers.values()) {
        if (other.address === address)
          onViolation(`${name} on ${node} gets ${address}, which ${other.pod.metadata.name} has`);
      }
    }
  }

  isAboutToStop(node: string, uid: string): void {
    const { truth, areToldTheTruth, onViolation } = this.#options;
    const pod = truth.list<Pod>("pods").find((one) => one.metadata.uid === uid);
    const isWanted = pod?.spec.nodeName === node && pod.metadata.deletionTimestamp === undefined;
    if (isWanted && areToldTheTruth)
      onViolation(`${node} ends a container of ${pod.metadata.name}, which nobody deleted`);
  }

  isReady(node: string, uid: string): void {
    this.#readyOn.set(uid, node);
  }

  /** The store says that it is ready. */
  saidReady({ metadata, spec }: Pod): void {
    const node = this.#readyOn.get(metadata.uid ?? "");
    if (node !== undefined && node === spec.nodeName) return;
    this.#options.onViolation(`${metadata.name} is called ready, which ${spec.nodeName} never said`);
  }

  /** Its object is taken away, by a cluster in which its node is well: then its containers have ended, in the time they were given (I6). */
  wasRemoved({ metadata, spec }: Pod): void {
    const agent = this.#options.agents().find(({ name }) => name === spec.nodeName);
    if (!agent?.containers.has(metadata.uid ?? "")) return;
    this.#options.onViolation(
      `${metadata.name} was taken out of the API while ${spec.nodeName}, which is well, still runs it`,
    );
  }
}
