/** A host in memory, for tests of the agent above its ports: remembers what was made, outlives the agents on it, fails on request. */
import { PassThrough, type Readable } from "node:stream";
import type { Clock } from "#proto/kit/clock.ts";
import { Problem } from "#proto/kit/problem.ts";
import type { AgentFaults } from "../fault-points.ts";
import type { Image } from "../images/image-store.ts";
import type { NetworkAttachment } from "../network/pod-network.ts";
import { FakeMachine, FakeRuntime, FakeSandboxes } from "../runtime/fake-runtime.ts";
import type { HostPorts } from "./ports.ts";

export class FakeHost {
  readonly machine: FakeMachine;
  /** What is on this node, by reference. */
  readonly images = new Map<string, Image>();
  /** What a registry would give. */
  readonly registry = new Map<string, Image | Problem>();
  readonly rootfses = new Set<string>();
  readonly volumes = new Set<string>();
  readonly attachments = new Map<string, NetworkAttachment>();
  readonly logs = new Set<string>();
  readonly pulls: string[] = [];
  /** Thrown by the next call of that name. */
  readonly problems = new Map<string, Problem>();
  /** Pulls wait for it, when set. */
  pullGate: Promise<void> | undefined;
  #nextAddress = 2;

  constructor(clock: Clock) {
    this.machine = new FakeMachine(clock);
  }

  addImage(reference: string, config: Partial<Image["config"]> = {}): Image {
    const image = fakeImage(reference, config);
    this.registry.set(reference, image);
    return image;
  }

  get isEmpty(): boolean {
    const { machine, rootfses, volumes, attachments, logs } = this;
    const sizes = [machine.containers, machine.sandboxes, machine.holders, rootfses, volumes, attachments, logs].map(
      ({ size }) => size,
    );
    return sizes.every((size) => size === 0);
  }

  /** Of one agent. It passes the fault points that the real parts have, so that a test can walk them in memory. */
  ports(faults?: AgentFaults): HostPorts {
    return {
      runtime: new FakeRuntime(this.machine, faults),
      sandboxes: new FakeSandboxes(this.machine, faults),
      images: this.#images(),
      rootfs: {
        prepare: async (id) => {
          this.#fail("rootfs.prepare");
          await faults?.at("rootfs:directory");
          this.rootfses.add(id);
          await faults?.at("rootfs:mounted");
          return `/fake/rootfs/${id}`;
        },
        remove: async (id) => {
          await faults?.at("rootfs:unmounted");
          this.rootfses.delete(id);
          await faults?.at("rootfs:in-trash");
        },
        purge: async () => undefined,
        list: async () => [...this.rootfses],
        describe: async () => undefined,
      },
      volumes: {
        prepare: async (pod) => {
          this.#fail("volumes.prepare");
          this.volumes.add(pod.metadata.uid ?? "");
          for (const _ of pod.spec.volumes ?? []) await faults?.at("volumes:one-made");
          return (pod.spec.volumes ?? []).map(({ name }) => ({ name, path: `/fake/volumes/${name}`, readOnly: false }));
        },
        refresh: async () => undefined,
        subPath: async (_, volume, subPath) => `${volume.path}/${subPath}`,
        remove: async (uid) => {
          this.#fail("volumes.remove");
          await faults?.at("volumes:unmounted");
          this.volumes.delete(uid);
        },
        list: async () => [...this.volumes],
      },
      network: this.#network(faults),
      logs: this.#logs(),
    };
  }

  #fail(name: string): void {
    const problem = this.problems.get(name);
    this.problems.delete(name);
    if (problem) throw problem;
  }

  #images(): HostPorts["images"] {
    return {
      find: async (reference) => this.images.get(nameOf(reference)),
      resolve: async (reference) => {
        const found = this.registry.get(reference) ?? new Problem("not-found", `no image ${reference}`);
        if (found instanceof Problem) throw found;
        return found.digest;
      },
      pull: async (name, _, signal) => {
        const reference = nameOf(name);
        this.pulls.push(reference);
        await this.pullGate;
        signal.throwIfAborted();
        const found = this.registry.get(reference) ?? new Problem("not-found", `no image ${reference}`);
        if (found instanceof Problem) throw found;
        this.images.set(reference, found);
        return found;
      },
      load: async () => [],
      push: async (name) => ({ name, digest: "" }),
      list: async () => [...this.images.values()],
      remove: async (reference) => void this.images.delete(reference),
      close: async () => undefined,
    };
  }

  #network(faults?: AgentFaults): HostPorts["network"] {
    return {
      setUp: async () => undefined,
      attach: async ({ uid }) => {
        this.#fail("network.attach");
        const known = this.attachments.get(uid);
        if (known) return known;
        const addresses = [`10.128.1.${this.#nextAddress++}/24`];
        await faults?.at("network:link");
        await faults?.at("network:configured");
        const attachment = { podUid: uid, addresses, gateway: "10.128.1.1", dns: [] };
        this.attachments.set(uid, attachment);
        await faults?.at("network:label");
        return attachment;
      },
      detach: async (uid) => {
        this.attachments.delete(uid);
        await faults?.at("network:link-removed");
      },
      list: async () => [...this.attachments.values()],
      dial: async () => new PassThrough(),
    };
  }

  #logs(): HostPorts["logs"] {
    return {
      pathFor: (uid, container, attempt) => {
        this.logs.add(uid);
        return `/fake/logs/${uid}/${container}/${attempt}.log`;
      },
      read: (): Readable => new PassThrough().end("log\n"),
      ended: () => undefined,
      prune: async () => undefined,
      remove: async (uid) => void this.logs.delete(uid),
      readGone: () => Promise.reject(new Problem("not-found", "nothing is kept here")),
      list: async () => [...this.logs],
    };
  }
}

/** Without the digest: here a name has one content. */
const nameOf = (reference: string): string => reference.split("@", 1)[0] ?? reference;

export function fakeImage(reference: string, config: Partial<Image["config"]> = {}): Image {
  return {
    digest: `sha256:${"0".repeat(60)}${reference.length.toString(16).padStart(4, "0")}`,
    id: `sha256:${"1".repeat(64)}`,
    names: [reference],
    config: {
      user: "",
      env: [],
      entrypoint: ["/app"],
      command: [],
      workingDirectory: "/",
      stopSignal: undefined,
      volumes: [],
      labels: {},
      ...config,
    },
    sizeBytes: 1_000,
    diffIds: [],
  };
}
